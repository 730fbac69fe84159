"""An independent reference for every figure: plain Python, by the words of the definitions, day by day.

It shares no code with the product and knows no spans, months or SQL: it asks of every achievement whether
it counts on the day, and of every enterprise which of its counting achievements is the earliest.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Reached:
    """An enterprise reached a stage; `ended` is (reason, day) or None."""

    stage: str
    on: date
    ended: tuple[str, date] | None = None


@dataclass
class Company:
    """What is known of one enterprise: `moves` are (from day, unit), the first one holding for all days before."""

    code: str
    moves: list[tuple[date, str]]
    high_tech: list[tuple[date, date | None]] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)

    def unit_on(self, day: date) -> str:
        unit = self.moves[0][1]
        for since, moved_to in self.moves[1:]:
            if since <= day:
                unit = moved_to
        return unit

    def is_high_tech_on(self, day: date) -> bool:
        return any(first <= day and (last is None or day <= last) for first, last in self.high_tech)


@dataclass(frozen=True)
class Definition:
    """How an indicator is counted: `way` is enterprises, yearly or coverage."""

    way: str
    stage: str
    opening: int = 0
    opening_on: date | None = None
    high_tech_only: bool = False


INDICATORS = {
    "guanbiao_enterprises": Definition("enterprises", "guanbiao.implementation", 456, date(2015, 12, 31)),
    "evaluation_passed": Definition("enterprises", "guanbiao.evaluation"),
    "nationally_certified": Definition("enterprises", "guanbiao.certification"),
    "ip_intensive_high_tech": Definition("enterprises", "intensive.recognition", high_tech_only=True),
    "international_leaders": Definition("enterprises", "intensive.international_leader"),
    "intensive_guided_per_year": Definition("yearly", "intensive.cultivation"),
    "high_tech_guanbiao_coverage": Definition("coverage", "guanbiao.implementation"),
}


@dataclass(frozen=True)
class Answer:
    """A figure: who is counted, the value, how many hold it now (None where that is not asked)."""

    enterprises: frozenset[str]
    value: Decimal | None
    valid_now: int | None


def counts(reached: Reached, day: date) -> bool:
    """Effective on or before the day, not annulled, not revoked on or before it."""
    if reached.on > day:
        return False
    if reached.ended is None:
        return True
    reason, ended_on = reached.ended
    return reason != "annulled" and not (reason == "revoked" and ended_on <= day)


def is_valid(reached: Reached, day: date) -> bool:
    """Effective on or before the day, not annulled, not ended on or before it for any reason."""
    if reached.on > day:
        return False
    return reached.ended is None or (reached.ended[0] != "annulled" and reached.ended[1] > day)


def earliest(company: Company, definition: Definition, day: date, *, holding: bool = False) -> Reached | None:
    """The company's earliest achievement of the kind that counts (or: is held) on the day."""
    test = is_valid if holding else counts
    fitting = [
        reached
        for reached in company.reached
        if reached.stage == definition.stage
        and test(reached, day)
        and (not definition.high_tech_only or company.is_high_tech_on(reached.on))
        and (definition.way != "yearly" or holding or reached.on.year == day.year)
    ]
    return min(fitting, key=lambda reached: reached.on) if fitting else None


def answer(companies: Iterable[Company], indicator: str, day: date, unit: str = "") -> Answer:
    """The figure of an indicator on a day, of the city or of one unit."""
    definition = INDICATORS[indicator]
    if definition.way == "coverage":
        return _coverage(companies, definition, day, unit)
    gained, holding = set(), 0
    for company in companies:
        first = earliest(company, definition, day)
        after_opening = first and (definition.opening_on is None or first.on > definition.opening_on)
        if first and after_opening and (not unit or company.unit_on(first.on) == unit):
            gained.add(company.code)
        held = earliest(company, definition, day, holding=True)
        holding += bool(held and (not unit or company.unit_on(held.on) == unit))
    opening = 0 if unit else definition.opening
    # Guidance is given for a year: there is no holding it.
    valid_now = None if definition.way == "yearly" else holding
    return Answer(frozenset(gained), Decimal(opening + len(gained)), valid_now)


def _coverage(companies: Iterable[Company], definition: Definition, day: date, unit: str) -> Answer:
    """Of the high-tech enterprises that are in the unit on the day, those that count."""
    high_tech = [
        company for company in companies if company.is_high_tech_on(day) and (not unit or company.unit_on(day) == unit)
    ]
    covered = [company for company in high_tech if earliest(company, definition, day)]
    share = None
    if high_tech:
        share = (Decimal(100 * len(covered)) / len(high_tech)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return Answer(frozenset(company.code for company in covered), share, None)
