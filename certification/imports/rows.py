"""Rows of the achievement table between reading and writing."""

from datetime import date
from typing import NamedTuple


class AchievementRow(NamedTuple):
    """A row that is right in itself. None and "": not stated."""

    line: int
    uscc: str
    stage: str
    effective_on: date
    ended_on: date | None
    ended_reason: str
    certificate: str
    route: str
    note: str

    @property
    def is_annulled(self) -> bool:
        return self.ended_reason == "annulled"


class Standing(NamedTuple):
    """An enterprise's place and status on the day of an achievement."""

    enterprise_id: int
    unit: str
    township: str
    high_tech: bool


class NewAchievement(NamedTuple):
    """A row to be recorded; `is_first`: nothing of its enterprise and stage has been."""

    row: AchievementRow
    standing: Standing
    is_first: bool


class Ending(NamedTuple):
    """A row whose achievement is on record and is now ended."""

    row: AchievementRow
    achievement_id: int
    ledger_number: int
