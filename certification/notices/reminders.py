"""Reminding reviewers and experts of time limits (期限提醒): once a working day, who has something due or overdue."""

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
from .outbox import write


def remind(*, at: datetime) -> int:
    """Tell each reviewer how much is due soon and overdue; how many were told. Again on the same day: nobody."""
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


def _due(account: Account, *, today: date, soon: date) -> dict[str, int]:
    """How much of a reviewer's own worklist is overdue or due soon, without what they may not decide."""
    barred = Exists(ties(account=account, enterprise=OuterRef("enterprise")))
    decided = Exists(earlier_decisions(account=account, application=OuterRef("pk"), turn=OuterRef("turn")))
    waiting = Application.objects.awaiting(account).filter(due_on__lte=soon).exclude(barred).exclude(decided)
    return waiting.order_by().aggregate(
        due_soon=Count("pk", filter=Q(due_on__gte=today)), overdue=Count("pk", filter=Q(due_on__lt=today))
    )
