"""One indicator opened: its figure, its line by month, and the enterprises behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from .charts.trend import Curves, Trend, curves, trend
from .models import Application, IndicatorVersion, Plan, Span
from .totals.board import Board, first_day
from .totals.checkpoint import lag
from .totals.figures import Figure, enterprises_behind, figures
from .totals.series import Point, series


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator's course: its points and their chart (None where nothing is counted)."""

    figure: Figure
    points: tuple[Point, ...]
    chart: Trend | None
    curves: Curves | None = None

    @property
    def year_ends(self) -> list[Point]:
        """The last point of each year, and the last one known."""
        known = [point for point in self.points if point.value is not None]
        return [point for point in known if point.on.month == 12 or point is known[-1]]


@dataclass(frozen=True, slots=True)
class Drilldown:
    """An indicator on a day, in all units or one; `enterprises` are as many as `figure.gained`."""

    plan: Plan
    figure: Figure
    line: Line
    enterprises: "QuerySet[Span]"
    lag: int

    @property
    def first_day(self) -> date:
        return first_day(self.plan)


def lines(board: Board) -> list[Line]:
    """The courses of the indicators that the registry counts."""
    versions = {version.indicator.code: version for version in _versions(board.plan, board.as_of)}
    return [_line(figure, versions[figure.indicator], board.plan) for figure in board.computed]


def drilldown(plan: Plan, code: str, *, as_of: date, unit: str = "") -> Drilldown | None:
    """Open an indicator of the plan; None if the plan has none of this code."""
    version = _versions(plan, as_of).filter(indicator__code=code).first()
    if version is None:
        return None
    [figure] = figures(plan, as_of=as_of, unit=unit, indicators=[code])
    behind = enterprises_behind(code, as_of=as_of, unit=unit)
    rows = behind.select_related("achievement__application", "achievement__reporting_unit", "achievement__township")
    return Drilldown(plan, figure, _line(figure, version, plan, unit), rows, lag())


def _versions(plan: Plan, day: date) -> "QuerySet[IndicatorVersion]":
    return IndicatorVersion.objects.of_plan(plan.code).in_force(on=day)


def _line(figure: Figure, version: IndicatorVersion, plan: Plan, unit: str = "") -> Line:
    points = series(version, plan, until=figure.as_of, unit=unit) if figure.gained is not None else []
    return Line(figure, tuple(points), trend(points), curves(points))


def openable(spans: Iterable[Span], account: Any) -> set[int]:
    """The applications behind these rows that the account may open."""
    asked = [span.achievement.application_id for span in spans if span.achievement and span.achievement.application_id]
    return set(Application.objects.visible_to(account).filter(pk__in=asked).values_list("pk", flat=True))
