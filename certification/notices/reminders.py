"""Reminding reviewers and experts of time limits (期限提醒): once a working day, who has something due or overdue; the
city is told of experts who are late, batch by batch.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from enterprises.models import Account
from enterprises.roles import REVIEWERS, Role
from ledger.prepared import ask

from ..models import Application, Evaluation, EvaluationState, Message
from ..rights import earlier_decisions, ties
from ..services.working_days import calendar
from ..stages import Status
from .outbox import write


def remind(*, at: datetime) -> int:
    """Tell each reviewer and expert how much is due soon and overdue, the city which batches have late experts; how
    many messages. Again on the same day: none.
    """
    today = timezone.localdate(at)
    known = ask(calendar(after=date.min, until=date.max))
    if not known.is_working_day(today):
        return 0
    soon = known.plus(today, settings.REMIND_WORKING_DAYS_BEFORE)
    source = f"due:{today}"
    told = Message.objects.filter(recipient=OuterRef("pk"), source=source)
    reviewers = Account.objects.filter(role__in=REVIEWERS, is_active=True).exclude(Exists(told))
    rows = list(_messages(reviewers.iterator(), source, today=today, soon=soon, at=at))
    experts = Account.objects.filter(role=Role.EXPERT, is_active=True).exclude(Exists(told))
    rows += list(_to_experts(experts.iterator(), source, today=today, soon=soon, at=at))
    rows += _to_city(today=today, at=at)
    write(rows, at=at)
    return len(rows)


def _messages(reviewers: Iterator[Account], source: str, *, today: date, soon: date, at: datetime) -> Iterator[Message]:
    for account in reviewers:
        counted = _due(account, today=today, soon=soon)
        if any(counted.values()):
            yield Message(recipient=account, kind="steps.due", source=source, params=counted, created_at=at)


def _to_experts(experts: Iterator[Account], source: str, *, today: date, soon: date, at: datetime) -> Iterator[Message]:
    for account in experts:
        rows = Evaluation.objects.filter(expert=account, state=EvaluationState.ASSIGNED, due_on__lte=soon)
        counted = rows.order_by().aggregate(
            due_soon=Count("pk", filter=Q(due_on__gte=today)), overdue=Count("pk", filter=Q(due_on__lt=today))
        )
        if any(counted.values()):
            yield Message(recipient=account, kind="evaluation.due", source=source, params=counted, created_at=at)


def _to_city(*, today: date, at: datetime) -> list[Message]:
    """Of each batch with late experts one message to each of the city's reviewers."""
    late = Evaluation.objects.overdue(on=today).filter(application__status=Status.EVALUATING.value).order_by()
    counted = dict(late.values_list("application__batch__code").annotate(Count("pk")))
    people = Account.objects.filter(role=Role.CITY_REVIEWER, is_active=True).values_list("pk", flat=True)
    sources = {code: f"late:{code}:{today}" for code in counted}
    told = set(Message.objects.filter(source__in=sources.values()).values_list("recipient", "source"))
    return [
        Message(
            recipient_id=pk,
            kind="evaluation.overdue",
            source=sources[code],
            about=f"batch:{code}",
            params={"overdue": count},
            created_at=at,
        )
        for code, count in sorted(counted.items())
        for pk in people
        if (pk, sources[code]) not in told
    ]


def _due(account: Account, *, today: date, soon: date) -> dict[str, int]:
    """How much of a reviewer's own worklist is overdue or due soon, without what they may not decide."""
    barred = Exists(ties(account=account, enterprise=OuterRef("enterprise")))
    decided = Exists(earlier_decisions(account=account, application=OuterRef("pk"), turn=OuterRef("turn")))
    waiting = Application.objects.awaiting(account).filter(due_on__lte=soon).exclude(barred).exclude(decided)
    return waiting.order_by().aggregate(
        due_soon=Count("pk", filter=Q(due_on__gte=today)), overdue=Count("pk", filter=Q(due_on__lt=today))
    )
