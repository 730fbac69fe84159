"""Reading the audit trail: what an officer looks for in it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count

from ledger.days import beginning, end

from .models import AuditEvent, EventKind

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Sought:
    """Events of a kind, account (by its name) or address, on days from `since` up to and including `until`."""

    kind: str | None = None
    account: str | None = None
    address: str | None = None
    since: date | None = None
    until: date | None = None


def events(sought: Sought) -> "QuerySet[AuditEvent]":
    """The events that fit."""
    conditions = {
        "kind": sought.kind,
        "account__username": sought.account,
        "address": sought.address,
        "at__gte": beginning(sought.since),
        "at__lt": end(sought.until),
    }
    return AuditEvent.objects.filter(**{name: value for name, value in conditions.items() if value is not None})


SUMMED = (
    EventKind.LOGIN,
    EventKind.LOGIN_FAILED,
    EventKind.LOCKED_OUT,
    EventKind.REFUSED,
    EventKind.EXPORTED,
    EventKind.SETTING_CHANGED,
    EventKind.ACCOUNT_CHANGED,
    EventKind.PASSWORD_CHANGED,
)


def summary(*, at: datetime) -> list[tuple[EventKind, int]]:
    """How many events of each kind there were in the 24 hours before `at`."""
    recent = AuditEvent.objects.filter(at__gt=at - timedelta(days=1), at__lte=at).order_by()
    counts = dict(recent.values_list("kind").annotate(count=Count("pk")))
    return [(kind, counts.get(kind.value, 0)) for kind in SUMMED]
