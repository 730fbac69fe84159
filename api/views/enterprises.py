"""Enterprises: the register within the caller's scope, and each one's file."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.queries import timeline
from certification.register import FILTERS, enterprises_matching, high_tech, wanted_of
from enterprises.models import Enterprise
from enterprises.querysets import EnterpriseQuerySet
from enterprises.rights import may_register_enterprise
from enterprises.services.changes import Changes, HighTechGrant, change_file
from enterprises.services.registration import Registration, register_enterprise

from ..answers import enterprises
from ..base import ApiView, created, now, today
from ..conditions import expected_version, tagged
from ..idempotency import is_repeated, once
from ..operations import Operation, held_by, signed_in
from ..pagination import PAGING, ordering, orders, paged, whole
from ..shapes.base import page_of
from ..shapes.enterprises import (
    EnterpriseChangeForm,
    EnterpriseRowShape,
    EnterpriseShape,
    RegistrationForm,
    TimelineEventShape,
)

ORDERS = orders("id", "uscc")


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

    def was_answered(self, request: Request) -> bool:
        """An applicant may register an enterprise until it has one; whoever lost the answer asks again with its key."""
        return request.method == "POST" and is_repeated(request)

    def get(self, request: Request) -> Response:
        """The enterprises within the caller's scope."""
        found = enterprises_matching(request.user, wanted_of(self.asked), on=today())
        rows = enterprises.listed(found)
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
        row, given = visible(request, uscc), self.body(request)
        expected = expected_version(request, row)
        change_file(row, _changes(given), actor=request.user, at=now(), expected_version=expected)
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
