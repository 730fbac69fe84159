"""What the decisions on an application make of it: its stays at the levels of the route, and where it is left.

Derived from the decisions alone, in the order of the ledger; audit_casework.py holds the rows against it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from ledger.canonical import to_milliseconds

from .models import ApplicationStep, Decision
from .stages import CLOCK_STANDS, MOVES, Move, Then

MOVE_OF = {(move.action, move.source.value, move.target.value): move for move in MOVES}


@dataclass(slots=True)
class Stay:
    """One stay at one level, with the day from which its clock runs (none: it stands)."""

    turn: int
    level: str
    entered_at: datetime
    clock_from: date | None
    accepted_at: datetime | None = None
    closed_at: datetime | None = None


def move_of(decision: Decision) -> Move | None:
    """The move that a decision says was made, if there is such a move."""
    return MOVE_OF.get((decision.action, decision.from_status, decision.to_status))


def left_at(decision: Decision, route: Sequence[str]) -> tuple[int, str]:
    """Turn and level at which a decision left its application."""
    move = move_of(decision)
    if move is None or move.then is not Then.NEXT:
        return decision.turn, decision.level
    after = route[route.index(decision.level) + 1 :] if decision.level in route else ()
    return decision.turn + 1, after[0] if after else ""


def stays(decisions: Iterable[Decision], route: Sequence[str]) -> list[Stay]:
    """The stays of an application, as its decisions in their order make them."""
    found: list[Stay] = []
    for decision in decisions:
        move = move_of(decision)
        if move is None:
            continue
        if found and move.then in (Then.NEXT, Then.LEAVE):
            found[-1].closed_at = decision.at
        if move.then in (Then.ENTER, Then.NEXT):
            day = timezone.localdate(decision.at)
            found.append(Stay(*left_at(decision, route), entered_at=decision.at, clock_from=day))
        elif found and move.then is Then.STAY:
            _meanwhile(found[-1], move, decision.at)
    return found


def _meanwhile(stay: Stay, move: Move, at: datetime) -> None:
    """Accepted, returned to the applicant, or back from there; or with the experts and the public."""
    stay.clock_from = None if move.target in CLOCK_STANDS else timezone.localdate(at)
    if move.action == "accept":
        stay.accepted_at = at


def same_stays(said: Sequence[Stay], kept: Iterable[ApplicationStep]) -> bool:
    """Whether there is one step for each stay, with its turn, level, moments and clock; a clock that runs has a day."""
    rows = sorted(kept, key=lambda step: step.turn)
    if any((row.due_on is None) != (row.clock_from is None) for row in rows):
        return False
    return [_columns(stay) for stay in said] == [_columns(row) for row in rows]


def _columns(stay: Stay | ApplicationStep) -> tuple[object, ...]:
    moments = (stay.entered_at, stay.accepted_at, stay.closed_at)
    return stay.turn, stay.level, stay.clock_from, *(at and to_milliseconds(at) for at in moments)
