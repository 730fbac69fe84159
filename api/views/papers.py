"""What the addresses of certificates do where the number is that of a paper of the bureau's own."""

import base64

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from certification.document_life import ACTS
from certification.documents import FILTERS, documents_matching
from certification.errors import NotPossible, Refusal, Refused
from certification.models import Document
from certification.paperwork import NUMBER
from certification.services.document_events import happen
from certification.services.rendering import file_of

from ..answers import documents
from ..base import ApiView, created, now, today
from ..files import attachment
from ..pagination import Order, paged
from ..shapes.certificates import DocumentEventForm

PDF = "application/pdf"


def paper(request: Request, number: str) -> Document | None:
    """The paper of this number, if the caller may see it (404 if not); None: no paper of the bureau's."""
    if not NUMBER.fullmatch(number) or not Document.objects.filter(number=number).exists():
        return None
    return get_object_or_404(Document.objects.visible_to(request.user).with_file(), number=number)


def listed(view: ApiView, request: Request, order: Order) -> Response:
    """The papers that the caller may see, with how each stands today."""
    asked = {param.name: view.asked.get(param.name) for param in FILTERS}
    rows = documents_matching(request.user, asked, on=today()).with_file().prefetch_related("events")
    return paged(request, rows, view.asked, order=order, shape=documents.row_on(today()))


def shown(request: Request, row: Document, *, status: int = 200) -> Response:
    body = documents.full(row, to=request.user, on=today())
    return created(body, f"/api/v1/certificates/{row.number}/") if status == 201 else Response(body)


def changed(view: ApiView, request: Request, row: Document) -> Response:
    """The paper that holds from now on: the same, or the one that superseded it."""
    given = view.body(request, DocumentEventForm)
    kept = happen(row, ACTS[given["kind"]], ground=given["reason"], actor=request.user, at=now())
    return shown(request, Document.objects.with_file().get(pk=kept.pk), status=201)


def file(row: Document) -> HttpResponse:
    """The signed PDF, with the digest under which it is on record (409 while it is being made)."""
    answer = attachment(file_of(row), filename=f"{row.number}.pdf", media_type=PDF)
    answer["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(row.sha256)).decode()}:"
    return answer


def refuse_ours(request: Request, number: str) -> None:
    """What is done with a certificate of another body only."""
    if paper(request, number):
        message = _("“%(number)s”是本系统签发的文书，不登记扫描件和查询核对") % {"number": number}
        remedy = _("文件由系统生成，请下载；核验请用查验码")
        raise NotPossible([Refusal("own_paper", message, field="number", remedy=remedy)])


def only_of(issuer: str, view: ApiView, names: set[str]) -> None:
    """Refuse filters that say nothing about the list that is asked for."""
    strange = sorted(name for name in names if view.asked.get(name))
    if strange:
        told = [_refusal(name, str(view.asked[name]), issuer) for name in strange]
        raise Refused(told)


def _refusal(name: str, value: str, issuer: str) -> Refusal:
    message = _("参数 %(name)s=%(value)s 不适用于 issuer=%(issuer)s") % {"name": name, "value": value, "issuer": issuer}
    return Refusal("invalid", message, field=name, remedy=_("请去掉该参数，或换用另一 issuer"))
