"""How a paper of the bureau stands on a day, from its events and those of what it attests. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum


class Standing(StrEnum):
    """What a verification says."""

    VALID = "valid"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class Event(StrEnum):
    """What may happen to a paper after it was issued."""

    SUSPENDED = "suspended"
    RESTORED = "restored"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


# What the city does, by the name that the API has for it, as for the certificates of other bodies.
ACTS: dict[str, Event] = {
    "suspend": Event.SUSPENDED,
    "restore": Event.RESTORED,
    "revoke": Event.REVOKED,
    "supersede": Event.SUPERSEDED,
}
# What may follow on what: the events that a paper admits as it stands.
ADMITS: dict[Standing, tuple[Event, ...]] = {
    Standing.VALID: (Event.SUSPENDED, Event.REVOKED, Event.SUPERSEDED),
    Standing.SUSPENDED: (Event.RESTORED, Event.REVOKED),
    Standing.LAPSED: (Event.REVOKED,),
    Standing.REVOKED: (),
    Standing.SUPERSEDED: (),
}
# An achievement that ended, as its certificate shows it; one recorded by mistake was never attested rightly.
SHOWN_AS = {
    "revoked": Standing.REVOKED,
    "annulled": Standing.REVOKED,
    "withdrawn": Standing.LAPSED,
    "expired": Standing.LAPSED,
}
FINAL = {Event.REVOKED: Standing.REVOKED, Event.SUPERSEDED: Standing.SUPERSEDED}

Happened = tuple[str, date]  # an event and its day, in the order of the ledger


def standing(
    events: Iterable[Happened], *, on: date, valid_until: date | None = None, ended: Happened | None = None
) -> tuple[Standing, date | None]:
    """How it stands on a day, and since when (None: from the beginning).

    `valid_until`: its last day. `ended`: why and when the achievement ended that the paper attests.
    """
    past = [(Event(event), day) for event, day in events if day <= on]
    for event, day in past:
        if event in FINAL:
            return FINAL[event], day
    if ended and (ended[1] <= on or ended[0] == "annulled"):
        return SHOWN_AS[ended[0]], ended[1]
    if valid_until and valid_until < on:
        return Standing.LAPSED, valid_until + timedelta(days=1)
    if past and past[-1][0] is Event.SUSPENDED:
        return Standing.SUSPENDED, past[-1][1]
    return Standing.VALID, None
