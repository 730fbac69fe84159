"""Folding the ledger into the totals: take the entries after the checkpoint, re-derive their enterprises.

Because an enterprise's spans are derived whole and compared with what is stored, folding is idempotent:
running it twice, at once, late or out of order gives the same totals.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import islice
from operator import add
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from enterprises.models import Enterprise
from ledger.bulk import rows_among, select
from ledger.models import LedgerHead
from ledger.prepared import Prepared
from ledger.verbs import Verb

from ..models import Total, TotalsCheckpoint
from ..models.plan import Reading
from .days import DAY_TABLE, VALUES
from .measures import Measure, measures_in_force
from .projection import COLUMNS, SINGLY, SPAN_TABLE, Cell, Deltas, span_queries, tally
from .sets import rederive, touch

logger = logging.getLogger(__name__)
STEP = 2000  # so many entries are looked at one by one; more (after an import) are folded in sets
CELLS = 500  # to one statement
FACT_VERBS = (
    Verb.ACHIEVEMENT_RECORDED,
    Verb.ACHIEVEMENT_ENDED,
    Verb.ACHIEVEMENT_ANNULLED,
    Verb.ACHIEVEMENT_REVOKED,
    Verb.ACHIEVEMENT_REINSTATED,
)
# What changes an enterprise's share in the ratio of high-tech enterprises.
STANDING_VERBS = (Verb.HIGH_TECH_GRANTED, Verb.HIGH_TECH_ENDED, Verb.ENTERPRISE_RELOCATED)


@transaction.atomic
def fold(*, at: datetime) -> int:
    """Fold everything that the ledger holds beyond the checkpoint; returns the entries taken in."""
    done = _where_to_begin(locked_checkpoint())
    rows = list(select(_ENTRIES, [done, STEP + 1]))
    if not rows:
        return 0
    measures = measures_in_force(on=timezone.localdate(at))
    if len(rows) <= STEP:
        last = rows[-1][0]
        _fold_each(rows, measures)
    else:
        last = _head()
        touch(done, last, facts=FACT_VERBS, standings=STANDING_VERBS)
        for before, after in rederive(measures):
            add_to_totals(difference(before, after))
    TotalsCheckpoint.objects.filter(pk=1).update(number=last, folded_at=at)
    return int(last - done)


def _where_to_begin(checkpoint: TotalsCheckpoint) -> int:
    """The last number folded; the beginning, if that lies beyond the ledger's end: folding again does no harm."""
    if checkpoint.number <= _head():
        return checkpoint.number
    logger.error("checkpoint %d is beyond the ledger's end: everything is folded again", checkpoint.number)
    return 0


def lag() -> int:
    """How many ledger entries have not been folded yet."""
    done = TotalsCheckpoint.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    return _head() - done


def _head() -> int:
    found = _HEAD.rows()
    return found[0][0] if found else 0


_HEAD = Prepared(lambda: LedgerHead.objects.filter(pk=1).values_list("number"))


_ENTRIES = (
    "SELECT number, verb, enterprise, supersedes FROM ledger_ledgerentry WHERE number > %s ORDER BY number LIMIT %s"
)


def _fold_each(rows: Sequence[tuple[Any, ...]], measures: Sequence[Measure]) -> None:
    """Derive anew what some entries (number, verb, enterprise, supersedes) touch."""
    facts = [supersedes or number for number, verb, _, supersedes in rows if verb in FACT_VERBS]
    columns = ("enterprise_id", "stage")
    touched = list(rows_among("certification_achievement", columns, "ledger_number", facts))
    stages = {stage for _, stage in touched}
    refold({pk for pk, _ in touched}, [measure for measure in measures if measure.stage in stages])
    moved = {enterprise for _, verb, enterprise, _ in rows if verb in STANDING_VERBS}
    if moved:
        ids = Enterprise.objects.filter(uscc__in=moved).values_list("pk", flat=True)
        refold(ids, [measure for measure in measures if measure.reading == Reading.COVERAGE])


def locked_checkpoint() -> TotalsCheckpoint:
    """The checkpoint row, locked: only one process folds at a time."""
    checkpoint, _ = TotalsCheckpoint.objects.select_for_update().get_or_create(pk=1)
    return checkpoint


def refold(enterprises: Collection[int], measures: Sequence[Measure]) -> None:
    """Derive these enterprises' spans of these measures anew and carry the difference into the totals."""
    if not (enterprises and measures):
        return
    indicators = ", ".join(f"'{measure.indicator}'" for measure in measures)
    listed = ", ".join(str(int(pk)) for pk in sorted(enterprises))
    moved = f"RETURNING {SINGLY}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {SPAN_TABLE} WHERE enterprise_id IN ({listed}) AND indicator IN ({indicators}) {moved}"
        )
        before = tally(cursor.fetchall())
        queries = " UNION ALL ".join(span_queries(measures, listed))
        cursor.execute(f"INSERT INTO {SPAN_TABLE} ({COLUMNS}) {queries} {moved}")
        after = tally(cursor.fetchall())
    carry(difference(before, after))


def difference(before: Deltas, after: Deltas) -> Deltas:
    """`after - before` per cell, cells without a change left out."""
    nothing = (0, 0, 0, 0)
    changed = {
        cell: tuple(new - old for new, old in zip(after.get(cell, nothing), before.get(cell, nothing), strict=True))
        for cell in before.keys() | after.keys()
    }
    return {cell: values for cell, values in changed.items() if any(values)}


def carry(changes: Deltas) -> None:
    """Add changes by day to the stored totals of months and days."""
    months: dict[Cell, list[int]] = {}
    for (indicator, unit, day), values in changes.items():
        month = months.setdefault((indicator, unit, day // 100), [0, 0, 0, 0])
        month[:] = map(add, month, values)
    add_to_totals({cell: tuple(values) for cell, values in months.items() if any(values)})
    days = {(indicator, unit, day // 100, day % 100): values for (indicator, unit, day), values in changes.items()}
    _add(DAY_TABLE, "indicator, unit, month, day", days)


def add_to_totals(changes: Deltas) -> None:
    """Add the changes to the stored totals of the months."""
    _add(Total._meta.db_table, "indicator, unit, month", changes)


def _add(table: str, key: str, changes: Mapping[Any, tuple[int, ...]]) -> None:
    """In a fixed order, so that two writers cannot deadlock."""
    addition = f" ON CONFLICT ({key}) DO UPDATE SET " + ", ".join(f"{c} = {table}.{c} + excluded.{c}" for c in VALUES)
    insertion = f"INSERT INTO {table} ({key}, {', '.join(VALUES)}) VALUES "
    cells = iter(sorted(changes))
    with connection.cursor() as cursor:
        while part := list(islice(cells, CELLS)):
            values: list[Any] = [value for cell in part for value in (*cell, *changes[cell])]
            marks = f"({', '.join(['%s'] * (len(values) // len(part)))})"
            cursor.execute(insertion + ", ".join([marks] * len(part)) + addition, values)
