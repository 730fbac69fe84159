"""The recount: count everything from the achievements and hold the stored totals and spans against it.

First it only counts (counts.py): every total, cell by cell, and every span, by sums. If that is not what is
stored, or if it is asked to be thorough, every span is derived and compared (exact.py), which names what differs.

Counting runs beside the daily work (no lock while it reads); differences are looked at again after the
ledger has been folded and, before they are believed, once more under the locks of checkpoint and ledger,
so that a decision taken meanwhile is neither mistaken for one nor lost in the repair.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ledger.canonical import digest
from ledger.models import LedgerHead
from ledger.record import SYSTEM, Fact, next_number, record
from ledger.unreadable import UNREADABLE
from ledger.verbs import Verb

from ..models import TotalsCheckpoint
from .broken import clear, fact_faults, faults, small_faults
from .checkpoint import add_to_totals, difference, fold, locked_checkpoint
from .counts import count, firsts_are_sound, note_firsts, stored_prints
from .days import days_agree, replace_days
from .exact import FRESH, NAMED, Progress, Recount, compare, derive, put_in_place, stored_totals
from .measures import Measure, measures_in_force
from .projection import deltas, span_queries

ATTEMPTS = 3


def recount(
    *, at: datetime, repair: bool, thorough: bool = False, progress: Progress = lambda done, total: None
) -> Recount:
    """Count everything from the achievements; with `repair`, correct what differs and put it on record.

    `thorough` derives and compares every span, in any case. What cannot even be read is named (`broken`).
    """
    broken = small_faults()
    if not broken:
        try:
            return _recount(at, progress, thorough, repair=repair)
        except UNREADABLE:
            broken = faults()
            if not broken:
                raise
    if not repair:
        return Recount(0, broken=tuple(broken))
    return _recount_without(broken, at, progress)


@transaction.atomic
def _recount_without(broken: list[str], at: datetime, progress: Progress) -> Recount:
    """Clear away what is derived and cannot be read, then count; facts that cannot be read are left to the ledger."""
    clear()
    try:
        with transaction.atomic():
            found = _recount(at, progress, thorough=True, repair=True)
    except UNREADABLE:
        if not (left := faults()):
            raise
        return Recount(0, broken=tuple(left))
    return replace(found, broken=(*broken, *found.broken), repaired=not found.broken)


def _recount(at: datetime, progress: Progress, thorough: bool, *, repair: bool) -> Recount:
    if repair:
        note_firsts()
    for _ in range(ATTEMPTS):
        fold(at=at)
        head = _head()
        found = _count(at, progress, thorough)
        if found.is_clean or head == _head():
            break
    if not found.is_clean:
        if broken := fact_faults():
            return replace(found, broken=tuple(broken))
        found = replace(_settle(at, progress, thorough, repair=repair), repaired=repair)
    if repair:
        TotalsCheckpoint.objects.filter(pk=1).update(recounted_at=at, definition=definition(at))
    return found


def definition(at: datetime) -> str:
    """A digest of how everything is counted on a day: the queries themselves."""
    return digest("\n".join(span_queries(measures_in_force(on=timezone.localdate(at)))).encode())


def is_outdated(*, at: datetime) -> bool:
    """Whether the stored totals were counted by another definition (a new release, a revised indicator)."""
    stored = TotalsCheckpoint.objects.filter(pk=1).values_list("definition", flat=True).first()
    return stored != definition(at)


def bring_up_to_date(*, at: datetime) -> Recount | None:
    """Fold, or count everything anew where the definition has changed since; then that is no incident."""
    if is_outdated(at=at):
        return recount(at=at, repair=True)
    fold(at=at)
    return None


def _count(at: datetime, progress: Progress, thorough: bool) -> Recount:
    measures = measures_in_force(on=timezone.localdate(at))
    agreed = None if thorough else _agreed(measures, progress)
    if agreed is not None:
        return Recount(agreed)
    derive(measures, progress)
    return compare()


def _agreed(measures: Sequence[Measure], progress: Progress) -> int | None:
    """How many cells were compared, if what is stored is what the achievements give; else None."""
    progress(0, 2)
    if not firsts_are_sound():
        return None
    counted, stored = count(measures), stored_totals()
    progress(1, 2)
    prints, moments = stored_prints()
    agreed = counted.totals == stored and counted.prints == prints and days_agree(stored, moments)
    progress(2, 2)
    return len(stored) if agreed else None


@transaction.atomic
def _settle(at: datetime, progress: Progress, thorough: bool, *, repair: bool) -> Recount:
    """Count again while nothing can be recorded or folded, so that what differs now is really wrong."""
    locked_checkpoint()
    next_number()
    fold(at=at)
    found = _count(at, progress, thorough)
    if repair and not found.is_clean:
        _repair(found, at)
    return found


def _head() -> int:
    return LedgerHead.objects.values_list("number", flat=True).get(pk=1)


def _repair(found: Recount, at: datetime) -> None:
    """Put the derived spans, totals and days in place of the stored ones."""
    put_in_place()
    replace_days(FRESH)
    add_to_totals(difference(stored_totals(), deltas(FRESH)))
    cells = [
        {"cell": f"{d.indicator}/{d.unit}/{d.month}", "column": d.column, "stored": d.stored, "counted": d.counted}
        for d in found.differences[:NAMED]
    ]
    spans = [
        {
            "span": f"{d.indicator}/{d.aspect}/{d.unit}/{d.start}",
            "enterprise": d.enterprise,
            "stored": d.stored,
            "counted": d.counted,
        }
        for d in found.spans
    ]
    payload = {
        "differences": len(found.differences),
        "wrong_spans": found.wrong_spans,
        "missing_spans": found.missing_spans,
        "redefined": is_outdated(at=at),
        "first": cells,
        "spans": spans,
    }
    record(Fact(Verb.TOTALS_REPAIRED, "totals", payload), actor=SYSTEM, at=at)
