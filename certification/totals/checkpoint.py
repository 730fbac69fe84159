"""Folding the ledger into the totals: take the entries after the checkpoint, re-derive their enterprises.

Because an enterprise's spans are derived whole and compared with what is stored, folding is idempotent:
running it twice, at once, late or out of order gives the same totals.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from enterprises.models import Enterprise
from ledger.bulk import rows_among, select
from ledger.models import LedgerHead
from ledger.verbs import Verb

from ..models import Achievement, Total, TotalsCheckpoint
from ..models.plan import Reading
from .measures import Measure, measures_in_force
from .projection import COLUMNS, TALLIED, Deltas, deltas, span_queries, tally

STEP = 2000
SPAN_TABLE = "certification_span"
# So many waiting entries, and so large a share of all facts, are folded by deriving everything at once.
WHOLE_FROM, WHOLE_SHARE = 5 * STEP, 3
FACT_VERBS = (
    Verb.ACHIEVEMENT_RECORDED,
    Verb.ACHIEVEMENT_ENDED,
    Verb.ACHIEVEMENT_ANNULLED,
    Verb.ACHIEVEMENT_REVOKED,
)
# What changes an enterprise's share in the ratio of high-tech enterprises.
STANDING_VERBS = (Verb.HIGH_TECH_GRANTED, Verb.HIGH_TECH_ENDED, Verb.ENTERPRISE_RELOCATED)


def fold(*, at: datetime) -> int:
    """Fold everything that the ledger holds beyond the checkpoint; returns the entries taken in."""
    taken = step = _fold_step(at=at)
    while step >= STEP:
        waiting = lag()
        many = waiting > WHOLE_FROM and waiting * WHOLE_SHARE > _achievements()
        step = _fold_whole(at=at) if many else _fold_step(at=at)
        taken += step
    return taken


def lag() -> int:
    """How many ledger entries have not been folded yet."""
    head = LedgerHead.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    done = TotalsCheckpoint.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    return head - done


def _achievements() -> int:
    """About how many achievements there are."""
    return Achievement.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


_ENTRIES = (
    "SELECT number, verb, enterprise, supersedes FROM ledger_ledgerentry WHERE number > %s ORDER BY number LIMIT %s"
)


@transaction.atomic
def _fold_step(*, at: datetime) -> int:
    """Take in the next entries: derive anew what they touch."""
    checkpoint = locked_checkpoint()
    rows = list(select(_ENTRIES, [checkpoint.number, STEP]))
    if not rows:
        return 0
    measures = measures_in_force(on=timezone.localdate(at))
    facts = [supersedes or number for number, verb, _, supersedes in rows if verb in FACT_VERBS]
    columns = ("enterprise_id", "stage")
    touched = list(rows_among("certification_achievement", columns, "ledger_number", facts))
    stages = {stage for _, stage in touched}
    refold({pk for pk, _ in touched}, [measure for measure in measures if measure.stage in stages])
    moved = {enterprise for _, verb, enterprise, _ in rows if verb in STANDING_VERBS}
    if moved:
        ids = Enterprise.objects.filter(uscc__in=moved).values_list("pk", flat=True)
        refold(ids, [measure for measure in measures if measure.reading == Reading.COVERAGE])
    TotalsCheckpoint.objects.filter(pk=1).update(number=rows[-1][0], folded_at=at)
    return len(rows)


@transaction.atomic
def _fold_whole(*, at: datetime) -> int:
    """As many entries as make it cheaper to derive everything once (after an import)."""
    done = locked_checkpoint().number
    head = LedgerHead.objects.values_list("number", flat=True).get(pk=1)
    before = deltas(SPAN_TABLE)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {SPAN_TABLE}")
        for query in span_queries(measures_in_force(on=timezone.localdate(at))):
            cursor.execute(f"INSERT INTO {SPAN_TABLE} ({COLUMNS}) {query}")
    add_to_totals(difference(before, deltas(SPAN_TABLE)))
    TotalsCheckpoint.objects.filter(pk=1).update(number=head, folded_at=at)
    return head - done


def locked_checkpoint() -> TotalsCheckpoint:
    """The checkpoint row, locked: only one process folds at a time."""
    checkpoint, _ = TotalsCheckpoint.objects.select_for_update().get_or_create(pk=1)
    return checkpoint


def refold(enterprises: Collection[int], measures: Sequence[Measure]) -> None:
    """Derive these enterprises' spans of these measures anew and carry the difference into the totals."""
    if not (enterprises and measures):
        return
    ids = sorted(enterprises)
    indicators = ", ".join(f"'{measure.indicator}'" for measure in measures)
    listed = ", ".join(str(int(pk)) for pk in ids)
    moved = f"RETURNING {TALLIED}, 1"
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {SPAN_TABLE} WHERE enterprise_id IN ({listed}) AND indicator IN ({indicators}) {moved}"
        )
        before = tally(cursor.fetchall())
        queries = " UNION ALL ".join(span_queries(measures, ids))
        cursor.execute(f"INSERT INTO {SPAN_TABLE} ({COLUMNS}) {queries} {moved}")
        after = tally(cursor.fetchall())
    add_to_totals(difference(before, after))


def difference(before: Deltas, after: Deltas) -> Deltas:
    """`after - before` per cell, cells without a change left out."""
    nothing = (0, 0, 0, 0)
    changed = {
        cell: tuple(new - old for new, old in zip(after.get(cell, nothing), before.get(cell, nothing), strict=True))
        for cell in before.keys() | after.keys()
    }
    return {cell: values for cell, values in changed.items() if any(values)}


def add_to_totals(changes: Deltas) -> None:
    """Add the changes to the stored totals, in a fixed order so that two writers cannot deadlock."""
    table = Total._meta.db_table
    sql = (
        f"INSERT INTO {table} (indicator, unit, month, gained, in_opening, valid, base) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (indicator, unit, month) DO UPDATE SET "
        f"gained = {table}.gained + excluded.gained, in_opening = {table}.in_opening + excluded.in_opening, "
        f"valid = {table}.valid + excluded.valid, base = {table}.base + excluded.base"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(*cell, *changes[cell]) for cell in sorted(changes)])
