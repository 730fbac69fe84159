"""Figures for any day: read from the stored totals of months and days.

Definitions (docs/structure.md, "how is 500 counted"): `value = opening + gained`; `gained` equals the
number of enterprises that `enterprises_behind` lists; a completion rate is computed, rounded half up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from enterprises.models import ReportingUnit

from ..errors import refuse
from ..models import DayTotal, IndicatorVersion, Plan, Span, Total
from ..models.plan import Comparator, ComputedFrom, IndicatorKind, Reading
from ..models.totals import Aspect
from .measures import ymd

NOTHING = (0, 0, 0)
UnitSums = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """A figure's part in one reporting unit; the opening balance has no parts."""

    reporting_unit: str
    name: str
    name_en: str
    gained: int
    value: Decimal
    valid_now: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator on one day. Values are Decimals in `unit`; rates are per cent."""

    indicator: str
    name: str
    name_en: str
    category: str
    unit: str
    kind: str
    comparator: str
    target: Decimal
    target_max: Decimal | None
    opening: Decimal | None
    opening_on: date | None
    opening_source: str
    gained: int | None
    value: Decimal | None
    valid_now: int | None
    completion_rate: Decimal | None
    status: str
    projected: Decimal | None
    source: str
    computed_from: str
    reporter: str
    note: str
    as_of: date
    units: tuple[UnitFigure, ...] = field(default=())


def rate(actual: Decimal | int, target: Decimal | int, *, places: int = 0) -> Decimal:
    """`actual / target` in per cent, rounded half up, e.g. rate(7465, 2300) = 325."""
    quantum = Decimal(1).scaleb(-places)
    return (Decimal(actual) * 100 / Decimal(target)).quantize(quantum, rounding=ROUND_HALF_UP)


def check_day(plan: Plan, as_of: date, *, today: date) -> None:
    """Refuse a day before the plan (its opening day is the first) or after today."""
    first = plan.starts_on - timedelta(days=1)
    if as_of < first:
        raise refuse(
            "as_of_before_plan",
            _("查询日期 %(day)s 早于规划期（%(start)s 起）") % {"day": as_of, "start": plan.starts_on},
            field="as_of",
            remedy=_days_shown(first, today),
        )
    if as_of > today:
        raise refuse(
            "as_of_in_future",
            _("查询日期 %(day)s 晚于今天 %(today)s") % {"day": as_of, "today": today},
            field="as_of",
            remedy=_days_shown(first, today),
        )


def _days_shown(first: date, last: date) -> str:
    return _("请选择 %(first)s 至 %(last)s 之间的日期") % {"first": first, "last": last}


def figures(plan: Plan, *, as_of: date, unit: str = "", indicators: Iterable[str] = ()) -> list[Figure]:
    """The plan's indicators on a day, in its order; `unit` narrows the computed ones to one unit."""
    versions = IndicatorVersion.objects.of_plan(plan.code).in_force(on=as_of)
    wanted = list(indicators)
    if wanted:
        versions = versions.filter(indicator__code__in=wanted)
    found = list(versions)
    sums = sums_on(as_of, [version.indicator.code for version in found])
    units = list(ReportingUnit.objects.all())
    return [_figure(version, plan, as_of, sums.get(version.indicator.code, {}), units, unit) for version in found]


def sums_on(day: date, indicators: Sequence[str]) -> dict[str, UnitSums]:
    """indicator -> unit -> (gained, valid, base) of some indicators at the end of a day.

    Whole months come from the totals of the months, the day's own month from those of its days.
    """
    if not indicators:
        return {}
    values: list[str | int]
    month, last = divmod(ymd(day), 100)
    if len(indicators) == 1:
        sql, values = _ONE, [*indicators, month, *indicators, month, last]
    else:
        sql, values = _ALL.format(listed=", ".join(["%s"] * len(indicators))), [*indicators, month, last, month]
    sums: dict[str, UnitSums] = {code: {} for code in indicators}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for *whose, unit, gained, valid, base in cursor.fetchall():
            cells = sums.get(whose[0] if whose else indicators[0], {})
            before = cells.get(unit, NOTHING)
            cells[unit] = (before[0] + gained, before[1] + valid, before[2] + base)
    return {code: cells for code, cells in sums.items() if cells}


_CHANGES = "SUM(gained), SUM(valid), SUM(base)"
_ONE = f"""
SELECT unit, {_CHANGES} FROM {Total._meta.db_table} WHERE indicator = %s AND month < %s GROUP BY unit
UNION ALL
SELECT unit, {_CHANGES} FROM {DayTotal._meta.db_table} WHERE indicator = %s AND month = %s AND day <= %s GROUP BY unit
"""
# Of several indicators nearly all are asked for, as for a dashboard: the months are read through, and what nobody asked
# for is left out above. The days stand apart: in one plan for both PostgreSQL would start workers, which takes longer
# than all of it. A plus before the month: SQLite would look for it once for each unit.
_ALL = f"""
WITH days AS MATERIALIZED (
    SELECT indicator, unit, {_CHANGES} FROM {DayTotal._meta.db_table}
    WHERE indicator IN ({{listed}}) AND month = %s AND day <= %s GROUP BY indicator, unit
)
SELECT indicator, unit, {_CHANGES} FROM {Total._meta.db_table} WHERE +month < %s GROUP BY indicator, unit
UNION ALL SELECT * FROM days
"""


def _figure(
    version: IndicatorVersion, plan: Plan, day: date, sums: UnitSums, units: list[ReportingUnit], only: str
) -> Figure:
    counted = version.computed_from == ComputedFrom.REGISTRY and version.reading != Reading.NONE
    chosen = {code: values for code, values in sums.items() if not only or code == only}
    totals = tuple(sum(column) for column in zip(*chosen.values(), strict=True)) or NOTHING
    value = _value(version, totals, with_opening=not only) if counted else None
    # The plan sets targets for the city: a unit's number is held against one only where it is a ratio.
    held = value if not only or version.kind == IndicatorKind.RATIO else None
    return Figure(
        indicator=version.indicator.code,
        name=version.name,
        name_en=version.name_en,
        category=version.category,
        unit=version.unit,
        kind=version.kind,
        comparator=version.comparator,
        target=version.target,
        target_max=version.target_max,
        opening=None if only else version.opening,
        opening_on=None if only else version.opening_on,
        opening_source=version.opening_source,
        gained=_gained(version, totals) if counted else None,
        value=value,
        valid_now=totals[1] if counted and version.reading == Reading.ENTERPRISES else None,
        completion_rate=None if held is None else rate(held, version.target),
        status="no_target" if held is None and value is not None else _status(version, plan, day, held),
        projected=_projected(version, plan, day, held),
        source=version.passage,
        computed_from=version.computed_from,
        reporter=version.reporter,
        note=version.note,
        as_of=day,
        units=tuple(_unit_figure(version, unit, sums.get(unit.code, NOTHING)) for unit in units) if counted else (),
    )


def _gained(version: IndicatorVersion, totals: tuple[int, ...]) -> int:
    """Enterprises counted after the opening day; without an opening balance, all of them."""
    return totals[0]


def _value(version: IndicatorVersion, totals: tuple[int, ...], *, with_opening: bool) -> Decimal | None:
    if version.reading == Reading.COVERAGE:
        return rate(totals[0], totals[2], places=1) if totals[2] else None
    opening = version.opening if with_opening and version.opening is not None else Decimal(0)
    return opening + _gained(version, totals)


def _unit_figure(version: IndicatorVersion, unit: ReportingUnit, totals: tuple[int, ...]) -> UnitFigure:
    value = _value(version, totals, with_opening=False)
    return UnitFigure(
        reporting_unit=unit.code,
        name=unit.name_zh,
        name_en=unit.name_en,
        gained=_gained(version, totals),
        value=value if value is not None else Decimal(0),
        valid_now=totals[1],
    )


def planned(version: IndicatorVersion, plan: Plan, day: date) -> Decimal:
    """The straight line from the opening balance to the target at the plan's end."""
    if version.kind in (IndicatorKind.RATIO, IndicatorKind.ANNUAL_RATIO, IndicatorKind.LEVEL):
        return version.target
    if version.kind == IndicatorKind.ANNUAL:
        first, last, start = date(day.year, 1, 1), date(day.year, 12, 31), Decimal(0)
    else:
        first, last, start = plan.starts_on, plan.ends_on, version.opening or Decimal(0)
    share = Decimal((min(day, last) - first).days + 1) / Decimal((last - first).days + 1)
    return start + (version.target - start) * max(share, Decimal(0))


def is_met(version: IndicatorVersion, value: Decimal) -> bool:
    """Whether a value reaches the target by its comparator; beyond a range's upper end is reached too."""
    if version.comparator == Comparator.MORE_THAN:
        return value > version.target
    return value >= version.target


def _status(version: IndicatorVersion, plan: Plan, day: date, value: Decimal | None) -> str:
    if value is None:
        return "no_data"
    if is_met(version, value):
        return "met"
    line = planned(version, plan, day)
    if value >= line:
        return "on_course"
    return "behind" if value >= line * plan.at_risk_below else "at_risk"


def _projected(version: IndicatorVersion, plan: Plan, day: date, value: Decimal | None) -> Decimal | None:
    """The value at the plan's end if the pace since its start went on; none once the plan has ended."""
    elapsed, whole = (day - plan.starts_on).days + 1, (plan.ends_on - plan.starts_on).days + 1
    if value is None or version.kind != IndicatorKind.CUMULATIVE or not 0 < elapsed < whole:
        return None
    start = version.opening or Decimal(0)
    return (start + (value - start) * whole / elapsed).quantize(Decimal(1), rounding=ROUND_HALF_UP)


def enterprises_behind(indicator: str, *, as_of: date, unit: str = "") -> "QuerySet[Span]":
    """The enterprises counted in `gained` on a day, one span each, with the achievement that counts."""
    day = ymd(as_of)
    rows = Span.objects.filter(
        Q(stop__isnull=True) | Q(stop__gt=day),
        indicator=indicator,
        aspect=Aspect.COUNTED,
        in_opening=False,
        start__lte=day,
    )
    if unit:
        rows = rows.filter(unit=unit)
    return rows.select_related("enterprise", "achievement").order_by("-start", "-id")
