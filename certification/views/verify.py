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

from ..attested import Attested
from ..forms.documents import UploadedForm
from ..papers.seals import certificate_pem
from ..paperwork import plain_code, spaced
from ..services.guessing import TooOften, count_file, examined_file, looked_up
from .framed import framed

VERIFIED = "public/verified"


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
    return _page(request, form, examined=found, texts=in_texts(found.attested) if found.attested else {})


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
    code = plain_code(code)
    if found is None:
        return framed(request, VERIFIED, "never_issued", {"code": spaced(code[:40])}, status=HTTPStatus.NOT_FOUND)
    response = framed(request, VERIFIED, found.standing, {"code": code, **in_texts(found)})
    response["Link"] = f'<{reverse("api-verify", args=[code])}>; rel="alternate"; type="application/json"'
    return response


def in_texts(paper: Attested) -> dict[str, str]:
    """What a page says of a paper; days as they are written everywhere."""
    return {
        "title": paper.title,
        "holder": paper.holder,
        "number": paper.number,
        "issuing_body": paper.issuing_body,
        "issued_on": paper.issued_on.isoformat(),
        "valid_until": paper.valid_until.isoformat() if paper.valid_until else "",
        "since": paper.since.isoformat() if paper.since else "",
        "replaced_by": paper.replaced_by,
        "ledger_number": str(paper.ledger_number),
        "sha256": paper.sha256,
    }


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
