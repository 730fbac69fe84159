"""What every answer carries and how long a session lasts."""

import re
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

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


class PlainAddress:
    """There is nothing at an address with control characters in it (PostgreSQL would not even look for a NUL)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if CONTROL.search(request.path) and not _is_api(request):  # the API says so in its own form
            raise Http404
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
