"""What the registry holds about the enterprises of an achievement table, read in sets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from ledger.bulk import rows_among

from .rows import Standing

# Of achievements that an undone import had recorded: the same rows may be imported anew.
UNDONE_GROUND = "撤销导入"

Days = tuple[date, date | None]


class Stay(NamedTuple):
    """A place of an enterprise from a day on."""

    valid_from: date
    valid_to: date | None
    unit: str
    township: str


class OnFile(NamedTuple):
    """One enterprise: its places by day, its high-tech periods; `always`: its standing if that never changed."""

    id: int
    stays: tuple[Stay, ...]
    high_tech: tuple[Days, ...]
    always: Standing | None

    def standing(self, on: date) -> Standing:
        """Place and high-tech status on a day; before the first known place, that first place."""
        if self.always:
            return self.always
        stay = self.stays[0]
        if len(self.stays) > 1:
            stay = next((each for each in self.stays if _covers(each.valid_from, each.valid_to, on)), stay)
        high_tech = any(_covers(first, last, on) for first, last in self.high_tech)
        return Standing(self.id, stay.unit, stay.township, high_tech)


class Kept(NamedTuple):
    """An achievement on record."""

    id: int
    ledger_number: int
    ended_on: date | None
    ended_reason: str
    certificate: str
    route: str
    note: str


class Certified(NamedTuple):
    """The certificate that stands for an achievement: of a certification body, or the bureau's own."""

    number: str
    is_ours: bool


@dataclass(slots=True)
class Holdings:
    """The enterprises by credit code, and their achievements by enterprise, stage and day.

    `reached`: of which stages an enterprise has any achievement, those about to be recorded included.
    """

    enterprises: dict[str, OnFile] = field(default_factory=dict)
    achievements: dict[tuple[int, str, date], list[Kept]] = field(default_factory=dict)
    reached: set[tuple[int, str]] = field(default_factory=set)

    def is_first(self, enterprise: int, stage: str) -> bool:
        """Whether this is the first achievement of the stage; asked once for each that will be recorded."""
        first = (enterprise, stage) not in self.reached
        self.reached.add((enterprise, stage))
        return first


def holdings(codes: Iterable[str]) -> Holdings:
    """What is on file about the registered ones of the codes."""
    found = Holdings()
    code_of: dict[int, str] = dict(rows_among("enterprises_enterprise", ("id", "uscc"), "uscc", codes))
    if code_of:
        _read(code_of, found)
    return found


def certified(achievements: Iterable[tuple[int, int]]) -> dict[int, Certified]:
    """Which of these achievements (id, ledger number) a certificate stands for, by id; third-party ones first."""
    number_of = dict(achievements)
    found = {pk: Certified(number, is_ours=True) for pk, number in _own(number_of)}
    columns = ("achievement_id", "number", "is_annulled")
    rows = rows_among("certification_certificate", columns, "achievement_id", list(number_of))
    return found | {pk: Certified(number, is_ours=False) for pk, number, is_annulled in rows if not is_annulled}


def _own(number_of: dict[int, int]) -> list[tuple[int, str]]:
    """(achievement, number) of the bureau's own certificates."""
    pk_of = {number: pk for pk, number in number_of.items()}
    rows = rows_among("certification_document", ("achievement_id", "number"), "achievement_id", list(pk_of))
    return [(pk_of[entry], number) for entry, number in rows]


def _covers(first: date, last: date | None, on: date) -> bool:
    return first <= on and (last is None or on <= last)


def _read(code_of: dict[int, str], found: Holdings) -> None:
    stays, periods = _stays(list(code_of)), _periods(list(code_of))
    for pk, uscc in code_of.items():
        first, high_tech = stays[pk][0], periods.get(pk, ())
        settled = len(stays[pk]) == 1 and not high_tech
        always = Standing(pk, first.unit, first.township, high_tech=False) if settled else None
        found.enterprises[uscc] = OnFile(pk, stays[pk], high_tech, always)
    rows = rows_among("certification_achievement", _ACHIEVEMENT, "enterprise_id", list(code_of))
    for pk, stage, on, ground, *kept in rows:
        found.reached.add((pk, stage))
        if ground != UNDONE_GROUND:
            found.achievements.setdefault((pk, stage, on), []).append(Kept(*kept))


def _stays(ids: list[int]) -> dict[int, tuple[Stay, ...]]:
    columns: Sequence[str] = ("enterprise_id", "valid_from", "valid_to", "reporting_unit_id", "township_id")
    stays: dict[int, tuple[Stay, ...]] = {}
    for pk, *stay in rows_among("enterprises_enterpriselocation", columns, "enterprise_id", ids):
        stays[pk] = tuple(sorted((*stays.get(pk, ()), Stay(*stay)), key=lambda each: each.valid_from))
    return stays


def _periods(ids: list[int]) -> dict[int, tuple[Days, ...]]:
    columns = ("enterprise_id", "valid_from", "valid_to")
    periods: dict[int, tuple[Days, ...]] = {}
    for pk, first, last in rows_among("enterprises_hightechperiod", columns, "enterprise_id", ids):
        periods[pk] = (*periods.get(pk, ()), (first, last))
    return periods


_ACHIEVEMENT = (
    "enterprise_id",
    "stage",
    "effective_on",
    "ended_ground",
    "id",
    "ledger_number",
    "ended_on",
    "ended_reason",
    "certificate_number",
    "route",
    "note",
)
