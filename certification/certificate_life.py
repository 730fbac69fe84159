"""The life of a third-party certificate (证书状态): its status on any day, from its issue and its events. Pure.

A status is never kept: it follows from what happened. The one table of what may happen to a certificate, and when, is
EVENTS. The numbers (validity, surveillance, edition rules) are rows (models.EditionTerms), passed in as `Terms`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .workdays import months_after


class Standing(StrEnum):
    """How a certificate stands on a day."""

    NOT_YET = "not_yet"
    VALID = "valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    SURRENDERED = "surrendered"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    ANNULLED = "annulled"


STANDING_NAMES: dict[Standing, tuple[str, str]] = {
    Standing.NOT_YET: ("尚未生效", "Not yet issued"),
    Standing.VALID: ("有效", "Valid"),
    Standing.SUSPENDED: ("暂停", "Suspended"),
    Standing.WITHDRAWN: ("撤销", "Withdrawn by the body"),
    Standing.SURRENDERED: ("注销", "Surrendered"),
    Standing.EXPIRED: ("过期失效", "Expired"),
    Standing.SUPERSEDED: ("已由新证书接续", "Superseded"),
    Standing.ANNULLED: ("录入错误", "Recorded in error"),
}
LIVING = (Standing.VALID, Standing.SUSPENDED)
EVER = tuple(standing for standing in Standing if standing is not Standing.ANNULLED)


class Kind(StrEnum):
    """What may happen to a certificate; expiry happens by itself."""

    SURVEILLANCE = "surveillance"
    SUSPEND = "suspend"
    RESTORE = "restore"
    WITHDRAW = "withdraw"
    SURRENDER = "surrender"
    CONVERT = "convert"
    RENEW = "renew"
    CORRECT = "correct"
    ANNUL = "annul"


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of event: out of which standing, into which (None: it stays), how it ends the achievement (empty: not)."""

    kind: Kind
    name_zh: str
    name_en: str
    verb: str
    sources: tuple[Standing, ...]
    target: Standing | None = None
    ends: str = ""


EVENTS: dict[Kind, Event] = {
    event.kind: event
    for event in (
        Event(Kind.SURVEILLANCE, "监督审核通过", "Surveillance passed", "certificate.surveyed", LIVING),
        Event(Kind.SUSPEND, "暂停", "Suspend", "certificate.suspended", (Standing.VALID,), Standing.SUSPENDED),
        Event(Kind.RESTORE, "恢复", "Restore", "certificate.restored", (Standing.SUSPENDED,), Standing.VALID),
        Event(Kind.WITHDRAW, "撤销", "Withdraw", "certificate.withdrawn", LIVING, Standing.WITHDRAWN, "revoked"),
        Event(
            Kind.SURRENDER, "注销", "Surrender", "certificate.surrendered", LIVING, Standing.SURRENDERED, "withdrawn"
        ),
        Event(Kind.CONVERT, "换版（随监督审核）", "Convert at surveillance", "certificate.converted", LIVING),
        Event(
            Kind.RENEW, "再认证换发新证", "Re-certify", "certificate.renewed", LIVING, Standing.SUPERSEDED, "expired"
        ),
        Event(Kind.CORRECT, "更正误记的事项", "Correct an event recorded in error", "certificate.corrected", EVER),
        Event(
            Kind.ANNUL, "录入错误", "Annul as recorded in error", "certificate.annulled",
            EVER, Standing.ANNULLED, "annulled",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """What an edition of the standard asks of its certificates; months, and the days of its conversion."""

    edition: str
    term_months: int
    surveillance_months: int
    system_months: int
    applications_from: date | None = None
    applications_until: date | None = None
    convert_by: date | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """A certificate as it was issued; `expires_on` is its last day."""

    issued_on: date
    expires_on: date
    edition: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a certificate."""

    kind: Kind
    on: date
    edition: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """How a certificate stands on a day. `due_on`: the next surveillance; None: none is due before it expires.

    `convert_by`: of a living one whose edition is to be converted, the last day for that, whether passed or not.
    """

    standing: Standing
    since: date
    edition: str
    due_on: date | None = None
    is_overdue: bool = False
    is_unconverted: bool = False
    convert_by: date | None = None


def state_on(issue: Issue, events: Iterable[Happened], terms: Mapping[str, Terms], *, on: date) -> State:
    """The state at the end of a day. An annulled certificate never was, on any day."""
    told = list(events)
    if any(event.kind is Kind.ANNUL for event in told):
        return State(Standing.ANNULLED, issue.issued_on, issue.edition)
    if on < issue.issued_on:
        return State(Standing.NOT_YET, issue.issued_on, issue.edition)
    known = [event for event in told if event.on <= on]
    edition = next((event.edition for event in reversed(known) if event.kind is Kind.CONVERT), issue.edition)
    standing, since = _standing(issue, known, on)
    if standing not in LIVING:
        return State(standing, since, edition)
    due_on = surveillance_due(issue, known, terms.get(edition))
    convert_by = terms[edition].convert_by if edition in terms else None
    return State(
        standing=standing,
        since=since,
        edition=edition,
        due_on=due_on,
        is_overdue=due_on is not None and due_on < on,
        is_unconverted=convert_by is not None and convert_by < on,
        convert_by=convert_by,
    )


def _standing(issue: Issue, known: Sequence[Happened], on: date) -> tuple[Standing, date]:
    standing, since = Standing.VALID, issue.issued_on
    for event in known:
        if target := EVENTS[event.kind].target:
            standing, since = target, event.on
    if standing in LIVING and issue.expires_on < on:
        return Standing.EXPIRED, day_after(issue.expires_on)
    return standing, since


def surveillance_due(issue: Issue, known: Iterable[Happened], terms: Terms | None) -> date | None:
    """By when the next surveillance is due: counted from the last one, or from the issue.

    A conversion is made at a surveillance. What would be due after the last day is a matter of re-certification.
    """
    if terms is None:
        return None
    surveys = [event.on for event in known if event.kind in (Kind.SURVEILLANCE, Kind.CONVERT)]
    due_on = months_after(max(surveys, default=issue.issued_on), terms.surveillance_months)
    return due_on if due_on <= issue.expires_on and not _is_last(issue, due_on, terms) else None


def _is_last(issue: Issue, due_on: date, terms: Terms) -> bool:
    """Whether the day is the end of the term itself, which re-certification meets."""
    return due_on >= months_after(issue.issued_on, terms.term_months)


def possible(state: State) -> list[Event]:
    """What may happen to a certificate that stands so."""
    return [event for event in EVENTS.values() if state.standing in event.sources]


def first_impossible(issue: Issue, events: Sequence[Happened], terms: Mapping[str, Terms]) -> Happened | None:
    """The first of the events that could not have happened, given only those before it."""
    for place, event in enumerate(events):
        if EVENTS[event.kind] not in possible(state_on(issue, events[:place], terms, on=event.on)):
            return event
    return None


def accepts(terms: Terms, *, applied_on: date) -> bool:
    """Whether bodies accepted applications under the edition on a day."""
    since, until = terms.applications_from, terms.applications_until
    return (since is None or since <= applied_on) and (until is None or applied_on <= until)


def is_later(terms: Terms, other: Terms | None) -> bool:
    """Whether applications under the edition were accepted from a later day than under another one."""
    since = other.applications_from if other else None
    return terms.applications_from is not None and (since is None or since < terms.applications_from)


def longest_expiry(terms: Terms, *, issued_on: date) -> date:
    """The last day that a certificate issued on a day can have."""
    return months_after(issued_on, terms.term_months)


def day_after(day: date) -> date:
    return day + timedelta(days=1)
