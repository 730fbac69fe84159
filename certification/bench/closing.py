"""The closing sheet (结算单): what a file says by unit, stage and year, and what the registry holds of it.

The left side is counted from the rows of the file while they are looked at; the right side from the facts that are
on record under the ledger numbers which the import got. They are counted apart, so that they can be held together.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import ExtractYear
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.errors import Refused
from enterprises.imports.rows import EnterpriseRow
from enterprises.imports.run import Examined, parts
from enterprises.models import Enterprise, ReportingUnit
from enterprises.places import find_division, unit_of_division

from ..imports.inputs import InputRow, NewFact
from ..imports.on_file import OnFile, holdings
from ..imports.rows import AchievementRow, Ending, NewAchievement
from ..models import ImportFile, ImportKind, ImportRow, ImportState, ImportSum
from ..models.bench import Effect
from ..services.input_kinds import INPUT_KINDS
from ..stages import STAGES
from ..wording import named

Group = tuple[str, str, int]  # unit, stage, year
NOWHERE: Group = ("", "", 0)
OUTCOMES = ("new", "changed", "unchanged", "repeated", "bad")


def sums_of(file: ImportFile, examined: Examined, *, at: datetime) -> list[ImportSum]:
    """What the file holds, unsaved."""
    group_of = _GROUPS[file.kind](timezone.localdate(at))
    counted = {name: Counter(group_of(rows)) for name, rows in _sorted_rows(examined)}
    bad = len({cell.line for cell in examined.outcome.bad})
    counted["bad"][NOWHERE] += bad - counted["bad"].total()
    groups = sorted({group for each in counted.values() for group, count in each.items() if count})
    return [_sum(file, group, {name: counted[name][group] for name in OUTCOMES}) for group in groups]


def _sum(file: ImportFile, group: Group, counts: dict[str, int]) -> ImportSum:
    unit, stage, year = group
    return ImportSum(file=file, unit=unit, stage=stage, year=year, rows=sum(counts.values()), **counts)


def _sorted_rows(examined: Examined) -> Iterator[tuple[str, list[Any]]]:
    """The rows, or what a plan holds in their place, by what becomes of them; of bad ones those that could be read."""
    plan, bad = examined.plan, {cell.line for cell in examined.plan.bad}
    yield "new", list(plan.new)
    yield "changed", list(plan.changed)
    yield "unchanged", list(plan.same)
    yield "repeated", list(examined.outcome.repeats)
    yield "bad", [row for row in examined.rows if row.line in bad]


Grouping = Callable[[Sequence[Any]], Iterable[Group]]


def _row_of(item: AchievementRow | NewAchievement | Ending) -> AchievementRow:
    return item if isinstance(item, AchievementRow) else item.row


def _unit_of(item: AchievementRow | NewAchievement | Ending, enterprise: OnFile | None) -> str:
    """The unit on the day of the achievement; a new one has been looked up already."""
    if isinstance(item, NewAchievement):
        return item.standing.unit
    return enterprise.standing(_row_of(item).effective_on).unit if enterprise else ""


def _of_achievements(today: date) -> Grouping:
    """By the unit in which the enterprise was on the day of the achievement."""

    def groups(items: Sequence[AchievementRow | NewAchievement | Ending]) -> Iterator[Group]:
        for part in parts(items):
            asked = {_row_of(item).uscc for item in part if not isinstance(item, NewAchievement)}
            known = holdings(asked).enterprises if asked else {}
            for item in part:
                row = _row_of(item)
                yield _unit_of(item, known.get(row.uscc)), row.stage, row.effective_on.year

    return groups


def _of_enterprises(today: date) -> Grouping:
    """By the unit through which the township of the row reports today; the year is that of the establishment."""
    units: dict[str, str] = {}

    def unit_of(township: str) -> str:
        if township not in units:
            try:
                units[township] = str(unit_of_division(find_division(township, on=today), on=today).pk)
            except Refused:
                units[township] = ""
        return units[township]

    def groups(rows: Sequence[EnterpriseRow]) -> Iterator[Group]:
        for row in rows:
            yield unit_of(row.township), "", row.established_on.year if row.established_on else 0

    return groups


def _of_inputs(today: date) -> Grouping:
    """By the unit in which the enterprise was on the day of the fact."""

    def groups(items: Sequence[InputRow | NewFact]) -> Iterator[Group]:
        for part in parts(items):
            rows = [item.row if isinstance(item, NewFact) else item for item in part]
            known = holdings({row.uscc for row in rows}).enterprises
            for row in rows:
                yield _on_day(known.get(row.uscc), row.said.day)

    return groups


def _on_day(enterprise: OnFile | None, day: date | None) -> Group:
    if enterprise is None or day is None:
        return NOWHERE
    return enterprise.standing(day).unit, "", day.year


_GROUPS: dict[str, Callable[[date], Grouping]] = {
    ImportKind.ENTERPRISES: _of_enterprises,
    ImportKind.ACHIEVEMENTS: _of_achievements,
    **dict.fromkeys(INPUT_KINDS, _of_inputs),
}


@dataclass(frozen=True, slots=True)
class ClosingLine:
    """One unit, stage and year. `on_record`, `ended`: what the registry has of it through this import."""

    unit: str
    unit_name: str
    stage: str
    stage_name: str
    year: int
    rows: int
    new: int
    changed: int
    unchanged: int
    repeated: int
    bad: int
    on_record: int
    ended: int

    @property
    def agrees(self) -> bool:
        return self.rows == self.new + self.changed + self.unchanged + self.repeated + self.bad and (
            (self.on_record, self.ended) == (self.new, self.changed)
        )


NUMBERS = ("rows", "new", "changed", "unchanged", "repeated", "bad", "on_record", "ended")


@dataclass(frozen=True, slots=True)
class Closing:
    """The whole sheet."""

    lines: Sequence[ClosingLine]
    total: ClosingLine
    is_compared: bool

    @property
    def agrees(self) -> bool:
        return all(line.agrees for line in self.lines) and self.total.agrees


def closing(file: ImportFile) -> Closing:
    """The sheet of a file that was looked at. Before it is applied the registry's side is what it will be."""
    is_compared = file.state in (ImportState.APPLIED, ImportState.UNDOING)
    made, ended = (_on_record(file, Effect.NEW), _on_record(file, Effect.ENDED)) if is_compared else ({}, {})
    units = {unit.pk: named(unit) for unit in ReportingUnit.objects.all()}
    sums = {(each.unit, each.stage, each.year): each for each in file.sums.all()}
    lines = []
    for group in sorted(sums.keys() | made.keys() | ended.keys()):
        kept = sums.get(group) or _sum(file, group, dict.fromkeys(OUTCOMES, 0))
        there = (made.get(group, 0), ended.get(group, 0)) if is_compared else (kept.new, kept.changed)
        lines.append(_line(kept, there, units))
    return Closing(lines, _total(file, lines), is_compared)


def _line(kept: ImportSum, there: tuple[int, int], units: dict[str, str]) -> ClosingLine:
    counts = {name: getattr(kept, name) for name in ("rows", *OUTCOMES)}
    stage = named(STAGES[kept.stage]) if kept.stage in STAGES else ""
    unit = units.get(kept.unit) or _("无法归属")
    return ClosingLine(kept.unit, unit, kept.stage, stage, kept.year, **counts, on_record=there[0], ended=there[1])


def _total(file: ImportFile, lines: Sequence[ClosingLine]) -> ClosingLine:
    """The sums; the number of rows is that of the file, not of the lines, so that a lost row shows."""
    counts = {name: sum(getattr(line, name) for line in lines) for name in NUMBERS}
    return ClosingLine("", _("合计"), "", "", 0, **{**counts, "rows": file.rows})


def _on_record(file: ImportFile, effect: str) -> dict[Group, int]:
    """What the registry holds, counted from its facts."""
    made = ImportRow.objects.filter(file=file, effect=effect)
    if file.kind == ImportKind.ACHIEVEMENTS:
        rows = made.filter(achievement__ledger_number__isnull=False).values_list(
            F("achievement__reporting_unit"), F("achievement__stage"), ExtractYear("achievement__effective_on")
        )
        return {(unit, stage, year): count for unit, stage, year, count in rows.annotate(n=Count("pk")).order_by()}
    if file.kind in INPUT_KINDS:
        facts = INPUT_KINDS[file.kind].model.objects.filter(ledger_number__in=made.values("ledger_number"))
        days = [(row.enterprise.uscc, row.day) for row in facts.select_related("enterprise")]
        known = holdings({uscc for uscc, _day in days}).enterprises
        return Counter(_on_day(known.get(uscc), day) for uscc, day in days)
    registered = Enterprise.objects.filter(uscc=OuterRef("uscc"))
    found = made.annotate(
        unit=Subquery(registered.values("locations__reporting_unit").order_by("locations__valid_from")[:1]),
        year=Subquery(registered.values(year=ExtractYear("established_on"))[:1]),
    ).filter(unit__isnull=False)
    counted = found.values_list("unit", "year").annotate(n=Count("pk")).order_by()
    return {(unit, "", year or 0): count for unit, year, count in counted}
