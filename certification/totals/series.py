"""A figure by month, with the planned line beside it."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Sum

from ..models import IndicatorVersion, Plan, Total
from ..models.plan import ComputedFrom, Reading
from .figures import NOTHING, planned, rate, sums_on
from .measures import ymd


@dataclass(frozen=True, slots=True)
class Point:
    """A month's end: the value then (None where nothing is counted), valid ones, and the planned value.

    `lapsed`: enterprises that count but hold nothing valid any more; only of the city and without an opening balance,
    of whose enterprises nobody knows how they stand.
    """

    month: str
    on: date
    value: Decimal | None
    valid_now: int | None
    planned: Decimal | None
    lapsed: int | None = None


def series(version: IndicatorVersion, plan: Plan, *, until: date, unit: str = "") -> list[Point]:
    """Month ends from the plan's start to the later of `until` and the plan's end.

    After `until` only the planned line goes on. With `unit`, the opening balance and the planned line,
    which are the city's, are left out.
    """
    changes = _changes(version.indicator.code, unit)
    months = sorted(month for month in changes)
    running = [0, 0, 0]
    points, taken = [], 0
    for on in month_ends(plan.starts_on, max(until, plan.ends_on)):
        shown = min(on, until)
        while taken < len(months) and months[taken] <= ymd(shown) // 100:
            running = [a + b for a, b in zip(running, changes[months[taken]], strict=True)]
            taken += 1
        points.append(_point(version, plan, on, running if on <= until else None, unit))
        if on > until and _same_month(on, until):
            # A month under way is counted to the day: what ends later in it has not ended yet.
            points[-1] = _point(version, plan, on, _on_day(version.indicator.code, until, unit), unit)
    return points


def month_ends(first: date, last: date) -> list[date]:
    """The last days of the months from `first`'s to `last`'s."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    ends = []
    for index in range(count):
        year, month = divmod(first.year * 12 + first.month - 1 + index, 12)
        ends.append(date(year, month + 1, monthrange(year, month + 1)[1]))
    return ends


def _same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


def _on_day(indicator: str, day: date, unit: str) -> list[int]:
    """Gained, valid and base at the end of a day."""
    cells = sums_on(day, [indicator]).get(indicator, {})
    chosen = [values for code, values in cells.items() if not unit or code == unit]
    gained, valid, base = (sum(column) for column in zip(NOTHING, *chosen, strict=True))
    return [gained, valid, base]


def _changes(indicator: str, unit: str) -> dict[int, list[int]]:
    rows = Total.objects.filter(indicator=indicator)
    if unit:
        rows = rows.filter(unit=unit)
    sums = rows.values("month").annotate(g=Sum("gained"), v=Sum("valid"), b=Sum("base"))
    return {row["month"]: [row["g"], row["v"], row["b"]] for row in sums}


def _point(version: IndicatorVersion, plan: Plan, on: date, running: list[int] | None, unit: str) -> Point:
    counted = version.computed_from == ComputedFrom.REGISTRY and version.reading != Reading.NONE
    value: Decimal | None = None
    if counted and running is not None:
        value = _value(version, running, unit)
    of_enterprises = counted and running is not None and version.reading == Reading.ENTERPRISES
    line = None if unit else planned(version, plan, on).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return Point(
        month=f"{on:%Y-%m}",
        on=on,
        value=value,
        valid_now=running[1] if of_enterprises and running else None,
        planned=line,
        lapsed=running[0] - running[1] if of_enterprises and running and not unit and version.opening is None else None,
    )


def _value(version: IndicatorVersion, running: list[int], unit: str) -> Decimal | None:
    if version.reading == Reading.COVERAGE:
        return rate(running[0], running[2], places=1) if running[2] else None
    return Decimal(running[0]) + (version.opening or 0 if not unit else 0)
