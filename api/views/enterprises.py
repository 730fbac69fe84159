"""Enterprises: the register within the caller's scope, and each one's file."""

from dataclasses import fields
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.queries import timeline
from certification.register import CERTIFIED_CHOICES, Wanted, enterprises_matching, high_tech
from certification.stages import STAGES
from enterprises.models import Enterprise, InnovationTier
from enterprises.querysets import EnterpriseQuerySet
from enterprises.rights import may_register_enterprise
from enterprises.services.changes import Changes, HighTechGrant, change_file
from enterprises.services.registration import Registration, register_enterprise

from ..answers import enterprises
from ..base import ApiView, created, now, today
from ..conditions import expected_version, tagged
from ..idempotency import once
from ..operations import Operation, held_by, signed_in
from ..pagination import PAGING, ordering, orders, paged, whole
from ..params import boolean, choice, code, text
from ..shapes.base import page_of
from ..shapes.enterprises import (
    EnterpriseChangeForm,
    EnterpriseRowShape,
    EnterpriseShape,
    RegistrationForm,
    TimelineEventShape,
)

ORDERS = orders("id", "uscc")
FILTERS = (
    text(
        "search",
        "Fragment of a present or past name, of its pinyin initials, or of the credit code; 2 characters or more",
    ),
    code("reporting_unit", "Reporting unit of today"),
    code("township", "Division of today"),
    choice("stage", "Stage that is in force today", list(STAGES)),
    boolean("is_high_tech", "High-tech enterprise today"),
    choice("innovation_tier", "Category of the Ten–Hundred–Thousand programme", InnovationTier.values),
    choice("certified", "National certification: in force, had once but no longer, never", CERTIFIED_CHOICES),
)
WANTED = [item.name for item in fields(Wanted)]


def visible(request: Request, uscc: str) -> Enterprise:
    """The enterprise, if the caller may see it."""
    return get_object_or_404(_whole(Enterprise.objects.visible_to(request.user)), uscc=uscc)


def _whole(rows: EnterpriseQuerySet) -> EnterpriseQuerySet:
    return rows.with_places().annotate(is_high_tech=high_tech(on=today()))


def file_of(request: Request, uscc: str) -> tuple[Enterprise, dict[str, Any]]:
    row = visible(request, uscc)
    return row, enterprises.full(row, to=request.user, on=today())


class EnterpriseList(ApiView):
    """The register."""

    tag = "enterprises"
    operations = {
        "GET": Operation(signed_in, page_of(EnterpriseRowShape), query=(*FILTERS, ordering(ORDERS), *PAGING)),
        "POST": Operation(
            held_by(may_register_enterprise),
            EnterpriseShape,
            body=RegistrationForm,
            status=201,
            problems=(409,),
            versioned=True,
        ),
    }

    def get(self, request: Request) -> Response:
        """The enterprises within the caller's scope."""
        wanted = Wanted(**{name: self.asked[name] for name in WANTED if self.asked[name] is not None})
        rows = enterprises.listed(enterprises_matching(request.user, wanted, on=today()))
        order = ORDERS[self.asked["ordering"]]
        return paged(request, rows, self.asked, order=order, shape=enterprises.with_wording())

    @once
    def post(self, request: Request) -> Response:
        """Register an enterprise; an applicant's account is bound to the one it registers."""
        made = register_enterprise(Registration(**self.body(request)), actor=request.user, at=now())
        row, body = file_of(request, made.uscc)
        return tagged(created(body, f"{request.path}{row.uscc}/"), row.version)


class EnterpriseDetail(ApiView):
    """The file of one enterprise."""

    tag = "enterprises"
    operations = {
        "GET": Operation(signed_in, EnterpriseShape, versioned=True),
        "PATCH": Operation(signed_in, EnterpriseShape, body=EnterpriseChangeForm, conditional=True, versioned=True),
    }

    def get(self, request: Request, uscc: str) -> Response:
        """The one-enterprise file (一企一档)."""
        row, body = file_of(request, uscc)
        return tagged(Response(body), row.version)

    def patch(self, request: Request, uscc: str) -> Response:
        """Change the file; every change keeps its before and after, its day and its ledger number."""
        row = visible(request, uscc)
        expected = expected_version(request, row)
        change_file(row, _changes(self.body(request)), actor=request.user, at=now(), expected_version=expected)
        # Not through `visible`: a move out of the caller's scope is answered like any other change.
        row = _whole(Enterprise.objects.all()).get(pk=row.pk)
        return tagged(Response(enterprises.full(row, to=request.user, on=today())), row.version)


def _changes(given: dict[str, Any]) -> Changes:
    grant = given.pop("high_tech", None)
    return Changes(
        since=given.pop("since", None),
        name=given.pop("name", ""),
        township=given.pop("township", ""),
        fields=given,
        high_tech=HighTechGrant(**grant) if grant else None,
    )


class EnterpriseTimeline(ApiView):
    """The timeline of one enterprise."""

    tag = "enterprises"
    operations = {"GET": Operation(signed_in, page_of(TimelineEventShape))}

    def get(self, request: Request, uscc: str) -> Response:
        """Every dated fact with its ledger number, newest first."""
        return whole([enterprises.event(found) for found in timeline(visible(request, uscc))])
