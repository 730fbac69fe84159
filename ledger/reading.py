"""Reading the ledger: what an auditor looks for in it, and what stands around an entry."""

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from .days import beginning, end
from .models import LedgerEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Sought:
    """Entries numbered from `first` to `last`, on days from `since` to `until` (both included), and so on."""

    first: int | None = None
    last: int | None = None
    since: date | None = None
    until: date | None = None
    verb: str | None = None
    subject: str | None = None
    enterprise: str | None = None
    actor: str | None = None
    role: str | None = None


def entries(sought: Sought) -> "QuerySet[LedgerEntry]":
    """The entries that fit, without their canonical bytes."""
    conditions = {
        "number__gte": sought.first,
        "number__lte": sought.last,
        "at__gte": beginning(sought.since),
        "at__lt": end(sought.until),
        "verb": sought.verb,
        "subject": sought.subject,
        "enterprise": sought.enterprise,
        "actor": sought.actor,
        "role": sought.role,
    }
    asked = {name: value for name, value in conditions.items() if value is not None}
    return LedgerEntry.objects.filter(**asked).defer("canonical")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The numbers of the entries before and after one, in the whole ledger and in its enterprise's chain."""

    previous: int | None
    next: int | None
    enterprise_previous: int | None
    enterprise_next: int | None
    superseded_by: int | None


def neighbours(entry: LedgerEntry) -> Neighbours:
    """Where an auditor goes from an entry; None: there is none."""
    around = LedgerEntry.objects.filter(number__in=(entry.number - 1, entry.number + 1))
    numbers = set(around.values_list("number", flat=True))
    chain: dict[int, int] = {}
    if entry.enterprise and entry.enterprise_seq:
        beside = Q(enterprise_seq=entry.enterprise_seq - 1) | Q(enterprise_seq=entry.enterprise_seq + 1)
        rows = LedgerEntry.objects.filter(beside, enterprise=entry.enterprise)
        chain = {(seq or 0) - entry.enterprise_seq: number for seq, number in rows.values_list("enterprise_seq", "pk")}
    later = LedgerEntry.objects.filter(subject=entry.subject, supersedes=entry.number, number__gt=entry.number)
    return Neighbours(
        previous=entry.number - 1 if entry.number - 1 in numbers else None,
        next=entry.number + 1 if entry.number + 1 in numbers else None,
        enterprise_previous=chain.get(-1),
        enterprise_next=chain.get(1),
        superseded_by=later.values_list("number", flat=True).first(),
    )


def content_of(payload: str) -> dict[str, Any]:
    """What an entry's payload says. One that was altered behind the product's back is given under `unreadable` as it
    is: an auditor has to be able to look at it; that it is altered is for the verification to say.
    """
    try:
        content = json.loads(payload)
    except (ValueError, TypeError, RecursionError):
        content = None
    return content if isinstance(content, dict) else {"unreadable": str(payload)}


def canonical_of(entry: LedgerEntry) -> str:
    """The exact bytes of an entry as text; what is no UTF-8 in them as escapes, since an altered entry may hold any."""
    kept: Any = entry.canonical
    return kept if isinstance(kept, str) else bytes(kept).decode(errors="backslashreplace")
