"""A page that takes a large file: what is too large is refused before any of it is read.

The check for forgery reads a form, and with it the file; so it comes after the look at the size that was announced.
"""

from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from ..errors import Refusal
from ..papers.uploads import megabytes
from .access import View

OVERHEAD = 64 * 1024  # of a form around its file


def sized(view: View) -> View:
    """Refuses with 413 what is announced as larger than an import may be; still protected against forgery."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.IMPORT_MAX_BYTES + OVERHEAD:
            return _too_large(request)
        return protected(request, *args, **kwargs)

    return guarded


def _too_large(request: HttpRequest) -> HttpResponse:
    message = _("文件超过 %(most)s MB，未予接收") % {"most": megabytes(settings.IMPORT_MAX_BYTES)}
    refusal = Refusal("file_too_large", message, field="file", remedy=_("请拆分为多个文件后分别导入"))
    shown = {"refusals": [refusal], "back": reverse("imports"), "is_person": False}
    return render(request, "applications/refused.html", shown, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
