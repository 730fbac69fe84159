"""The worklists of reviewers (待办): which applications lie where, from the reviewer's own level."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from enterprises.models import Account, Enterprise

from .models import Application, ApplicationStep
from .querysets import ApplicationQuerySet
from .rights import ROLE_OF_LEVEL
from .stages import CLOSED_STATUSES, OPEN_STATUSES, WITH_PANEL, WITH_REVIEWER, Status

PAGE_SIZE = 20
LEVEL_OF_ROLE = {role: level for level, role in ROLE_OF_LEVEL.items()}


class Queue(StrEnum):
    """Where an application lies, seen from one level."""

    PENDING = "pending"
    REVIEWING = "reviewing"
    RETURNED = "returned"
    PANEL = "panel"
    ELSEWHERE = "elsewhere"
    CLOSED = "closed"


QUEUE_NAMES = {
    Queue.PENDING: _("待受理"),
    Queue.REVIEWING: _("审核中"),
    Queue.RETURNED: _("已退回"),
    Queue.PANEL: _("评审和公示"),
    Queue.ELSEWHERE: _("其他层级在办"),
    Queue.CLOSED: _("已办结"),
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a reviewer narrows the list to; empty: everything. `words`: a number, or a fragment of a name or code."""

    words: str = ""
    stage: str = ""
    status: str = ""
    overdue: bool = False


def worklist(account: Account, queue: Queue, narrowing: Narrowing, *, on: date) -> ApplicationQuerySet:
    """The applications of a queue as list rows, the most pressing first."""
    arrival = ApplicationStep.objects.filter(application=OuterRef("pk")).order_by("-turn").values("entered_at")[:1]
    rows = Application.objects.visible_to(account).filter(_lies_in(queue, account))
    rows = _narrowed(rows, narrowing, on=on).with_file().annotate(entered_at=Subquery(arrival))
    if queue is Queue.CLOSED:
        return rows.order_by("-closed_at", "-id")
    limit = "correct_by" if queue is Queue.RETURNED else "due_on"
    return rows.order_by(F(limit).asc(nulls_last=True), "id")


@dataclass(frozen=True, slots=True)
class Tab:
    """A queue with how many lie in it, and how many of them are overdue."""

    queue: Queue
    name: Any
    count: int
    overdue: int


def tabs(account: Account, *, on: date) -> list[Tab]:
    """All queues with their numbers; one query."""
    wanted: dict[str, Count] = {}
    for queue in Queue:
        lies_here = _lies_in(queue, account)
        wanted[queue.value] = Count("pk", filter=lies_here)
        wanted[f"{queue.value}_overdue"] = Count("pk", filter=lies_here & _overdue(on))
    counted = Application.objects.visible_to(account).aggregate(**wanted)
    return [
        Tab(queue, name, counted[queue.value], counted[f"{queue.value}_overdue"]) for queue, name in QUEUE_NAMES.items()
    ]


def _overdue(on: date) -> Q:
    """Past the reviewers' time limit, or past the applicant's for a correction."""
    return Q(due_on__lt=on, status__in=_values(WITH_REVIEWER)) | Q(correct_by__lt=on, status=Status.RETURNED.value)


def _level(account: Account) -> str:
    return LEVEL_OF_ROLE.get(account.role, "")


def _values(statuses: tuple[Status, ...]) -> list[str]:
    return [status.value for status in statuses]


def _lies_in(queue: Queue, account: Account) -> Q:
    here = Q(level=_level(account))
    return {
        Queue.PENDING: here & Q(status=Status.SUBMITTED.value),
        Queue.REVIEWING: here & Q(status=Status.ACCEPTED.value),
        Queue.RETURNED: here & Q(status=Status.RETURNED.value),
        Queue.PANEL: Q(status__in=_values(WITH_PANEL)),
        Queue.ELSEWHERE: ~here & Q(status__in=_values(OPEN_STATUSES)) & ~Q(status__in=_values(WITH_PANEL)),
        Queue.CLOSED: Q(status__in=_values(CLOSED_STATUSES)),
    }[queue]


def _narrowed(rows: ApplicationQuerySet, narrowing: Narrowing, *, on: date) -> ApplicationQuerySet:
    if narrowing.stage:
        rows = rows.filter(stage=narrowing.stage)
    if narrowing.status:
        rows = rows.filter(status=narrowing.status)
    if narrowing.overdue:
        rows = rows.filter(_overdue(on))
    if narrowing.words:
        named = Enterprise.objects.found_by(narrowing.words).values("pk")
        rows = rows.filter(Q(number__iexact=narrowing.words) | Q(enterprise__in=named))
    return rows
