"""Handing an export over: as an attachment that no browser runs, with one event on the audit trail."""

from datetime import datetime
from typing import IO

from django.http import FileResponse, HttpRequest
from django.utils.http import content_disposition_header

from enterprises.models import Account, EventKind
from enterprises.services.trail import note

from .jobs import Ready
from .making import Made, Order
from .sheets import MEDIA_TYPES


def hand_over(request: HttpRequest, order: Order, made: Made, *, at: datetime) -> FileResponse:
    """An export that was made now."""
    return _handed_over(request, order, made.file, rows=made.rows, at=at)


def hand_over_file(request: HttpRequest, ready: Ready, *, at: datetime) -> FileResponse:
    """An export that a job has made."""
    return _handed_over(request, ready.order, ready.path.open("rb"), rows=ready.rows, at=at)


def _handed_over(request: HttpRequest, order: Order, file: IO[bytes], *, rows: int, at: datetime) -> FileResponse:
    """What strangers may have leaves no event: it is what anybody may look at, as often as they like."""
    account = order.asked.account
    if isinstance(account, Account):
        detail = {**order.detail, "rows": rows}
        note(EventKind.EXPORTED, request=request, account=account, at=at, detail=detail)
    response = FileResponse(file, content_type=MEDIA_TYPES[order.form])
    response["Content-Disposition"] = content_disposition_header(True, order.filename) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
