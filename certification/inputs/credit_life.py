"""How the credit of an enterprise stands on a day: worked out from its checks, never kept as a flag. Pure.

Of each source the latest check made by the day counts, for as long as it is good. An adverse one outweighs all others;
clear is only who has a clear one of every source that is needed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CreditStanding(StrEnum):
    """How credit stands."""

    CLEAR = "clear"
    ADVERSE = "adverse"
    EXPIRED = "expired"
    NONE = "none"


STANDING_NAMES: dict[CreditStanding, tuple[str, str]] = {
    CreditStanding.CLEAR: ("核查通过", "Clear"),
    CreditStanding.ADVERSE: ("有不良记录", "Adverse record"),
    CreditStanding.EXPIRED: ("核查已过期", "Check expired"),
    CreditStanding.NONE: ("未核查", "Not checked"),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that stands: of which source, the day, the last day of the result; `number` orders those of one day."""

    source: str
    checked_on: date
    valid_until: date
    is_clear: bool
    number: int = 0


@dataclass(frozen=True, slots=True)
class CreditState:
    """Credit on a day. `valid_until`: the last day on which it stands so without a new check (None: it says nothing).

    `lacking`: the needed sources of which no good result is there.
    """

    standing: CreditStanding
    valid_until: date | None
    lacking: tuple[str, ...]


def credit_on(checks: Iterable[Checked], *, needed: Collection[str], on: date) -> CreditState:
    """How credit stands on a day; `checks` without those that were annulled."""
    latest = latest_on(checks, on=on)
    good = [check for check in latest.values() if check.valid_until >= on]
    clear = {check.source for check in good if check.is_clear}
    lacking = tuple(sorted(set(needed) - clear))
    adverse = [check.valid_until for check in good if not check.is_clear]
    if adverse:
        return CreditState(CreditStanding.ADVERSE, max(adverse), lacking)
    if clear and not lacking:
        until = min(check.valid_until for check in good if check.source in (needed or clear))
        return CreditState(CreditStanding.CLEAR, until, ())
    was_checked = bool(latest) and set(lacking) <= set(latest)
    return CreditState(CreditStanding.EXPIRED if was_checked else CreditStanding.NONE, None, lacking)


def latest_on(checks: Iterable[Checked], *, on: date) -> dict[str, Checked]:
    """Of each source the latest check made by a day, good or not."""
    made = [check for check in checks if check.checked_on <= on]
    return {check.source: check for check in sorted(made, key=lambda each: (each.checked_on, each.number))}
