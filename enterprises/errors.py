"""A refusal is an answer: what is not possible, why, and what to do (pure)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from .language import _


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why something is not done (不予办理的原因), in the language of the person who asked.

    `field` names the input, `rule` the passage it follows from, `possible_on` the first day on which it
    would be possible where a wait is the reason, `remedy` what to do.
    """

    code: str
    message: str
    field: str = ""
    remedy: str = ""
    rule: str = ""
    possible_on: date | None = None


class Refused(Exception):
    """Nothing was changed, for these reasons; all of them at once."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(_("；").join(refusal.message for refusal in self.refusals))


class Duplicate(Refused):
    """The thing exists already."""


class NotAllowed(Refused):
    """The person may not do this (their role or their own interest forbids it)."""


class NotPossible(Refused):
    """The object is not in a state in which this can be done."""


class Stale(Refused):
    """The object was changed by someone else since it was read."""


def refuse(code: str, message: str, *, field: str = "", remedy: str = "") -> Refused:
    """A Refused with one reason."""
    return Refused([Refusal(code, message, field=field, remedy=remedy)])


def refuse_together(*checks: Callable[[], object]) -> None:
    """Make every check, then raise Refused with the reasons of all that failed."""
    found: list[Refusal] = []
    for check in checks:
        try:
            check()
        except Refused as refused:
            found.extend(refused.refusals)
    if found:
        raise Refused(found)
