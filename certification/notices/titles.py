"""Reminding of re-examinations of titles (称号复核): the enterprise and the city, some days before and once overdue.

How many days before stands in the settings.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from enterprises.models import Account
from enterprises.roles import Role

from ..models import Achievement, Message
from ..titles import due_by
from .outbox import write

LATE = "late"


def remind_of_titles(*, at: datetime) -> int:
    """Tell of every held title what is due within the longest notice; how many messages. Again: none."""
    today = timezone.localdate(at)
    last = today + timedelta(days=max(settings.TITLE_REMIND_DAYS_BEFORE))
    rows = list(due_by(last).order_by("pk"))
    people = _applicants({row.enterprise_id for row in rows})
    city = list(Account.objects.filter(role=Role.CITY_REVIEWER, is_active=True).values_list("pk", flat=True))
    found = [message for row in rows for message in _messages(row, people, city, on=today, at=at)]
    told = set(Message.objects.filter(source__in={row.source for row in found}).values_list("recipient", "source"))
    fresh = [row for row in found if (row.recipient_id, row.source) not in told]
    write(fresh, at=at)
    return len(fresh)


def mark_of(due_on: date, *, on: date) -> str:
    """Under which mark people are told: the fewest days before that have come, or that it is overdue."""
    left = (due_on - on).days
    if left < 0:
        return LATE
    return str(min(days for days in settings.TITLE_REMIND_DAYS_BEFORE if left <= days))


def _messages(
    row: Achievement, people: dict[int, list[int]], city: list[int], *, on: date, at: datetime
) -> Iterator[Message]:
    due_on: date = row.due_on  # type: ignore[attr-defined]
    mark = mark_of(due_on, on=on)
    for account in [*people.get(row.enterprise_id, []), *city]:
        yield Message(
            recipient_id=account,
            kind="title.overdue" if mark == LATE else "title.due",
            source=f"title:{row.ledger_number}:{due_on}:{mark}",
            about=f"title:{row.ledger_number}",
            params={"due_on": str(due_on)},
            created_at=at,
        )


def _applicants(enterprises: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = Account.objects.filter(role=Role.APPLICANT, is_active=True, enterprise__in=enterprises)
    for enterprise, pk in rows.values_list("enterprise", "pk"):
        found.setdefault(int(enterprise or 0), []).append(pk)
    return found
