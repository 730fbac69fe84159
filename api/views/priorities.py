"""Priorities: recorded, ended, corrected, annulled; which an enterprise has on a day. The pages' own services."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from certification.inputs.priority_rows import (
    FILTERS,
    kinds,
    priorities_matching,
    priority_state,
    visible_priorities,
    with_file,
)
from certification.inputs.priority_stated import StatedPriority
from certification.inputs.stating import stated
from certification.parameters import day
from certification.services.priorities import (
    PRIORITY,
    correct_priority,
    end_priority,
    priorities_of,
    record_priority,
)

from ..answers import inputs
from ..base import today
from ..idempotency import once
from ..operations import Operation, signed_in
from ..pagination import PAGING, ordering, orders, paged, whole
from ..shapes.base import page_of
from ..shapes.inputs import (
    HeldPriorityShape,
    NewPriorityForm,
    PriorityCorrectionForm,
    PriorityEndForm,
    PriorityKindShape,
    PriorityRowShape,
    PriorityShape,
)
from .fact_views import (
    ApiView,
    FactAnnulment,
    FactDetail,
    FactPaper,
    FactPapers,
    FactView,
    act_of,
    annulled,
    corrected,
    enterprise_seen,
    keeps,
    one,
)

ORDERS = dict(reversed(orders("id").items()))
TAG = "priorities"


class PriorityView(FactView):
    """Base of what is asked of one priority."""

    tag = TAG
    kind = PRIORITY
    at = "priorities"

    def rows(self, request: Request) -> "QuerySet[Any]":
        return with_file(visible_priorities(request.user).annotate(state=priority_state(on=today())))

    def answer(self, row: Any) -> dict[str, Any]:
        return inputs.priority(row)


class PriorityList(PriorityView):
    """Priorities within the caller's scope."""

    operations = {
        "GET": Operation(signed_in, page_of(PriorityRowShape), query=(*FILTERS, ordering(ORDERS), *PAGING)),
        "POST": Operation(keeps, PriorityShape, body=NewPriorityForm, status=201, problems=(404, 409)),
    }

    def get(self, request: Request) -> Response:
        """The priorities that the caller may see, with how each stands on the day asked for."""
        rows = with_file(priorities_matching(request.user, self.asked, on=today()))
        return paged(request, rows, self.asked, order=ORDERS[self.asked["ordering"]], shape=inputs.priority)

    @once
    def post(self, request: Request) -> Response:
        """Record a priority of an enterprise."""
        given = self.body(request)
        enterprise = enterprise_seen(request, given.pop("enterprise"))
        made = record_priority(enterprise, stated(given, StatedPriority), act_of(request))
        return self.answered(request, made, status=201)


class PriorityDetail(PriorityView, FactDetail):
    """One priority."""

    operations = one(PriorityShape)


class PriorityEnd(PriorityView):
    """The end of a priority."""

    operations = {"POST": Operation(keeps, PriorityShape, body=PriorityEndForm, problems=(404, 409))}

    @once
    def post(self, request: Request, number: int) -> Response:
        """It ends before its time, on a ground."""
        row, given = self.visible(request, number), self.body(request)
        return self.answered(request, end_priority(row, given["last_day"], act_of(request, given["annulment"])))


class PriorityCorrection(PriorityView):
    """Correcting a priority."""

    operations = corrected(PriorityShape, PriorityCorrectionForm)

    @once
    def post(self, request: Request, number: int) -> Response:
        """Annul what was recorded in error and record it anew, in one; the answer is the new one."""
        row, given = self.visible(request, number), self.body(request)
        act = act_of(request, given.pop("annulment"))
        return self.answered(request, correct_priority(row, stated(given, StatedPriority), act), status=201)


class PriorityAnnulment(PriorityView, FactAnnulment):
    """Annulment of a priority."""

    operations = annulled(PriorityShape)


class PriorityPapers(PriorityView, FactPapers):
    """Documents of a priority."""


class PriorityPaperFile(PriorityView, FactPaper):
    """A document of a priority."""


class PrioritiesHeld(ApiView):
    """What an enterprise has on a day."""

    tag = TAG
    operations = {
        "GET": Operation(signed_in, page_of(HeldPriorityShape), query=(day("on", "The day; today if not given"),)),
    }

    def get(self, request: Request, uscc: str) -> Response:
        """Its priorities on a day, high-tech status included."""
        row, on = enterprise_seen(request, uscc), self.asked["on"] or today()
        names = {kind.pk: kind for kind in kinds()}
        return whole([inputs.held(each, names) for each in priorities_of([row.pk], on=on)[row.pk]])


class PriorityKinds(ApiView):
    """The kinds of priority."""

    tag = TAG
    operations = {"GET": Operation(signed_in, page_of(PriorityKindShape))}

    def get(self, request: Request) -> Response:
        """All of them, those out of use too."""
        return whole([inputs.priority_kind(row) for row in kinds()])
