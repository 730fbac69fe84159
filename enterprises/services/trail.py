"""Writing the audit trail. A request that fails is told so even when its event could not be written."""

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.db import DatabaseError, transaction
from django.http import HttpRequest

from ledger.models import LedgerEntry

from ..asking import current_request
from ..models import Account, AuditEvent, EventKind

logger = logging.getLogger(__name__)
PATH_LENGTH = AuditEvent._meta.get_field("path").max_length
# A detail holds codes: no spaces, no Chinese, no @, so neither a sentence nor a name nor an address.
CODE = re.compile(r"[A-Za-z0-9_.:/#+-]{0,120}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MOST_VALUES = 60
LEAST_DAYS = 185  # the database lets go of nothing younger than 184 (migration 0009)
Detail = Mapping[str, Any]


class NotACode(ValueError):
    """The detail of an event holds what the trail does not keep: free text, or more than a list of codes."""


def note(
    kind: EventKind,
    *,
    request: HttpRequest | None,
    account: Account | None,
    at: datetime,
    path: str = "",
    detail: Detail | None = None,
) -> None:
    """Put one event on the trail. `path`: without it, the request's.

    `detail`: what it was about, e.g. {"list": "enterprises", "rows": 120}. Its values are codes, whole numbers, truth
    values, null, or lists of these; raises NotACode for others.
    """
    row = event(kind, request=request, account=account, at=at, detail=detail)
    row.path = _kept_path(path) or row.path
    _save(row)


def note_refusal(request: HttpRequest, *, account: Account | None, at: datetime, path: str, status: int) -> None:
    """Put a refused request on the trail, with the status of its answer."""
    row = event(EventKind.REFUSED, request=request, account=account, at=at)
    row.path, row.status = _kept_path(path), status
    _save(row)


def note_change(
    kind: EventKind, entry: LedgerEntry, *, account: Account | None, fields: Sequence[str] = (), about: str = ""
) -> None:
    """Put a change that the ledger records on the trail too, in the same transaction: without its event there is none.

    `fields`: the names of what was changed. `about`: the code of the account, where it is not the entry's subject.
    """
    detail = {"verb": entry.verb, "subject": entry.subject, "number": entry.number, "about": about or None}
    note_strictly(kind, account=account, at=entry.at, detail=detail | {"fields": list(fields)[:MOST_VALUES] or None})


def note_strictly(kind: EventKind, *, account: Account | None, at: datetime, detail: Detail) -> None:
    """Put an event on the trail in the transaction of what it tells of; what cannot be written ends that too."""
    said = {name: _coded(value) for name, value in detail.items() if value is not None}
    event(kind, request=current_request(), account=account, at=at, detail=said).save(force_insert=True)


def _coded(value: Any) -> Any:
    """A code that has a blank in it, as the names of editions do."""
    return value.replace(" ", "_") if isinstance(value, str) else value


def _kept_path(path: str) -> str:
    """A path as it can be kept: PostgreSQL takes no NUL, and an event must not be lost over what was asked for."""
    return CONTROL.sub("?", path)[:PATH_LENGTH]


def _save(row: AuditEvent) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except DatabaseError:
        logger.exception("audit event not written: %s %s", row.kind, row.path)


def event(
    kind: EventKind, *, request: HttpRequest | None, account: Account | None, at: datetime, detail: Detail | None = None
) -> AuditEvent:
    """An event that is not written yet."""
    return AuditEvent(
        at=at,
        kind=kind,
        account=account,
        role=account.role if account else "",
        address=address_of(request),
        method=(request.method or "")[:10] if request else "",
        path=_kept_path(request.path) if request else "",
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
        detail=_codes(detail or {}),
    )


@transaction.atomic
def prune(*, at: datetime) -> int:
    """Delete the events whose time is over (AUDIT_TRAIL_DAYS) and say so on the trail; returns how many."""
    before = at - timedelta(days=max(settings.AUDIT_TRAIL_DAYS, LEAST_DAYS))
    count, _ = AuditEvent.objects.filter(at__lt=before).delete()
    if count:
        detail = {"rows": count, "before": before.date().isoformat()}
        event(EventKind.TRAIL_PRUNED, request=None, account=None, at=at, detail=detail).save(force_insert=True)
    return count


def _codes(detail: Detail) -> dict[str, Any]:
    for name, value in detail.items():
        values = value if isinstance(value, list | tuple) else [value]
        if not CODE.fullmatch(name) or len(values) > MOST_VALUES or not all(map(_is_code, values)):
            raise NotACode(f"the audit trail keeps codes only: {name}")
    return dict(detail)


def _is_code(value: Any) -> bool:
    return value is None or isinstance(value, int) or (isinstance(value, str) and bool(CODE.fullmatch(value)))


def address_of(request: HttpRequest | None) -> str | None:
    """Where a request came from, as the web server says."""
    given = request.META.get("REMOTE_ADDR", "") if request else ""
    try:
        validate_ipv46_address(given)
    except ValidationError:
        return None
    return str(given)
