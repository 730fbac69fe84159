"""Reminding of certificates (证书到期提醒): some days before a surveillance, an expiry or a conversion is due, and once
when it is overdue. How many days before stands in the settings.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from enterprises.models import Account
from enterprises.roles import Role

from ..certificate_life import LIVING, State, Terms
from ..models import Certificate, Message
from ..services.certificate_facts import all_terms, state_of
from .outbox import write

LATE = "late"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due of a certificate; `mark`: how many days before people are told, or that it is overdue."""

    what: str
    on: date
    mark: str


def remind_of_certificates(*, at: datetime) -> int:
    """Tell the people of each enterprise of what is due, and the city of what is overdue; how many messages."""
    today, terms = timezone.localdate(at), all_terms()
    alive: dict[str, Any] = {"standing__in": [standing.value for standing in LIVING]}
    rows = Certificate.objects.standing(on=today).filter(**alive).prefetch_related("events")
    found = [(row, due) for row in rows for due in dues(row, state_of(row, on=today, terms=terms), terms, on=today)]
    people = _applicants({row.enterprise_id for row, _due in found})
    city = list(Account.objects.filter(role=Role.CITY_REVIEWER, is_active=True).values_list("pk", flat=True))
    messages = [
        (message, sources(row, due))
        for row, due in found
        for message in _messages(row, due, people.get(row.enterprise_id, []), city, at=at)
    ]
    asked = {source for _message, known in messages for source in known}
    told = set(Message.objects.filter(source__in=asked).values_list("recipient", "source"))
    fresh = [row for row, known in messages if not told & {(row.recipient_id, source) for source in known}]
    write(fresh, at=at)
    return len(fresh)


def dues(row: Certificate, state: State, terms: Mapping[str, Terms], *, on: date) -> Iterator[Due]:
    """What of a living certificate is due within the longest notice, each under its latest mark."""
    known = terms.get(state.edition)
    days = {"surveillance": state.due_on, "expiry": row.expires_on, "conversion": known.convert_by if known else None}
    for what, day in days.items():
        if day is None:
            continue
        left = (day - on).days
        marks = [mark for mark in settings.CERTIFICATE_REMIND_DAYS_BEFORE if left <= mark]
        if left < 0:
            yield Due(what, day, LATE)
        elif marks:
            yield Due(what, day, str(min(marks)))


def sources(row: Certificate, due: Due) -> list[str]:
    """The source of a reminder and of those after it: who was told that it is late is not told that it is soon.

    A clock may have run ahead and been put back.
    """
    marks = [*sorted(settings.CERTIFICATE_REMIND_DAYS_BEFORE, reverse=True), LATE]
    after = [str(mark) for mark in marks]
    return [f"certificate:{row.pk}:{due.what}:{due.on}:{mark}" for mark in after[after.index(due.mark) :]]


def _applicants(enterprises: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = Account.objects.filter(role=Role.APPLICANT, is_active=True, enterprise__in=enterprises)
    for enterprise, pk in rows.values_list("enterprise", "pk"):
        found.setdefault(int(enterprise or 0), []).append(pk)
    return found


def _messages(row: Certificate, due: Due, people: list[int], city: list[int], *, at: datetime) -> Iterator[Message]:
    is_late = due.mark == LATE
    for account in [*people, *(city if is_late else [])]:
        yield Message(
            recipient_id=account,
            kind="certificate.overdue" if is_late else "certificate.due",
            source=sources(row, due)[0],
            about=f"certificate:{row.number}",
            params={"due_what": due.what, "due_on": str(due.on)},
            created_at=at,
        )
