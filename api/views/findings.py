"""Findings (不符合项): all in sight, those of an application's round, one of them, and what is done about it."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from drf_spectacular.types import OpenApiTypes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from certification.findings import FILTERS, findings_matching
from certification.models import Application, Finding, FindingAnswer
from certification.services.findings import SETTLE, Found, answer_upload, raise_finding
from certification.services.kept_files import content_on_file
from enterprises.rights import is_applicant

from ..answers import findings
from ..base import ApiView, created, now
from ..files import attachment
from ..idempotency import once
from ..operations import Operation, held_by, signed_in
from ..pagination import PAGING, ordering, orders, paged
from ..shapes.base import page_of
from ..shapes.findings import FindingActionForm, FindingAnswerForm, FindingForm, FindingShape, RoundFindingsShape
from .applications import FILES, MULTIPART_OVERHEAD

ORDERS = dict(reversed(orders("id").items()))


def visible(request: Request, number: str) -> Finding:
    """The finding, if the caller may see it."""
    return get_object_or_404(findings.listed(Finding.objects.visible_to(request.user)), number=number)


class FindingList(ApiView):
    """Findings within the caller's scope."""

    tag = "findings"
    operations = {"GET": Operation(signed_in, page_of(FindingShape), query=(*FILTERS, ordering(ORDERS), *PAGING))}

    def get(self, request: Request) -> Response:
        """The findings that the caller may see, the newest first."""
        rows = findings.listed(findings_matching(request.user, self.asked))
        return paged(request, rows, self.asked, order=ORDERS[self.asked["ordering"]], shape=findings.shown)


class ApplicationFindings(ApiView):
    """The findings that an application's round is about."""

    tag = "findings"
    operations = {
        "GET": Operation(signed_in, RoundFindingsShape),
        "POST": Operation(signed_in, FindingShape, body=FindingForm, status=201, problems=(409,)),
    }

    def get(self, request: Request, number: str) -> Response:
        """Those raised in it, and those carried into it from earlier rounds: these are to be closed in it."""
        row = get_object_or_404(Application.objects.visible_to(request.user), number=number)
        return Response(findings.of_round(row, request.user))

    @once
    def post(self, request: Request, number: str) -> Response:
        """Raise a finding: the reviewer at whose level the application stands, or the city."""
        row = get_object_or_404(Application.objects.visible_to(request.user), number=number)
        made = raise_finding(row, Found(**self.body(request)), actor=request.user, at=now())
        return created(findings.shown(visible(request, made.number)), reverse("api-finding", args=[made.number]))


class FindingDetail(ApiView):
    """One finding."""

    tag = "findings"
    operations = {"GET": Operation(signed_in, FindingShape)}

    def get(self, request: Request, number: str) -> Response:
        """The finding with every answer to it."""
        return Response(findings.shown(visible(request, number)))


class FindingAnswers(ApiView):
    """Answering a finding."""

    tag = "findings"
    parser_classes = [MultiPartParser]
    max_body_bytes = settings.EVIDENCE_MAX_BYTES + MULTIPART_OVERHEAD
    operations = {
        "POST": Operation(held_by(is_applicant), FindingShape, body=FindingAnswerForm, status=201, problems=(409,))
    }

    @once
    def post(self, request: Request, number: str) -> Response:
        """Say what was done about it, with evidence (pdf, jpg, png, xlsx, docx); only while it is open."""
        row, given = visible(request, number), self.body(request)
        kept = answer_upload(row, text=given["text"], upload=given["file"], actor=request.user, at=now())
        body = findings.shown(visible(request, number))
        return created(body, reverse("api-finding-file", args=[kept.pk]))


class FindingActions(ApiView):
    """Closing a finding."""

    tag = "findings"
    operations = {"POST": Operation(signed_in, FindingShape, body=FindingActionForm, problems=(409,))}

    @once
    def post(self, request: Request, number: str) -> Response:
        """Close an answered finding or send the answer back: the reporting unit that handles it, or the city."""
        row, given = visible(request, number), self.body(request)
        SETTLE[given["action"]](row, reason=given["reason"], actor=request.user, at=now())
        return Response(findings.shown(visible(request, number)))


class FindingFile(ApiView):
    """The evidence of an answer."""

    tag = "findings"
    operations = {"GET": Operation(signed_in, OpenApiTypes.BINARY, problems=(409,), media=FILES)}

    def get(self, request: Request, key: UUID) -> HttpResponse:
        """The file as an attachment, unaltered since it was handed in (otherwise 409)."""
        row = get_object_or_404(FindingAnswer.objects.visible_to(request.user), pk=key)
        return attachment(content_on_file(row), filename=row.filename, media_type=row.media_type)


def routes() -> list[object]:
    return [
        path("findings/", FindingList.as_view()),
        path("applications/<application:number>/findings/", ApplicationFindings.as_view()),
        path("findings/<finding:number>/", FindingDetail.as_view(), name="api-finding"),
        path("findings/<finding:number>/answers/", FindingAnswers.as_view()),
        path("findings/<finding:number>/actions/", FindingActions.as_view()),
        path("finding-files/<uuid:key>/", FindingFile.as_view(), name="api-finding-file"),
    ]
