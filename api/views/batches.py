"""Batches: planned, opened, closed, their experts drawn, results made public, decided."""

from dataclasses import replace

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.exports.listings.panels import BATCH_FILTERS
from certification.models import Batch
from certification.services.batch_acts import act_on
from certification.services.batches import Plan, change_batch, plan_batch, plan_of
from enterprises.rights import may_run_batches

from ..answers import panels
from ..base import ApiView, created, now, today
from ..idempotency import once
from ..operations import Operation, held_by
from ..pagination import PAGING, ordering, orders, paged
from ..shapes.base import page_of
from ..shapes.panels import BatchActionForm, BatchChangeForm, BatchForm, BatchRowShape, BatchShape

NEWEST = dict(reversed(orders("id").items()))
runs = held_by(may_run_batches)


def visible(request: Request, code: str) -> Batch:
    return get_object_or_404(Batch.objects.visible_to(request.user).select_related("sheet"), code=code)


class BatchList(ApiView):
    """Batches."""

    tag = "batches"
    operations = {
        "GET": Operation(runs, page_of(BatchRowShape), query=(*BATCH_FILTERS, ordering(NEWEST), *PAGING)),
        "POST": Operation(runs, BatchShape, body=BatchForm, status=201, problems=(409,)),
    }

    def get(self, request: Request) -> Response:
        """The batches, the newest first."""
        narrowed = {name: self.asked[name] for name in ("stage", "state") if self.asked[name]}
        rows = Batch.objects.visible_to(request.user).filter(**narrowed).select_related("sheet")
        return paged(request, rows, self.asked, order=NEWEST[self.asked["ordering"]], shape=panels.batch_row)

    @once
    def post(self, request: Request) -> Response:
        """Plan a batch; it is applied for once it has been opened."""
        row = plan_batch(Plan(**self.body(request)), actor=request.user, at=now())
        return created(panels.batch(row, on=today()), f"{request.path}{row.code}/")


class BatchDetail(ApiView):
    """One batch."""

    tag = "batches"
    operations = {
        "GET": Operation(runs, BatchShape),
        "PATCH": Operation(runs, BatchShape, body=BatchChangeForm, problems=(409,)),
    }

    def get(self, request: Request, code: str) -> Response:
        """The batch with its applications, who evaluates them, results and notices."""
        return Response(panels.batch(visible(request, code), on=today()))

    def patch(self, request: Request, code: str) -> Response:
        """Put a planned batch down otherwise; once it is open it is fixed."""
        row = visible(request, code)
        change_batch(row, replace(plan_of(row), **self.body(request)), actor=request.user, at=now())
        return Response(panels.batch(visible(request, code), on=today()))


class BatchActions(ApiView):
    """Acts on a batch."""

    tag = "batches"
    operations = {"POST": Operation(runs, BatchShape, body=BatchActionForm, problems=(409,))}

    @once
    def post(self, request: Request, code: str) -> Response:
        """Do one of the `allowed_actions`; the answer is the batch after it."""
        row, given = visible(request, code), self.body(request)
        act_on(row, given["action"], comment=given["comment"], actor=request.user, at=now())
        return Response(panels.batch(visible(request, code), on=today()))
