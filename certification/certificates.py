"""The certificates of a caller's sight, narrowed by how they stand; what a list shows of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings

from .certificate_life import LIVING, Standing, State
from .models import Certificate
from .models.certificate import CertificateQuerySet
from .parameters import choice, code, text
from .services.certificate_facts import states_of


class Attention(StrEnum):
    """What a living certificate needs attention for."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    EXPIRING = "expiring"
    UNCONVERTED = "unconverted"


ATTENTION_NAMES: dict[Attention, tuple[str, str]] = {
    Attention.OVERDUE: ("监督审核逾期", "Surveillance overdue"),
    Attention.DUE_SOON: ("监督审核即将到期", "Surveillance due soon"),
    Attention.EXPIRING: ("证书即将到期", "Expiring soon"),
    Attention.UNCONVERTED: ("应换版未换版", "Should have been converted"),
}
FILTERS = (
    choice("standing", "How it stands today", [standing.value for standing in Standing]),
    choice("attention", "What a living certificate needs attention for", [each.value for each in Attention]),
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


def certificates_matching(account: Any, asked: Mapping[str, Any], *, on: date) -> CertificateQuerySet:
    """What the values of FILTERS leave of the certificates that the account may see."""
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


def shown_on(rows: Iterable[Certificate], *, on: date) -> list[Shown]:
    """Each with its state; prefetch the events of many."""
    listed = list(rows)
    states = states_of(listed, on=on)
    return [
        Shown(row, state, attention(row, state, on=on), days_left(state, on=on))
        for row in listed
        for state in [states[row.pk]]
    ]


def days_left(state: State, *, on: date) -> int | None:
    """How many days remain until the next surveillance is due."""
    return (state.due_on - on).days if state.due_on and state.due_on >= on else None


def attention(row: Certificate, state: State, *, on: date) -> tuple[Attention, ...]:
    """What a living certificate needs attention for on a day."""
    if state.standing not in LIVING:
        return ()
    soon = on + timedelta(days=max(settings.CERTIFICATE_REMIND_DAYS_BEFORE))
    found = {
        Attention.OVERDUE: state.is_overdue,
        Attention.DUE_SOON: state.due_on is not None and on <= state.due_on <= soon,
        Attention.EXPIRING: row.expires_on <= soon,
        Attention.UNCONVERTED: state.is_unconverted,
    }
    return tuple(each for each, is_so in found.items() if is_so)
