"""What an enterprise's rounds have taken in, read from its achievements and the applications behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from enterprises.models import Enterprise
from ledger.prepared import Day, Row

from ..coverage import IMPLEMENTATION, STAGES_OF_ROUNDS, Cover, Coverage, Taken, cover
from ..errors import NotPossible
from ..models import Achievement, Edition, ModuleItem
from ..wording import worded
from .rulebooks import rule_in_force


def taken_in_rows(*, enterprise: Any, on: Day) -> "QuerySet[Achievement, Row]":
    """The rounds in force on a day with what their applications chose, as `taken_in` reads them."""
    rows = Achievement.objects.filter(enterprise=enterprise, stage__in=STAGES_OF_ROUNDS).in_force(on=on)
    columns = ("stage", "round", "application__rule__edition", "application__modules")
    return rows.order_by("stage", "round", "effective_on").values_list(*columns)


def taken_in(rows: Iterable[Row]) -> tuple[Taken, ...]:
    """Of two facts of one round the later, unless only the earlier says its modules."""
    found: dict[tuple[str, int], Taken] = {}
    for stage, number, edition, modules in rows:
        if modules or (stage, number) not in found:
            found[stage, number] = Taken(stage, number, edition or "", frozenset(modules or ()))
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class CoveredModule:
    """A module of the map with its rounds."""

    module: ModuleItem
    cover: Cover

    @property
    def name(self) -> str:
        return worded((self.module.title, self.module.title_en))


@dataclass(frozen=True)
class CoverageMap:
    """An edition's menu as an enterprise's rounds cover it; `is_current`: the edition that is applied for now."""

    edition: Edition
    coverage: Coverage
    is_current: bool

    @cached_property
    def modules(self) -> list[CoveredModule]:
        return [CoveredModule(each, self.coverage.modules[each.code]) for each in self.edition.modules.all()]

    @property
    def chapters(self) -> list[tuple[str, list[CoveredModule]]]:
        return [(key, list(group)) for key, group in groupby(self.modules, key=lambda each: each.module.chapter)]

    @property
    def implemented(self) -> int:
        """How many modules some round has implemented, evaluated ones among them."""
        return len(self.modules) - len(self.coverage.bare)

    @property
    def evaluated(self) -> int:
        return sum(each.cover.state == "evaluated" for each in self.modules)

    @property
    def is_whole(self) -> bool:
        return not self.coverage.bare


def coverage_maps(enterprise: Enterprise, *, on: date) -> list[CoverageMap]:
    """A map for each edition that the rounds are of, and for the one in force, which comes first.

    None for an enterprise without any round of implementation.
    """
    taken = taken_in(taken_in_rows(enterprise=enterprise.pk, on=on))
    if not any(row.stage == IMPLEMENTATION for row in taken):
        return []
    current = _edition_in_force(on)
    codes = dict.fromkeys(filter(None, [current, *(row.edition for row in taken)]))
    editions = Edition.objects.prefetch_related("modules").in_bulk(list(codes))
    return [
        CoverageMap(editions[code], cover(_menu(editions[code]), taken, edition=code), code == current)
        for code in codes
    ]


def covered_for(enterprise: Enterprise, edition: str, menu: Sequence[str], *, on: date) -> Coverage:
    """What the rounds have taken in of one menu."""
    return cover(menu, taken_in(taken_in_rows(enterprise=enterprise.pk, on=on)), edition=edition)


def _menu(edition: Edition) -> list[str]:
    return [module.code for module in edition.modules.all()]


def _edition_in_force(on: date) -> str:
    try:
        return rule_in_force(IMPLEMENTATION, on=on).rule.edition
    except NotPossible:
        return ""
