"""What every answer carries and how long a session lasts."""

import logging
import re
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext
from django.views.defaults import bad_request
from django_structlog.middlewares import RequestMiddleware

from api import problems
from enterprises.models.second_factor import SECOND_STEP_TAKEN
from enterprises.origin import Channel, coming_from
from enterprises.rights import needs_second_factor
from enterprises.services.trail import address_of

logger = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]

BROWSER_HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
SEEN, SINCE = "session_seen_at", "session_since"
SEEN_EVERY_SECONDS = 30


class BrowserHeaders:
    """Headers on every answer; stands outermost, so that errors and redirects have them too."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in BROWSER_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class SessionLimits:
    """Ends a session left idle (by role) and any session after its absolute age.

    What a signed-in person was shown is kept by no cache: after signing out, "back" shows nothing.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        if signed_in:
            self._limit(request)
        response = self.get_response(request)
        if signed_in and "Cache-Control" not in response.headers:
            patch_cache_control(response, no_store=True, private=True)
        return response

    def _limit(self, request: HttpRequest) -> None:
        now = int(time.time())
        kind = "applicant" if getattr(request.user, "role", "") == "applicant" else "staff"
        seen, since = request.session.get(SEEN, now), request.session.get(SINCE, now)
        if now - seen > settings.SESSION_IDLE_SECONDS[kind] or now - since > settings.SESSION_COOKIE_AGE:
            logout(request)
        elif SEEN not in request.session or now - seen >= SEEN_EVERY_SECONDS:
            request.session[SEEN], request.session[SINCE] = now, since


class PasswordFirst:
    """Someone whose password was set by another person chooses their own before anything else."""

    OPEN = ("/accounts/", "/i18n/", "/static/", "/health/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "must_change_password", False) and not request.path.startswith(self.OPEN):
            return redirect("password-change")
        return self.get_response(request)


class SecondStepFirst:
    """The staff sign in by two steps: whoever has no device yet sets one up before anything else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PasswordFirst.OPEN) or not request.user.is_authenticated:
            return self.get_response(request)
        if needs_second_factor(request.user) and not request.session.get(SECOND_STEP_TAKEN):
            return redirect("second-factor")
        return self.get_response(request)


class PlainAddress:
    """There is nothing at an address with control characters in it (PostgreSQL would not even look for a NUL)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if CONTROL.search(request.path) and not _is_api(request):  # the API says so in its own form
            raise Http404
        return self.get_response(request)


class ReadableBody:
    """A body without a stated length would be read as an empty one, and one that breaks off is none: refused."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "HTTP_TRANSFER_ENCODING" not in request.META or request.META.get("CONTENT_LENGTH"):
            return self.get_response(request)
        if _is_api(request):
            detail = gettext("请求须写明内容长度（Content-Length），不接受分块传输")
            return problems.as_json(problems.Problem(411, detail))
        return bad_request(request, BadRequest())

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return bad_request(request, exception) if isinstance(exception, UnreadablePostError) else None


class Busy:
    """A database that gave up waiting (SQLite while a large import is being written) is no fault: 503, come again."""

    AGAIN_AFTER_SECONDS = 10

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError):
            return None
        logger.error("database not available", exc_info=error)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = str(self.AGAIN_AFTER_SECONDS)
        return response


class Logged(RequestMiddleware):
    """A line in the log for each request, with the address that the web server saw, as throttles and the audit trail
    have it: what a client says of itself (X-Forwarded-For) is no address.
    """

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        structlog.contextvars.bind_contextvars(ip=address_of(request))


class WhereFrom:
    """What a request changes keeps through which door it came, and from which address."""

    DOORS = (("/api/", Channel.API), ("/admin/", Channel.ADMIN))

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        channel = next((door for start, door in self.DOORS if request.path.startswith(start)), Channel.PAGE)
        with coming_from(channel, address_of(request) or ""):
            return self.get_response(request)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


class ChosenLanguage:
    """Chinese unless another language was chosen: by the switch on the pages, for the API also by `Accept-Language`.

    On the pages the browser's own preference is not asked.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._asked_for(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie", "Accept-Language"] if _is_api(request) else ["Cookie"])
        return response

    def _asked_for(self, request: HttpRequest) -> str:
        if _is_api(request):
            return translation.get_language_from_request(request)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _ in settings.LANGUAGES}
        return chosen if chosen in known else settings.LANGUAGE_CODE
