"""Plans, their indicators and outcomes: public."""

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.models import IndicatorVersion, OutcomeRow, Plan
from certification.totals.board import outcome

from ..answers import totals
from ..base import ApiView, today
from ..operations import Operation, anyone
from ..pagination import whole
from ..params import day
from ..shapes.base import page_of
from ..shapes.totals import IndicatorShape, OutcomeShape, PlanShape


class Plans(ApiView):
    """The plans."""

    tag = "plans"
    operations = {"GET": Operation(anyone, page_of(PlanShape))}

    def get(self, request: Request) -> Response:
        """The five-year plans."""
        return whole([totals.plan(row) for row in Plan.objects.all()])


class PlanIndicators(ApiView):
    """Indicators of a plan."""

    tag = "plans"
    operations = {
        "GET": Operation(
            anyone, page_of(IndicatorShape), query=(day("on", "Day whose definitions are asked for (default: today)"),)
        )
    }

    def get(self, request: Request, code: str) -> Response:
        """Targets, comparators, opening balances with their source, as defined on a day."""
        plan = get_object_or_404(Plan, pk=code)
        rows = IndicatorVersion.objects.of_plan(plan.code).in_force(on=self.asked["on"] or today())
        return whole([totals.indicator(row) for row in rows])


class PlanOutcome(ApiView):
    """Outcome of a plan."""

    tag = "plans"
    operations = {"GET": Operation(anyone, page_of(OutcomeShape))}

    def get(self, request: Request, code: str) -> Response:
        """The outcome table that the source prints, each completion rate computed anew beside the printed one."""
        plan = get_object_or_404(Plan, pk=code)
        rows = outcome(OutcomeRow.objects.filter(plan=plan))
        return whole([totals.outcome(order, row) for order, row in enumerate(rows, 1)])
