"""Trying settings on a frozen copy (模拟): cut-off, quotas, weights, and who is in by them. Pure.

Down the ranking, a candidate is in when it reaches the cut-off, its unit has a place left, and a place is left in all;
of the reasons why not, the first one in that order is named. Who is barred keeps a place in the ranking and is not in.

On the edge is who is as near to the line as the setting's `edge` says: the line is the lowest total that is in.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from .frozen import Frozen
from .ranking import Formula, Place, rank
from .settings import Setting
from .weights import shares_of

MIXES = ("unit", "chain", "size", "high_tech", "marks")


class Why(StrEnum):
    """Why a candidate is in, or is not."""

    IN = "in"
    BARRED = "barred"
    BELOW = "below_cut_off"
    UNIT = "unit_quota"
    QUOTA = "quota"


@dataclass(frozen=True, slots=True)
class End:
    """What becomes of a candidate. `margin`: its total less the line, None where nobody is in."""

    place: Place
    unit: str
    why: Why
    margin: Decimal | None
    is_edge: bool

    @property
    def code(self) -> str:
        return self.place.code

    @property
    def is_in(self) -> bool:
        return self.why is Why.IN


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a setting comes to, in the order of the ranking. `mix`: by MIXES, how many of those who are in."""

    setting: Setting
    ends: tuple[End, ...]
    mix: Mapping[str, Mapping[str, int]]

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(end.code for end in self.ends if end.is_in)


@dataclass(frozen=True, slots=True)
class Compared:
    """Settings side by side. `rows`: of each candidate its end in each; those in by all, by some, by none."""

    rows: Mapping[str, tuple[End, ...]]
    always: frozenset[str]
    sometimes: frozenset[str]
    never: frozenset[str]


def simulate(copy: Sequence[Frozen], setting: Setting, formula: Formula) -> Simulated:
    """What a setting comes to; the formula's shares are replaced by the setting's weights. Raises Unscored."""
    frozen = {each.contender.code: each for each in copy}
    places = rank([each.contender for each in copy], replace(formula, shares=shares_of(setting.weights)))
    why = reasons(places, frozen, setting)
    line = min((place.total for place in places if why[place.code] is Why.IN), default=None)
    ends = tuple(_end(place, frozen[place.code], why[place.code], line, setting.edge) for place in places)
    return Simulated(setting, ends, mix_of([frozen[end.code] for end in ends if end.is_in]))


def reasons(places: Sequence[Place], frozen: Mapping[str, Frozen], setting: Setting) -> dict[str, Why]:
    """Why each is in, or is not, down a ranking."""
    found: dict[str, Why] = {}
    taken: Counter[str] = Counter()
    for place in places:
        each = frozen[place.code]
        quota = setting.unit_quotas.get(each.unit)
        if each.barred:
            why = Why.BARRED
        elif setting.cut_off is not None and place.total < setting.cut_off:
            why = Why.BELOW
        elif quota is not None and taken[each.unit] >= quota:
            why = Why.UNIT
        elif setting.quota is not None and taken.total() >= setting.quota:
            why = Why.QUOTA
        else:
            why = Why.IN
            taken[each.unit] += 1
        found[place.code] = why
    return found


def inside(copy: Sequence[Frozen], setting: Setting, places: Sequence[Place]) -> frozenset[str]:
    """Who is in by a ranking; with the first two given, what robustness.py asks for."""
    why = reasons(places, {each.contender.code: each for each in copy}, setting)
    return frozenset(code for code, reason in why.items() if reason is Why.IN)


def mix_of(chosen: Sequence[Frozen]) -> dict[str, dict[str, int]]:
    """How many of each unit, chain, size, with the status of a high-tech enterprise, and with each priority mark."""
    return {
        name: dict(sorted(Counter(text for each in chosen for text in _texts(getattr(each, name))).items()))
        for name in MIXES
    }


def compare(simulated: Sequence[Simulated]) -> Compared:
    """Settings side by side, by the order of the first one. All of one copy."""
    ends = [{end.code: end for end in each.ends} for each in simulated]
    rows = {code: tuple(each[code] for each in ends) for code in (ends[0] if ends else {})}
    always = frozenset(code for code, row in rows.items() if all(end.is_in for end in row))
    never = frozenset(code for code, row in rows.items() if not any(end.is_in for end in row))
    return Compared(rows, always, frozenset(rows) - always - never, never)


def _end(place: Place, frozen: Frozen, why: Why, line: Decimal | None, edge: Decimal) -> End:
    margin = None if line is None else place.total - line
    return End(place, frozen.unit, why, margin, margin is not None and not frozen.barred and abs(margin) <= edge)


def _texts(value: object) -> Sequence[str]:
    """What one candidate counts as: of its marks each, of anything else one."""
    if isinstance(value, tuple):
        return value
    return (str(value).lower() if isinstance(value, bool) else str(value),)
