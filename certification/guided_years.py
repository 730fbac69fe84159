"""The guidance of a year: how many enterprises are guided in the city, against what the plan asks for."""

from dataclasses import dataclass
from datetime import date

from .totals.board import open_plan
from .totals.figures import Figure, figures

GUIDED = "intensive.cultivation"
INDICATOR = "intensive_guided_per_year"


@dataclass(frozen=True, slots=True)
class GuidedYear:
    """The plan's figure at the end of a year, or today in the year that runs."""

    year: int
    as_of: date
    figure: Figure


def guided_year(year: int, *, on: date) -> GuidedYear | None:
    """None: the plan in progress does not ask for it, or the year lies outside of what it counts."""
    plan, as_of = open_plan(), min(date(year, 12, 31), on)
    if plan is None or year > on.year or as_of < plan.starts_on:
        return None
    found = figures(plan, as_of=as_of, indicators=[INDICATOR])
    return GuidedYear(year, as_of, found[0]) if found else None
