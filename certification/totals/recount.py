"""The full recount: derive every span from the achievements and hold the stored totals against it.

Counting runs beside the daily work (no lock while it reads); differences are looked at again after the
ledger has been folded and, before they are believed, once more under the locks of checkpoint and ledger,
so that a decision taken meanwhile is neither mistaken for one nor lost in the repair.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from ledger.canonical import digest
from ledger.models import LedgerHead
from ledger.record import SYSTEM, Fact, next_number, record
from ledger.verbs import Verb

from ..models import Total, TotalsCheckpoint
from .checkpoint import add_to_totals, difference, fold, locked_checkpoint
from .measures import measures_in_force
from .projection import COLUMNS, SPAN_TABLE, Cell, Deltas, deltas, span_queries

FRESH = "recount_fresh"
ATTEMPTS = 3
NAMED = 20
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored total that is not what the achievements give."""

    indicator: str
    unit: str
    month: int
    column: str
    stored: int
    counted: int

    def __str__(self) -> str:
        return (
            f"{self.indicator} {self.unit} {self.month // 100}-{self.month % 100:02d} "
            f"{self.column}：存储 {self.stored}，重新计数 {self.counted}"
        )


@dataclass(frozen=True, slots=True)
class Recount:
    """Outcome: cells compared, totals that differ, spans that differ (stored but wrong, or missing)."""

    cells: int
    differences: tuple[Difference, ...]
    wrong_spans: int
    missing_spans: int

    @property
    def is_clean(self) -> bool:
        return not (self.differences or self.wrong_spans or self.missing_spans)


def recount(*, at: datetime, repair: bool, progress: Progress = lambda done, total: None) -> Recount:
    """Count everything from the achievements; with `repair`, correct what differs and put it on record."""
    for _ in range(ATTEMPTS):
        fold(at=at)
        head = _head()
        found = _count(at, progress)
        if found.is_clean or head == _head():
            break
    if not found.is_clean:
        found = _settle(at, progress, repair=repair)
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


def _count(at: datetime, progress: Progress) -> Recount:
    _derive(at, progress)
    return _compare()


@transaction.atomic
def _settle(at: datetime, progress: Progress, *, repair: bool) -> Recount:
    """Count again while nothing can be recorded or folded, so that what differs now is really wrong."""
    locked_checkpoint()
    next_number()
    fold(at=at)
    found = _count(at, progress)
    if repair and not found.is_clean:
        _repair(found, at)
    return found


def _head() -> int:
    return LedgerHead.objects.values_list("number", flat=True).get(pk=1)


def _derive(at: datetime, progress: Progress) -> None:
    queries = span_queries(measures_in_force(on=timezone.localdate(at)))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {FRESH}")
        cursor.execute(f"CREATE TEMPORARY TABLE {FRESH} AS SELECT {COLUMNS} FROM {SPAN_TABLE} WHERE 1 = 0")
        for done, query in enumerate(queries):
            progress(done, len(queries))
            cursor.execute(f"INSERT INTO {FRESH} ({COLUMNS}) {query}")
    progress(len(queries), len(queries))


def _compare() -> Recount:
    counted, stored = deltas(FRESH), stored_totals()
    wrong, missing = (0, 0) if _spans_agree() else _span_differences()
    return Recount(
        cells=len(counted | stored),
        differences=tuple(_differences(stored, counted)),
        wrong_spans=wrong,
        missing_spans=missing,
    )


def stored_totals() -> Deltas:
    """The totals as they are stored, cells that are zero throughout left out."""
    rows = Total.objects.values_list("indicator", "unit", "month", "gained", "in_opening", "valid", "base")
    return {
        (indicator, unit, month): tuple(values) for indicator, unit, month, *values in rows.iterator() if any(values)
    }


def _differences(stored: Deltas, counted: Deltas) -> list[Difference]:
    columns = ("gained", "in_opening", "valid", "base")
    nothing = (0, 0, 0, 0)
    return [
        Difference(*cell, column=column, stored=old, counted=new)
        for cell in sorted(difference(stored, counted))
        for column, old, new in zip(columns, stored.get(cell, nothing), counted.get(cell, nothing), strict=True)
        if old != new
    ]


def _spans_agree() -> bool:
    """Whether both tables hold the same spans: as many, and each derived one (all differ) among the stored ones."""
    if _rows(FRESH) != _rows(SPAN_TABLE):
        return False
    if connection.vendor == "sqlite":
        return _only_in(FRESH, SPAN_TABLE) == 0
    # A hash join: half the time of EXCEPT on PostgreSQL. SQLite would look each span up by the wrong index.
    same = " AND ".join(f"s.{column} IS NOT DISTINCT FROM f.{column}" for column in ("stop", "achievement_id"))
    plain = ("enterprise_id", "indicator", "aspect", "start", "unit", "in_opening")
    same += "".join(f" AND s.{column} = f.{column}" for column in plain)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {FRESH} f WHERE NOT EXISTS (SELECT 1 FROM {SPAN_TABLE} s WHERE {same})")
        return int(cursor.fetchone()[0]) == 0


def _span_differences() -> tuple[int, int]:
    """(stored ones that are wrong, derived ones that are missing).

    EXCEPT compares sets: a span that is stored twice shows in the number of rows only.
    """
    wrong, missing = _only_in(SPAN_TABLE, FRESH), _only_in(FRESH, SPAN_TABLE)
    doubled = _rows(SPAN_TABLE) - wrong - (_rows(FRESH) - missing)
    return wrong + max(doubled, 0), missing


def _rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _only_in(one: str, other: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM (SELECT {COLUMNS} FROM {one} EXCEPT SELECT {COLUMNS} FROM {other}) AS rest"
        )
        return int(cursor.fetchone()[0])


def _repair(found: Recount, at: datetime) -> None:
    """Put the derived spans and totals in place of the stored ones."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {SPAN_TABLE}")
        cursor.execute(f"INSERT INTO {SPAN_TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM {FRESH}")
    add_to_totals(difference(stored_totals(), deltas(FRESH)))
    named = [
        {
            "cell": _cell_code((d.indicator, d.unit, d.month)),
            "column": d.column,
            "stored": d.stored,
            "counted": d.counted,
        }
        for d in found.differences[:NAMED]
    ]
    payload = {
        "differences": len(found.differences),
        "wrong_spans": found.wrong_spans,
        "missing_spans": found.missing_spans,
        "redefined": is_outdated(at=at),
        "first": named,
    }
    record(Fact(Verb.TOTALS_REPAIRED, "totals", payload), actor=SYSTEM, at=at)


def _cell_code(cell: Cell) -> str:
    return "/".join(map(str, cell))
