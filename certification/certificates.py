"""The certificates of a caller's sight, narrowed by how they stand; what a list shows of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import Q

from .certificate_life import LIVING, Standing, State
from .models import Certificate
from .models.certificate import CertificateQuerySet
from .parameters import choice, code, number, text
from .services.certificate_facts import all_terms, state_of, states_of
from .workdays import months_after


class Attention(StrEnum):
    """What a living certificate needs attention for."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    EXPIRING = "expiring"
    CONVERTING = "converting"
    UNCONVERTED = "unconverted"


ATTENTION_NAMES: dict[Attention, tuple[str, str]] = {
    Attention.OVERDUE: ("监督审核逾期", "Surveillance overdue"),
    Attention.DUE_SOON: ("监督审核即将到期", "Surveillance due soon"),
    Attention.EXPIRING: ("证书即将到期", "Expiring soon"),
    Attention.CONVERTING: ("换版期限将至", "To be converted soon"),
    Attention.UNCONVERTED: ("应换版未换版", "Should have been converted"),
}
END_OF_MONTH = timedelta(days=3)  # the last days of a long month all come to the last day of a short one
MOST_DAYS = 1100  # the whole life of a certificate
FILTERS = (
    choice("standing", "How it stands today", [standing.value for standing in Standing]),
    choice("attention", "What a living certificate needs attention for", [each.value for each in Attention]),
    number("due_within", "Living, and a surveillance or its expiry due within so many days", most=MOST_DAYS),
    code("body", "Certification body"),
    code("enterprise", "Credit code"),
    text("number", "Beginning of the number", longest=60),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate with how it stands on a day, and what it needs attention for."""

    row: Certificate
    state: State
    attention: tuple[Attention, ...]
    days_left: int | None = None  # until the next surveillance is due; None: none is, or it is overdue
    convert_left: int | None = None  # until the last day of the conversion; None: none is asked for, or it has passed


def _whatever_is_due(account: Any, asked: Mapping[str, Any], *, on: date) -> CertificateQuerySet:
    """What the values of FILTERS leave, but for `due_within`."""
    rows: CertificateQuerySet = Certificate.objects.visible_to(account).standing(on=on)
    columns = {"standing": "standing", "body": "body", "enterprise": "enterprise__uscc"}
    rows = rows.filter(**{column: asked[name] for name, column in columns.items() if asked[name]})
    if asked["number"]:
        rows = rows.filter(number__startswith=asked["number"].upper())
    if asked["attention"]:
        alive: dict[str, Any] = {"standing__in": [standing.value for standing in LIVING]}
        living = rows.filter(**alive).prefetch_related("events")
        wanted = Attention(asked["attention"])
        rows = rows.filter(pk__in=[shown.row.pk for shown in shown_on(living, on=on) if wanted in shown.attention])
    return rows


def certificates_matching(account: Any, asked: Mapping[str, Any], *, on: date) -> CertificateQuerySet:
    """What the values of FILTERS leave of the certificates that the account may see."""
    rows = _whatever_is_due(account, asked, on=on)
    if not asked["due_within"]:
        return rows
    last = on + timedelta(days=asked["due_within"])
    return rows.filter(pk__in=[pk for pk, _day in _due_days(rows, on=on, until=last)])


def matching_with_counts(
    account: Any, asked: Mapping[str, Any], *, on: date
) -> tuple[CertificateQuerySet, list[tuple[int, int]]]:
    """What certificates_matching leaves; and for each notice of the settings, the longest first, its days and how many
    have something due within them of what the other values leave. The same few questions, however many there are.
    """
    notices = sorted(settings.CERTIFICATE_REMIND_DAYS_BEFORE, reverse=True)
    rows, wanted = _whatever_is_due(account, asked, on=on), asked["due_within"] or 0
    until = on + timedelta(days=max(notices[0], wanted))
    left = {pk: (day - on).days for pk, day in _due_days(rows, on=on, until=until)}
    counts = [(notice, sum(days <= notice for days in left.values())) for notice in notices]
    return rows.filter(pk__in=[pk for pk, days in left.items() if days <= wanted]) if wanted else rows, counts


def _due_days(rows: CertificateQuerySet, *, on: date, until: date) -> list[tuple[int, date]]:
    """The key and the next day of each living certificate among the rows that has something due by a day.

    The database leaves those whose last audit or expiry lies so that it can be; the day itself follows from the events.
    """
    alive: dict[str, Any] = {"standing__in": [standing.value for standing in LIVING]}
    terms = all_terms()
    months = [each.surveillance_months for each in terms.values()]
    near = Q(expires_on__range=(on, until))
    if months:
        last = _earliest(until, min(months)) + END_OF_MONTH
        near |= Q(last_audit__range=(_earliest(on, max(months)), last))
    found = rows.filter(**alive).with_last_audit(on=on).filter(near).prefetch_related("events")
    days = [(row.pk, next_due(row, state_of(row, on=on, terms=terms), on=on)) for row in found]
    return [(pk, day) for pk, day in days if day is not None and day <= until]


def _earliest(on: date, months: int) -> date:
    """The first day from which so many months may reach a day."""
    return months_after(on, -months) if months < 12 * (on.year - 1) else date.min


def next_due(row: Certificate, state: State, *, on: date) -> date | None:
    """The day of what is next of a living certificate, a surveillance or its expiry; what is overdue is no more due."""
    if state.standing not in LIVING:
        return None
    return min((day for day in (state.due_on, row.expires_on) if day is not None and day >= on), default=None)


def shown_on(rows: Iterable[Certificate], *, on: date) -> list[Shown]:
    """Each with its state; prefetch the events of many."""
    listed = list(rows)
    states = states_of(listed, on=on)
    return [
        Shown(row, state, attention(row, state, on=on), days_left(state, on=on), convert_left(state, on=on))
        for row in listed
        for state in [states[row.pk]]
    ]


def days_left(state: State, *, on: date) -> int | None:
    """How many days remain until the next surveillance is due."""
    return (state.due_on - on).days if state.due_on and state.due_on >= on else None


def convert_left(state: State, *, on: date) -> int | None:
    """How many days remain to convert a certificate that is still of an older edition."""
    return (state.convert_by - on).days if state.convert_by and state.convert_by >= on else None


def attention(row: Certificate, state: State, *, on: date) -> tuple[Attention, ...]:
    """What a living certificate needs attention for on a day."""
    if state.standing not in LIVING:
        return ()
    soon = on + timedelta(days=max(settings.CERTIFICATE_REMIND_DAYS_BEFORE))
    found = {
        Attention.OVERDUE: state.is_overdue,
        Attention.DUE_SOON: state.due_on is not None and on <= state.due_on <= soon,
        Attention.EXPIRING: row.expires_on <= soon,
        Attention.CONVERTING: state.convert_by is not None and on <= state.convert_by <= soon,
        Attention.UNCONVERTED: state.is_unconverted,
    }
    return tuple(each for each, is_so in found.items() if is_so)
