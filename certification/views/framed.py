"""A page that strangers ask for very often: rendered once for each language and form of it, with places left open.

What differs from answer to answer are plain texts; each is escaped and put into its place.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language

CSRF = "csrf_token"  # the hidden field of the header's form
# Whoever has one of these has pages of their own: an account's header, a message that is shown once.
OWN_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")
_PLACE = re.compile(r"PLACE_([a-z0-9_]+)_ENDS")
# In turn: what is the same in every answer, the name of the text that stands next, and so on.
_Frame = list[str]
_frames: dict[tuple[object, ...], _Frame] = {}


def framed(
    request: HttpRequest, page: str, form: str, texts: Mapping[str, str], *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """`page`.html, which knows `form` (one of a few words) and `texts`; of these it may ask whether one is empty."""
    if any(name in request.COOKIES for name in OWN_COOKIES):
        return render(request, f"{page}.html", {"form": form, "texts": texts}, status=status)
    frame = _frame(request, page, form, [name for name, text in texts.items() if text])
    filled = frame.copy()
    filled[1::2] = [get_token(request) if name == CSRF else escape(texts[name]) for name in frame[1::2]]
    return HttpResponse("".join(filled), status=status)


def _frame(request: HttpRequest, page: str, form: str, names: list[str]) -> _Frame:
    """The page with a place for each of these texts, cut at its places."""
    key = (page, get_language(), form, *names)
    if key not in _frames:
        places = {name: f"PLACE_{name}_ENDS" for name in [*names, CSRF]}
        shown = {"form": form, "texts": places, CSRF: places[CSRF]}
        _frames[key] = _PLACE.split(render_to_string(f"{page}.html", shown, request))
    return _frames[key]
