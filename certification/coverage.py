"""What the rounds of an enterprise have taken in of an edition's menu (覆盖情况): modules by rounds. Pure.

A round takes in the modules that its application chose. An evaluation is of the round of its own number: it covers
what that round implemented. Editions are ordered differently, so a round counts for its own edition only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

IMPLEMENTATION, EVALUATION = "guanbiao.implementation", "guanbiao.evaluation"
STAGES_OF_ROUNDS = (IMPLEMENTATION, EVALUATION)


@dataclass(frozen=True, slots=True)
class Taken:
    """One round of a stage that is in force; `modules` is empty where the record does not say them (an import)."""

    stage: str
    round: int
    edition: str = ""
    modules: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cover:
    """One module: the rounds that implemented it, and those in which it was evaluated."""

    implemented: tuple[int, ...] = ()
    evaluated: tuple[int, ...] = ()

    @property
    def state(self) -> str:
        """none, implemented or evaluated."""
        if self.evaluated:
            return "evaluated"
        return "implemented" if self.implemented else "none"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The menu of an edition, each module with its rounds; `untold`: rounds on record without their modules."""

    modules: Mapping[str, Cover]
    untold: tuple[int, ...] = ()

    @property
    def bare(self) -> tuple[str, ...]:
        """The modules that no round has taken in."""
        return tuple(code for code, found in self.modules.items() if found.state == "none")

    @property
    def rounds(self) -> tuple[int, ...]:
        """The rounds that took in anything of this menu."""
        return tuple(sorted({number for found in self.modules.values() for number in found.implemented}))


def cover(menu: Sequence[str], taken: Iterable[Taken], *, edition: str) -> Coverage:
    """Which of the menu's modules which round has taken in."""
    rows = list(taken)
    implemented = {row.round: row for row in rows if row.stage == IMPLEMENTATION}
    evaluated = {row.round for row in rows if row.stage == EVALUATION}
    told = {number: row.modules for number, row in implemented.items() if row.edition == edition}
    modules = {}
    for code in menu:
        found = tuple(sorted(number for number, chosen in told.items() if code in chosen))
        modules[code] = Cover(found, tuple(number for number in found if number in evaluated))
    return Coverage(modules, tuple(sorted(number for number, row in implemented.items() if not row.modules)))
