"""What is counted: the computed indicators in force, as the projection needs them."""

import re
from dataclasses import dataclass
from datetime import date

from ledger.prepared import Prepared

from ..models import IndicatorVersion
from ..models.plan import ComputedFrom, Reading

PLAIN_WORD = re.compile(r"\A[a-z0-9_.\-]{1,50}\Z")


@dataclass(frozen=True, slots=True)
class Measure:
    """One computed indicator. `opening`: the opening balance's day as yyyymmdd, 0 if it has none."""

    indicator: str
    reading: str
    stage: str
    high_tech_only: bool = False
    opening: int = 0

    def __post_init__(self) -> None:
        # Both words stand in the projection's SQL (a SELECT list takes no parameters on every driver).
        for word in (self.indicator, self.stage):
            if not PLAIN_WORD.match(word):
                raise ValueError(f"not a plain code: {word!r}")


def ymd(day: date) -> int:
    """2017-06-30 -> 20170630."""
    return day.year * 10000 + day.month * 100 + day.day


def day_of(number: int) -> date:
    """20170630 -> 2017-06-30."""
    return date(number // 10000, number // 100 % 100, number % 100)


def measures_in_force(*, on: date) -> list[Measure]:
    """The indicators that the registry computes, in the definitions that hold on a day.

    The same choice as `IndicatorVersionQuerySet.in_force`, made here: every fold asks for it, and the rows
    are few.
    """
    chosen: dict[str, tuple[date, int, Measure | None]] = {}
    for code, since, number, source, *definition in _VERSIONS.rows():
        held = chosen.get(code)
        if held is None or (since <= on and (held[0] > on or (since, number) > held[:2])):
            counted = source == ComputedFrom.REGISTRY and definition[0] != Reading.NONE
            chosen[code] = (since, number, _measure(code, *definition) if counted else None)
    return [measure for _, _, measure in chosen.values() if measure]


_COLUMNS = (
    "indicator__code",
    "in_force_from",
    "version",
    "computed_from",
    "reading",
    "stage",
    "high_tech_only",
    "opening_on",
)
_VERSIONS = Prepared(
    lambda: IndicatorVersion.objects.order_by("indicator__plan", "indicator__order", "version").values_list(*_COLUMNS)
)


def _measure(code: str, reading: str, stage: str, high_tech_only: bool, opening_on: date | None) -> Measure:
    return Measure(code, reading, stage, high_tech_only, ymd(opening_on) if opening_on else 0)
