"""By which batch an application enters: the one whose window is open, or that of a granted late entry."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from ledger.prepared import Day

from ..models import Batch, LateEntry
from ..stages import STAGES


def late_entries(*, enterprise: Any, on: Day) -> "QuerySet[LateEntry]":
    """The late entries by which an enterprise may apply on a day: until the seed of the batch is public."""
    running = Q(batch__state__in=["open", "closed"], batch__drawn_at__isnull=True)
    return LateEntry.objects.filter(running, enterprise=enterprise, until__gte=on).order_by("-pk")


def batch_entered(stage: str, *, enterprise: int, on: date) -> Batch | None:
    """The batch that a stage is applied for in; None also for a stage that has no batches."""
    if not STAGES[stage].has_panel:
        return None
    opened = Batch.objects.open_window(on=on).filter(stage=stage).first()
    if opened is not None or not STAGES[stage].has_ranking:
        return opened
    late = late_entries(enterprise=enterprise, on=on).filter(batch__stage=stage)
    found = late.select_related("batch__sheet").first()
    return found.batch if found else None
