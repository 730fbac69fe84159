"""Figures arranged for a reader: the three headlines, the categories, the units side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..models import OutcomeRow, Plan
from .checkpoint import lag
from .figures import Figure, figures, rate

HEADLINES = ("guanbiao_enterprises", "evaluation_passed", "nationally_certified")


@dataclass(frozen=True, slots=True)
class Category:
    """The indicators of one category of the plan."""

    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class UnitCell:
    """One unit's part of one indicator, and the largest part of any unit."""

    indicator: str
    name: str
    value: Decimal
    most: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One reporting unit across the computed indicators."""

    code: str
    name: str
    name_en: str
    cells: tuple[UnitCell, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A plan on a day. `ended`: the headlines at the plan's end, where the day is after it."""

    plan: Plan
    as_of: date
    figures: tuple[Figure, ...]
    ended: dict[str, Figure]
    lag: int

    @property
    def first_day(self) -> date:
        """The first day that can be asked for: the opening day."""
        return first_day(self.plan)

    @property
    def marked_days(self) -> list[date]:
        """The opening day and the ends of the plan's years."""
        years = range(self.plan.starts_on.year, self.plan.ends_on.year + 1)
        return [self.first_day, *(date(year, 12, 31) for year in years)]

    @property
    def headlines(self) -> list[Figure]:
        return [figure for code in HEADLINES for figure in self.figures if figure.indicator == code]

    @property
    def categories(self) -> list[Category]:
        names = list(dict.fromkeys(figure.category for figure in self.figures))
        return [Category(name, tuple(f for f in self.figures if f.category == name)) for name in names]

    @property
    def computed(self) -> list[Figure]:
        """The indicators that the registry counts itself."""
        return [figure for figure in self.figures if figure.units]

    def unit_rows(self, only: str = "") -> list[UnitRow]:
        """The computed indicators by reporting unit; `only` keeps one unit."""
        computed = self.computed
        units = computed[0].units if computed else ()
        rows = [
            UnitRow(unit.reporting_unit, unit.name, unit.name_en, tuple(_cell(figure, place) for figure in computed))
            for place, unit in enumerate(units)
        ]
        return [row for row in rows if not only or row.code == only]


def _cell(figure: Figure, place: int) -> UnitCell:
    part = figure.units[place]
    most = max(unit.value for unit in figure.units)
    return UnitCell(figure.indicator, figure.name, part.value, most, part.reporting_unit)


def first_day(plan: Plan) -> date:
    """The day before the plan starts: what was there at the opening."""
    return plan.starts_on - timedelta(days=1)


def open_plan() -> Plan | None:
    """The plan that figures are held against: the latest one not closed."""
    return Plan.objects.filter(is_closed=False).order_by("-starts_on").first()


def board(plan: Plan, *, as_of: date) -> Board:
    """The plan's figures on a day, with the headlines at its end for a later day."""
    at_end = figures(plan, as_of=plan.ends_on, indicators=HEADLINES) if as_of > plan.ends_on else []
    return Board(
        plan=plan,
        as_of=as_of,
        figures=tuple(figures(plan, as_of=as_of)),
        ended={figure.indicator: figure for figure in at_end},
        lag=lag(),
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """A row of a closed plan's table with its rate computed; `differs` from what the source prints."""

    category: str
    name: str
    unit: str
    target: Decimal | None
    actual: Decimal
    rate: Decimal | None
    printed: str
    differs: bool
    note: str


def outcome(rows: Iterable[OutcomeRow]) -> list[Outcome]:
    """Completion rates computed half up, never copied from the table."""
    return [_outcome(row) for row in rows]


def _outcome(row: OutcomeRow) -> Outcome:
    computed = rate(row.actual, row.target) if row.target else None
    return Outcome(
        category=row.category,
        name=row.name,
        unit=row.unit,
        target=row.target,
        actual=row.actual,
        rate=computed,
        printed=row.printed_rate,
        differs=computed is not None and row.printed_rate != f"{computed}%",
        note=row.note,
    )
