"""A page that strangers ask for very often: what stands around its content is rendered once in each language."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language

PLACE = "the-content-stands-here"
# Whoever has one of these has pages of their own: an account's header, a message that is shown once.
OWN_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")
_frames: dict[tuple[str, str | None], tuple[str, str, str]] = {}


def framed(request: HttpRequest, page: str, shown: dict[str, Any], *, status: int = HTTPStatus.OK) -> HttpResponse:
    """`page`.html, the content of which is `page`_body.html."""
    if any(name in request.COOKIES for name in OWN_COOKIES):
        return render(request, f"{page}.html", shown, status=status)
    first, before, after = _frame(request, page)
    content = render_to_string(f"{page}_body.html", shown)
    return HttpResponse("".join([first, get_token(request), before, content, after]), status=status)


def _frame(request: HttpRequest, page: str) -> tuple[str, str, str]:
    """What stands before the token of the header's form, before the content, and after it."""
    key = (page, get_language())
    if key not in _frames:
        whole = render_to_string(f"{page}.html", {"is_frame": True, "place": PLACE}, request)
        before, after = whole.split(PLACE)
        mark = 'name="csrfmiddlewaretoken" value="'
        first, _mark, rest = before.partition(mark)
        _frames[key] = (first + mark, rest[rest.index('"') :], after)
    return _frames[key]
