"""Verification (查验), without a login: by the code on a paper, or of the PDF itself. Nothing personal.

Guessing is slowed down by address (services/guessing.py), together with the API.
"""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from enterprises.origin import origin
from ledger.notes import verifier_key

from ..forms.documents import UploadedForm
from ..papers.seals import certificate_pem
from ..paperwork import plain_code, spaced
from ..services.guessing import TooOften, count_file, examined_file, looked_up
from .framed import framed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Where a code is typed, or a PDF handed in."""
    if request.method == "POST":
        return _file(request)
    typed = plain_code(request.GET.get("code", ""))
    if typed:
        return redirect("verify-code", typed[:64].replace("/", "-"))
    return _page(request, UploadedForm())


def _file(request: HttpRequest) -> HttpResponse:
    try:
        count_file(origin().address)
    except TooOften as often:
        return _slowed(request, often.wait)
    form = UploadedForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.BAD_REQUEST)
    found = examined_file(form.cleaned_data["file"], on=timezone.localdate())
    return _page(request, form, examined=found)


def _page(request: HttpRequest, form: UploadedForm, *, status: int = HTTPStatus.OK, **shown: Any) -> HttpResponse:
    return render(request, "public/verify.html", {"form": form, "key": verifier_key(), **shown}, status=status)


@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What a paper's QR code opens."""
    try:
        found = looked_up(code, address=origin().address, on=timezone.localdate())
    except TooOften as often:
        return _slowed(request, often.wait)
    shown: dict[str, Any]
    if found is None:
        shown = {"standing": "never_issued", "code": spaced(plain_code(code)[:40])}
        return framed(request, "public/verified", shown, status=HTTPStatus.NOT_FOUND)
    code = plain_code(code)
    response = framed(request, "public/verified", {"attested": found, "standing": found.standing, "code": code})
    response["Link"] = f'<{reverse("api-verify", args=[code])}>; rel="alternate"; type="application/json"'
    return response


def _slowed(request: HttpRequest, wait: int) -> HttpResponse:
    response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(wait)
    return response


@require_safe
def authority_file(request: HttpRequest) -> HttpResponse:
    """The root certificate under which papers are signed."""
    response = HttpResponse(certificate_pem(), content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="signing-root.pem"'
    return response


urlpatterns = [
    path("verify/", verify, name="verify"),
    path("verify/authority.pem", authority_file, name="verify-authority"),
    path("verify/<str:code>/", verify_code, name="verify-code"),
]
