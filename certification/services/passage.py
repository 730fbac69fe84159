"""One move under way: who makes which move of which application and says what, and what must be known for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from enterprises.models import Account
from enterprises.places import Place, place_of
from ledger.prepared import Question, ask_together
from ledger.record import SYSTEM, Actor

from ..gates import Dossier
from ..models import Application
from ..stages import Move, Status, gates_of
from ..workdays import WorkCalendar
from .achievements import effective_day
from .documents import Drawn, Wording, wordings
from .dossiers import dossier
from .rulebooks import Rules
from .standing import Standing
from .working_days import calendar

STARTS_A_LIMIT = (Status.SUBMITTED, Status.ACCEPTED, Status.RETURNED)


@dataclass(frozen=True, slots=True)
class Remark:
    """What the person says with a move: a comment, and for a return all defects at once."""

    comment: str = ""
    defects: Sequence[dict[str, str]] = ()


NO_REMARK = Remark()


@dataclass(frozen=True, slots=True)
class Passage:
    """One move under way. `actor`: None where the registry itself makes it."""

    row: Application
    move: Move
    rules: Rules
    standing: Standing
    actor: Account | None
    at: datetime
    remark: Remark

    @property
    def gates(self) -> tuple[str, ...]:
        return gates_of(self.move, self.row.stage)

    @property
    def acting(self) -> Actor:
        """Under which code and role the ledger speaks of whoever makes it."""
        return self.actor.as_actor() if self.actor else SYSTEM

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)

    def last_day_for_correction(self, calendar: WorkCalendar) -> date | None:
        """Of a return, until when it may be answered: counted once, from the day of the return; None: no limit."""
        if self.move.target is not Status.RETURNED:
            return None
        days = self.rules.step_at(self.row.level).correction_days
        return calendar.plus(self.day, days) if days else None

    def drawn(self, known: "Known") -> Drawn:
        """What its papers say; of a panel's result, if the move rests on one."""
        remark, result = self.remark, known.dossier.panel if known.dossier else None
        last = self.last_day_for_correction(known.calendar)
        said = (remark.comment, remark.defects, result, last)
        return Drawn(self.row, self.rules.rule, self.row.level, self.day, *said)


@dataclass(frozen=True, slots=True)
class Known:
    """What a move asks of the calendar; of the enterprise, if it has gates; of its place, if it grants; in which
    words its papers are issued.
    """

    calendar: WorkCalendar
    dossier: Dossier | None
    place: Place | None
    wordings: Sequence[Wording]


_NOTHING: Question[None] = Question((), lambda found: None)


def known_for(passage: Passage) -> Known:
    row, move, day = passage.row, passage.move, passage.day
    step = passage.standing.step
    since = step.clock_from if step and step.clock_from else day
    days = calendar(after=min(since, day), until=date.max if move.target in STARTS_A_LIMIT else day)
    gates = dossier(row.enterprise, on=day, application=row, gates=passage.gates) if passage.gates else _NOTHING
    place = place_of(row.enterprise, on=effective_day(row, on=day)) if move.grants else _NOTHING
    return Known(*ask_together(days, gates, place, wordings(row.rule_id, move.action, row.level)))
