"""The bureau's own papers (文书), for their enterprise and the staff in scope; what the city does with one."""

import base64

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, register_converter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enterprises.rights import is_applicant

from ..forms.documents import DocumentEventForm
from ..models import Document
from ..paperwork import NUMBER, spaced
from ..services.document_events import happen, may_change, possible_events, standing_of
from ..services.rendering import file_of
from .access import View, account_of, for_those_who
from .answers import answered
from .certificates import certificate, pdf

signed_in = for_those_who(lambda account: True)


class DocumentNumber:
    """The number of a paper of the bureau's own; certificates of other bodies have other numbers."""

    regex = NUMBER.pattern

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DocumentNumber, "document")


def document_in_sight(request: HttpRequest, number: str) -> Document:
    rows = Document.objects.visible_to(account_of(request)).with_file()
    return get_object_or_404(rows, number=number)


@signed_in
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, document_number: str) -> HttpResponse:
    row, account, now = document_in_sight(request, document_number), account_of(request), timezone.now()
    possible = possible_events(row, on=timezone.localdate(now)) if may_change(row, account) else ()
    form = DocumentEventForm(request.POST if request.method == "POST" else None, possible)
    kept: list[Document] = []
    if form.is_bound and form.attempt(lambda: kept.append(happen(row, **form.asked(), actor=account, at=now))):
        messages.success(request, _("已记入台账。"))
        return redirect("document", kept[0].number)
    stands, since = standing_of(row, on=timezone.localdate(now))
    shown = {
        "document": row,
        "events": row.events.select_related("actor"),
        "code": spaced(row.code),
        "address": f"{settings.SITE_BASE_URL}/verify/{row.code}/",
        "standing": stands,
        "since": since,
        "form": form if possible or form.is_bound else None,
        "names_people": not is_applicant(account),
    }
    return render(request, "documents/one.html", shown, status=form.status)


@signed_in
@answered
@require_safe
def document_file(request: HttpRequest, document_number: str) -> HttpResponse:
    """The PDF, as an attachment, with the digest under which it is on record."""
    row = document_in_sight(request, document_number)
    return pdf_answer(row, file_of(row))


def pdf_answer(row: Document, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{row.number}.pdf"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(row.sha256)).decode()}:"
    return response


def own_or_other(own: View, other: View) -> View:
    """One address for two kinds of number: what the bureau did not issue is another body's certificate."""

    def either(request: HttpRequest, document_number: str) -> HttpResponseBase:
        if Document.objects.filter(number=document_number).exists():
            return own(request, document_number=document_number)
        return other(request, certificate_number=document_number)

    return either


urlpatterns = [
    path("certificates/<document:document_number>/", own_or_other(document, certificate), name="document"),
    path("certificates/<document:document_number>/pdf/", own_or_other(document_file, pdf), name="document-file"),
]
