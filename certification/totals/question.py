"""What a question about figures is about: plan, day, reporting unit, and how much the caller may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from enterprises.models import ReportingUnit
from enterprises.rights import may_read_monitor, monitored_unit

from ..errors import refuse
from ..models import IndicatorVersion, Plan
from ..parameters import choice, code, day
from .board import open_plan
from .figures import Figure, UnitFigure, check_day

QUESTION = (
    code("plan", "Plan (default: the one in progress)"),
    day("as_of", "Day of the figures, from the plan's opening day to today (default: today)"),
    code("reporting_unit", "Only this unit; for those who may read the monitor"),
)
BY_UNIT = choice("by", "Parts by reporting unit; for those who may read the monitor", ["reporting_unit"])


@dataclass(frozen=True, slots=True)
class Question:
    """A question that may be answered. `unit`: only this one, empty for the city; `own`: the caller's only unit."""

    plan: Plan
    as_of: date
    unit: str
    own: str
    in_detail: bool

    def version(self, indicator: str) -> IndicatorVersion:
        """The indicator as it is defined on the day."""
        rows = IndicatorVersion.objects.of_plan(self.plan.code).in_force(on=self.as_of)
        return get_object_or_404(rows, indicator__code=indicator)

    def parts(self, figure: Figure) -> tuple[UnitFigure, ...]:
        """The parts by unit that the caller may see."""
        if not self.in_detail:
            return ()
        only = self.unit or self.own
        return tuple(part for part in figure.units if not only or part.reporting_unit == only)


def question_of(account: Any, asked: Mapping[str, Any], *, today: date) -> Question:
    """The question that the values of QUESTION ask.

    Raises Refused for a plan or day that cannot be shown, PermissionDenied for units asked by who may not see them,
    Http404 for a unit outside the caller's scope.
    """
    plan = _plan(asked["plan"])
    as_of = asked["as_of"] or today
    check_day(plan, as_of, today=today)
    in_detail = bool(getattr(account, "is_authenticated", False)) and may_read_monitor(account)
    if (asked["reporting_unit"] or asked.get("by")) and not in_detail:
        raise PermissionDenied
    own = monitored_unit(account) if in_detail else ""
    return Question(plan, as_of, _unit(asked["reporting_unit"], own), own, in_detail)


def _plan(code: str | None) -> Plan:
    plan = Plan.objects.filter(pk=code).first() if code else open_plan()
    if plan is None:
        message = _("参数 plan 的值“{value}”不是已有的规划").format(value=code or "")
        remedy = _("可用的值：{choices}").format(choices=_("、").join(Plan.objects.values_list("pk", flat=True)))
        raise refuse("invalid", message, field="plan", remedy=remedy)
    return plan


def _unit(code: str | None, own: str) -> str:
    """The unit that was asked for; one outside the caller's scope is as good as none."""
    if not code:
        return ""
    if (own and code != own) or not ReportingUnit.objects.filter(pk=code).exists():
        raise Http404
    return code


def known_indicator(plan: Plan, code: str | None) -> list[str]:
    """The indicator to narrow to, as a list; empty for all."""
    if not code:
        return []
    if not plan.indicators.filter(code=code).exists():
        message = _("参数 indicator 的值“{value}”不是该规划的指标").format(value=code)
        remedy = _("指标代码见 /api/v1/plans/{plan}/indicators/").format(plan=plan.code)
        raise refuse("invalid", message, field="indicator", remedy=remedy)
    return [code]
