"""How a title (称号) stands on a day: worked out from its document, its re-examinations and its end. Pure.

A passed re-examination opens the next period. A title that waits for a re-examination is not over before that is held,
however late: who was late is seen, and nothing lapses because a result was not entered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .workdays import months_after


class Standing(StrEnum):
    """How a title stands."""

    VALID = "valid"
    OVERDUE = "overdue"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    ANNULLED = "annulled"


STANDING_NAMES: dict[Standing, tuple[str, str]] = {
    Standing.VALID: ("有效", "In force"),
    Standing.OVERDUE: ("有效，复核逾期", "In force, re-examination overdue"),
    Standing.EXPIRED: ("期满", "Period over"),
    Standing.WITHDRAWN: ("注销", "Given up"),
    Standing.REVOKED: ("撤销", "Revoked"),
    Standing.ANNULLED: ("录入错误", "Recorded in error"),
}
HELD = (Standing.VALID, Standing.OVERDUE)


@dataclass(frozen=True, slots=True)
class Period:
    """Until when a title holds (None: no end is set) and when it is re-examined (None: never)."""

    valid_until: date | None = None
    reexamine_on: date | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A title on a day. `days_left`: until its re-examination; below zero: so many days overdue."""

    standing: Standing
    valid_until: date | None
    due_on: date | None
    days_left: int | None

    @property
    def days_late(self) -> int:
        return max(-(self.days_left or 0), 0)

    @property
    def is_held(self) -> bool:
        return self.standing in HELD


def state_on(given: Period, passed: Sequence[Period], *, ended: str, on: date) -> State:
    """`given`: the period of the document; `passed`: those that re-examinations opened since; `ended`: why it ended."""
    period = passed[-1] if passed else given
    due_on = None if ended else period.reexamine_on
    left = (due_on - on).days if due_on else None
    if ended:
        standing = Standing(ended)
    elif left is not None:
        standing = Standing.OVERDUE if left < 0 else Standing.VALID
    else:
        is_over = period.valid_until is not None and period.valid_until < on
        standing = Standing.EXPIRED if is_over else Standing.VALID
    return State(standing, period.valid_until, due_on, left)


def next_due(day: date, months: int | None, *, until: date | None) -> date | None:
    """When a title is re-examined next, never after its last day; None where its kind is not re-examined."""
    if months is None:
        return None
    due = months_after(day, months)
    return min(due, until) if until else due
