"""Applications: drafting, reading, evidence, and the moves that `allowed_actions` names."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from certification.caseload import FILTERS, applications_matching
from certification.models import Application, Evidence
from certification.papers.uploads import MEDIA_TYPES
from certification.services.applications import open_application, save_draft
from certification.services.door import Remark, move
from certification.services.evidence import attach_upload, content_of, take_off
from certification.services.rulebooks import rules_for
from enterprises.identifiers import normalise_credit_code
from enterprises.models import Account, Enterprise
from enterprises.rights import is_applicant

from ..answers import applications
from ..base import ApiView, created, now, today
from ..conditions import expected_version, tagged
from ..files import attachment
from ..idempotency import once
from ..operations import Operation, held_by, signed_in
from ..pagination import PAGING, ordering, orders, paged
from ..shapes.applications import (
    ActionForm,
    ApplicationForm,
    ApplicationRowShape,
    ApplicationShape,
    ContentForm,
    EvidenceShape,
    UploadForm,
)
from ..shapes.base import page_of

FILES = tuple(sorted(set(MEDIA_TYPES.values())))
MULTIPART_OVERHEAD = 64 * 1024
ORDERS = dict(reversed(orders("id").items()))


def visible(request: Request, number: str) -> Application:
    """The application, if the caller may see it."""
    return get_object_or_404(Application.objects.visible_to(request.user), number=number)


def answered(request: Request, number: str) -> Response:
    """The application as the caller now sees it, with its ETag."""
    body = applications.full(number, to=request.user, on=today())
    return tagged(Response(body), body["version"])


class ApplicationList(ApiView):
    """Applications within the caller's scope."""

    tag = "applications"
    operations = {
        "GET": Operation(signed_in, page_of(ApplicationRowShape), query=(*FILTERS, ordering(ORDERS), *PAGING)),
        "POST": Operation(
            held_by(is_applicant),
            ApplicationShape,
            body=ApplicationForm,
            status=201,
            problems=(404, 409),
            versioned=True,
        ),
    }

    def get(self, request: Request) -> Response:
        """The applications that the caller may see, the newest first."""
        found = applications_matching(request.user, self.asked, on=today())
        order = ORDERS[self.asked["ordering"]]
        shape = applications.row_on(today())
        return paged(request, applications.listed(found), self.asked, order=order, shape=shape)

    @once
    def post(self, request: Request) -> Response:
        """Start a draft for a stage, filled in as far as one likes."""
        given = self.body(request)
        uscc = normalise_credit_code(given["enterprise"])
        enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), uscc=uscc)
        row = _opened(enterprise, given, request.user)
        response = answered(request, row.number)
        response.status_code, response["Location"] = 201, f"{request.path}{row.number}/"
        return response


@transaction.atomic
def _opened(enterprise: Enterprise, given: dict[str, Any], account: Account) -> Application:
    """A draft with its content, or nothing."""
    row = open_application(enterprise, given["stage"], actor=account, at=now(), number=given.get("round", 0))
    if "fields" in given or "modules" in given:
        row = save_draft(row, fields=given.get("fields"), modules=given.get("modules"), actor=account, at=now())
    return row


class ApplicationDetail(ApiView):
    """One application."""

    tag = "applications"
    operations = {
        "GET": Operation(signed_in, ApplicationShape, versioned=True),
        "PATCH": Operation(signed_in, ApplicationShape, body=ContentForm, conditional=True, versioned=True),
    }

    def get(self, request: Request, number: str) -> Response:
        """The application with evidence, what is missing, and `allowed_actions` of the caller."""
        return answered(request, visible(request, number).number)

    def patch(self, request: Request, number: str) -> Response:
        """Fill in, in draft or while returned; only the keys of `fields` that are given change."""
        row, given = visible(request, number), self.body(request)
        expected = expected_version(request, row)
        save_draft(
            row,
            fields=given.get("fields"),
            modules=given.get("modules"),
            actor=request.user,
            at=now(),
            expected_version=expected,
        )
        return answered(request, number)


class ApplicationEvidence(ApiView):
    """Putting evidence on file."""

    tag = "applications"
    parser_classes = [MultiPartParser]
    max_body_bytes = settings.EVIDENCE_MAX_BYTES + MULTIPART_OVERHEAD
    operations = {"POST": Operation(held_by(is_applicant), EvidenceShape, body=UploadForm, status=201, problems=(409,))}

    @once
    def post(self, request: Request, number: str) -> Response:
        """Put a file (pdf, jpg, png, xlsx, docx) on file for one of the papers asked for."""
        row, given = visible(request, number), self.body(request)
        kept = attach_upload(row, requirement=given["requirement"], upload=given["file"], actor=request.user, at=now())
        body = applications.evidence(kept, rules_for(row, on=today()))
        return created(body, reverse("api-evidence-file", args=[kept.pk]))


class EvidenceFile(ApiView):
    """One file."""

    tag = "applications"
    operations = {
        "GET": Operation(signed_in, OpenApiTypes.BINARY, problems=(409,), media=FILES),
        "DELETE": Operation(held_by(is_applicant), None, status=204, problems=(409,)),
    }

    def get(self, request: Request, key: UUID) -> HttpResponse:
        """The file as an attachment, unaltered since it was put on file (otherwise 409)."""
        row = get_object_or_404(Evidence.objects.visible_to(request.user), pk=key)
        return attachment(content_of(row), filename=row.filename, media_type=row.media_type)

    def delete(self, request: Request, key: UUID) -> Response:
        """Take the file off the application, in draft or while returned; reviewers who saw it keep it."""
        row = get_object_or_404(Evidence.objects.visible_to(request.user), pk=key)
        take_off(row, actor=request.user, at=now())
        return Response(status=204)


class ApplicationActions(ApiView):
    """Moves."""

    tag = "applications"
    operations = {"POST": Operation(signed_in, ApplicationShape, body=ActionForm, conditional=True, versioned=True)}

    @once
    def post(self, request: Request, number: str) -> Response:
        """Make one of the `allowed_actions`; the answer is the application after it."""
        row, given = visible(request, number), self.body(request)
        move(
            row,
            given["action"],
            actor=request.user,
            at=now(),
            remark=Remark(given.get("comment", ""), given.get("defects", ())),
            expected_version=expected_version(request, row),
        )
        return answered(request, number)
