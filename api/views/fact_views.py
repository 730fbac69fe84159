"""What the endpoints of all kinds of dated fact share: one fact, its annulment, the files kept with it."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from certification.rights import may_keep_inputs
from certification.services.evidence import content_of
from certification.services.input_facts import Act, InputKind, annul, file_paper
from enterprises.identifiers import normalise_credit_code
from enterprises.models import Enterprise

from ..answers import inputs
from ..base import ApiView, created, now
from ..files import attachment
from ..idempotency import once
from ..operations import Operation, held_by, signed_in
from ..shapes.base import Form
from ..shapes.certificates import FileForm
from ..shapes.inputs import AnnulmentForm, FactShape, InputPaperShape
from .applications import FILES, MULTIPART_OVERHEAD

keeps = held_by(may_keep_inputs)


def enterprise_seen(request: Request, code: str) -> Enterprise:
    """The enterprise of a credit code, if the caller may see it."""
    return get_object_or_404(Enterprise.objects.visible_to(request.user), uscc=normalise_credit_code(code))


def act_of(request: Request, ground: str = "") -> Act:
    return Act(request.user, now(), ground)


class FactView(ApiView):
    """Base of what is asked of one fact."""

    kind: ClassVar[InputKind]
    at: ClassVar[str]

    def rows(self, request: Request) -> "QuerySet[Any]":
        """What the caller sees, as it stands today."""
        raise NotImplementedError

    def answer(self, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def visible(self, request: Request, number: int) -> Any:
        """The fact, if the caller may see it."""
        rows = self.rows(request).select_related("replaces", "replaced_by").prefetch_related("papers")
        return get_object_or_404(rows, ledger_number=number)

    def answered(self, request: Request, row: Any, *, status: int = 200) -> Response:
        """The fact as the caller now sees it."""
        body = inputs.full(self.visible(request, row.ledger_number), self.answer)
        return created(body, f"/api/v1/{self.at}/{row.ledger_number}/") if status == 201 else Response(body)


def one(shape: type[FactShape]) -> dict[str, Operation]:
    return {"GET": Operation(signed_in, shape)}


class FactDetail(FactView):
    """One fact."""

    def get(self, request: Request, number: int) -> Response:
        """The fact with the files kept with it, and what corrected it."""
        return self.answered(request, self.visible(request, number))


def corrected(shape: type[FactShape], body: type[Form]) -> dict[str, Operation]:
    return {"POST": Operation(keeps, shape, body=body, status=201, problems=(404, 409))}


def annulled(shape: type[FactShape]) -> dict[str, Operation]:
    return {"POST": Operation(keeps, shape, body=AnnulmentForm, problems=(404, 409))}


class FactAnnulment(FactView):
    """Annulment of a fact."""

    @once
    def post(self, request: Request, number: int) -> Response:
        """What was recorded in error never was; the row stays on file with the ground."""
        row, given = self.visible(request, number), self.body(request)
        return self.answered(request, annul(self.kind, row, act_of(request, given["annulment"])))


class FactPapers(FactView):
    """Files of a fact."""

    parser_classes = [MultiPartParser]
    max_body_bytes = settings.EVIDENCE_MAX_BYTES + MULTIPART_OVERHEAD
    operations = {"POST": Operation(keeps, InputPaperShape, body=FileForm, status=201, problems=(404, 409))}

    @once
    def post(self, request: Request, number: int) -> Response:
        """Keep a document or screenshot with the fact; the earlier ones stay on file."""
        row, given = self.visible(request, number), self.body(request)
        kept = file_paper(self.kind, row, given["file"], act_of(request))
        return created(inputs.paper(kept), f"/api/v1/{self.at}/{number}/papers/{kept.pk}/")


class FactPaper(FactView):
    """A file of a fact."""

    operations = {"GET": Operation(signed_in, OpenApiTypes.BINARY, problems=(409,), media=FILES)}

    def get(self, request: Request, number: int, key: UUID) -> HttpResponse:
        """The file as an attachment."""
        row = get_object_or_404(self.kind.paper, fact=self.visible(request, number), pk=key)
        return attachment(content_of(row), filename=row.filename, media_type=row.media_type)
