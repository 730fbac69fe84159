"""How firm a place is (稳健性): what becomes of it when something is left out of the ranking. Pure.

Left out one at a time: an expert (all the sheets of theirs; of a candidate whom nobody else scored the sheet stays), a
criterion (the others are brought to the whole), a weight (the item counts by its part of all the points).

A place **hangs on a single score** where leaving out one expert's sheet of that candidate alone decides whether it is
in; and where only one sheet was given at all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from .ranking import Contender, Formula, Place, Standing, placed, rank, standing_of, totals_of
from .weights import unweighted, without

Inside = Callable[[Sequence[Place]], frozenset[str]]
Totals = Mapping[str, Mapping[str, Fraction]]


class Left(StrEnum):
    """What is left out."""

    EXPERT = "expert"
    CRITERION = "criterion"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Shift:
    """Where a candidate would be without one thing, if elsewhere or on the other side of the line."""

    left: Left
    code: str
    place: int
    is_in: bool


@dataclass(frozen=True, slots=True)
class Firmness:
    """A place, its best and worst over all that was left out, each shift, and the experts on whose sheet it hangs."""

    code: str
    place: int
    is_in: bool
    best: int
    worst: int
    shifts: tuple[Shift, ...]
    hangs_on: tuple[str, ...]

    @property
    def is_firm(self) -> bool:
        """In or out, whatever one thing is left out."""
        return not self.hangs_on and all(shift.is_in is self.is_in for shift in self.shifts)


def robustness(contenders: Sequence[Contender], formula: Formula, *, inside: Inside) -> tuple[Firmness, ...]:
    """How firm each place is, in the order of the ranking. `inside`: who is in, by a ranking. Raises Unscored."""
    totals = {each.code: totals_of(each, formula) for each in contenders}
    standings = {each.code: standing_of(each, formula, totals=totals[each.code]) for each in contenders}
    places = placed(standings.values(), formula.ties)
    chosen = inside(places)
    shifts: dict[str, list[Shift]] = {each.code: [] for each in contenders}
    at_first = {place.code: place.place for place in places}
    for left, code, variant in _variants(contenders, formula, totals):
        then = inside(variant)
        for place in variant:
            is_in = place.code in then
            if place.place != at_first[place.code] or is_in is not (place.code in chosen):
                shifts[place.code].append(Shift(left, code, place.place, is_in))
    by_code = {each.code: each for each in contenders}
    return tuple(
        _firmness(place, place.code in chosen, shifts[place.code], hangs)
        for place in places
        for hangs in [_hangs_on(by_code[place.code], formula, totals, standings, inside, place.code in chosen)]
    )


def _firmness(place: Place, is_in: bool, shifts: Sequence[Shift], hangs_on: tuple[str, ...]) -> Firmness:
    reached = [place.place, *(shift.place for shift in shifts)]
    return Firmness(place.code, place.place, is_in, min(reached), max(reached), tuple(shifts), hangs_on)


def _variants(
    contenders: Sequence[Contender], formula: Formula, totals: Totals
) -> Iterator[tuple[Left, str, Sequence[Place]]]:
    for expert in sorted({expert for each in contenders for expert in each.scores}):
        kept = [standing_of(each, formula, totals=_spared(totals[each.code], expert)) for each in contenders]
        yield Left.EXPERT, expert, placed(kept, formula.ties)
    counting = [code for code, share in formula.shares.items() if share]
    for code in counting if len(counting) > 1 else ():
        yield Left.CRITERION, code, rank(contenders, replace(formula, shares=without(formula.shares, code)))
        shares = unweighted(formula.shares, formula.maxima, code)
        yield Left.WEIGHT, code, rank(contenders, replace(formula, shares=shares))


def _spared(totals: Mapping[str, Fraction], expert: str) -> Mapping[str, Fraction]:
    """The totals without those of an expert, unless there are no others."""
    return {code: total for code, total in totals.items() if code != expert} or totals


def _hangs_on(
    contender: Contender,
    formula: Formula,
    totals: Totals,
    standings: Mapping[str, Standing],
    inside: Inside,
    is_in: bool,
) -> tuple[str, ...]:
    """The experts whose sheet of this candidate alone decides whether it is in."""
    own = totals[contender.code]
    if len(own) == 1:
        return tuple(own)
    found = []
    for expert in sorted(own):
        alone = standing_of(contender, formula, totals=_spared(own, expert))
        then = inside(placed({**standings, contender.code: alone}.values(), formula.ties))
        if (contender.code in then) is not is_in:
            found.append(expert)
    return tuple(found)
