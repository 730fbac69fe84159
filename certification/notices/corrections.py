"""Reminding enterprises of returned applications (补正期限提醒): some working days before the last day for the
correction. How many days before stands in the settings.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from enterprises.models import Account
from enterprises.roles import Role
from ledger.prepared import ask

from ..models import Application, Message
from ..services.working_days import calendar
from ..stages import Status
from .outbox import write


def remind_of_corrections(*, at: datetime) -> int:
    """Tell the people of each enterprise whose last day is near; how many messages. Again: none."""
    today, marks = timezone.localdate(at), sorted(settings.CORRECTION_REMIND_WORKING_DAYS_BEFORE)
    known = ask(calendar(after=today, until=date.max))
    until = known.plus(today, marks[-1])
    near = Application.objects.filter(status=Status.RETURNED.value, correct_by__range=(today, until))
    rows = [
        (row, next(mark for mark in marks if known.between(today, last) <= mark))
        for row in near.select_related("enterprise").order_by("pk")
        if (last := row.correct_by) is not None
    ]
    people = _applicants({row.enterprise_id for row, _mark in rows})
    found = [message for row, mark in rows for message in _messages(row, mark, people, at=at)]
    told = set(Message.objects.filter(source__in={row.source for row in found}).values_list("recipient", "source"))
    fresh = [row for row in found if (row.recipient_id, row.source) not in told]
    write(fresh, at=at)
    return len(fresh)


def _messages(row: Application, mark: int, people: dict[int, list[int]], *, at: datetime) -> Iterator[Message]:
    """One to each of its people under a mark; a later return of the same application has another last day."""
    for account in people.get(row.enterprise_id, []):
        yield Message(
            recipient_id=account,
            kind="application.correction_due",
            source=f"correction:{row.pk}:{row.correct_by}:{mark}",
            about=f"application:{row.number}",
            params={
                "enterprise": row.enterprise.uscc,
                "stage": row.stage,
                "level": row.level,
                "correct_by": str(row.correct_by),
            },
            created_at=at,
        )


def _applicants(enterprises: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = Account.objects.filter(role=Role.APPLICANT, is_active=True, enterprise__in=enterprises)
    for enterprise, pk in rows.values_list("enterprise", "pk"):
        found.setdefault(int(enterprise or 0), []).append(pk)
    return found
