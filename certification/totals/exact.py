"""Deriving every span anew and holding each one against the stored ones, and the totals against both.

This is what names a difference and what a repair is made from; where nothing differs, the counts (counts.py) say
so in a fraction of the time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from ledger.bulk import select

from .checkpoint import difference
from .days import VALUES, different_days
from .measures import Measure, day_of
from .projection import COLUMNS, SPAN_TABLE, Deltas, deltas, span_queries

DAYS = 1_000_000  # numbers of months are below, numbers of days above
FRESH, REST = "recount_fresh", "recount_rest"
NAMED = 20
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored total that is not what the achievements give; `month`: yyyymm, or yyyymmdd of a day's."""

    indicator: str
    unit: str
    month: int
    column: str
    stored: int
    counted: int

    def __str__(self) -> str:
        return _("%(indicator)s %(unit)s %(month)s %(column)s：存储 %(stored)s，重新计数 %(counted)s") % {
            "indicator": self.indicator,
            "unit": self.unit,
            "month": f"{self.month // 100}-{self.month % 100:02d}" if self.month < DAYS else _day(self.month),
            "column": self.column,
            "stored": self.stored,
            "counted": self.counted,
        }


@dataclass(frozen=True, slots=True)
class SpanDifference:
    """A span of an enterprise that is stored more or less often than the achievements give it: once or never."""

    enterprise: str
    indicator: str
    aspect: str
    unit: str
    start: int
    stored: int
    counted: int

    def __str__(self) -> str:
        return _(
            "%(enterprise)s %(indicator)s %(aspect)s %(unit)s %(day)s 起的区间：存储 %(stored)s 条，应有 %(counted)s 条"
        ) % {
            "enterprise": self.enterprise,
            "indicator": self.indicator,
            "aspect": self.aspect,
            "unit": self.unit,
            "day": _day(self.start),
            "stored": self.stored,
            "counted": self.counted,
        }


@dataclass(frozen=True, slots=True)
class Recount:
    """Outcome: cells compared, totals that differ, spans that differ (stored but wrong, or missing; some named).

    `broken`: what was stored and could not be read at all; `repaired`: whether all of it has been put right.
    """

    cells: int
    differences: tuple[Difference, ...] = ()
    wrong_spans: int = 0
    missing_spans: int = 0
    spans: tuple[SpanDifference, ...] = ()
    broken: tuple[str, ...] = ()
    repaired: bool = False

    @property
    def is_clean(self) -> bool:
        return not (self.differences or self.wrong_spans or self.missing_spans or self.broken)


def derive(measures: Sequence[Measure], progress: Progress) -> None:
    """Every span as the achievements give it, in a temporary table."""
    queries = span_queries(measures)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {FRESH}")
        cursor.execute(f"CREATE TEMPORARY TABLE {FRESH} AS SELECT {COLUMNS} FROM {SPAN_TABLE} WHERE 1 = 0")
        for done, query in enumerate(queries):
            progress(done, len(queries))
            cursor.execute(f"INSERT INTO {FRESH} ({COLUMNS}) {query}")
    progress(len(queries), len(queries))


def compare() -> Recount:
    """Hold what is stored against what was derived; where all months are right, their days."""
    counted, stored = deltas(FRESH), stored_totals()
    differences = _differences(stored, counted) or list(_named(different_days(FRESH)))
    found = Recount(len(counted.keys() | stored.keys()), tuple(differences))
    return found if _spans_agree() else replace(found, **_span_differences())


def _spans_agree() -> bool:
    """Whether both tables hold the same spans: as many, and each derived one (all differ) among the stored ones."""
    [(same_number,)] = select(f"SELECT (SELECT COUNT(*) FROM {FRESH}) = (SELECT COUNT(*) FROM {SPAN_TABLE})")
    if not same_number:
        return False
    if connection.vendor == "sqlite":
        missing = f"SELECT {COLUMNS} FROM {FRESH} EXCEPT SELECT {COLUMNS} FROM {SPAN_TABLE}"
    else:
        # A hash join: half the time of EXCEPT on PostgreSQL. SQLite would look each span up by the wrong index.
        same = " AND ".join(f"s.{column} IS NOT DISTINCT FROM f.{column}" for column in ("stop", "achievement_id"))
        plain = ("enterprise_id", "indicator", "aspect", "start", "unit", "in_opening")
        same += "".join(f" AND s.{column} = f.{column}" for column in plain)
        missing = f"SELECT 1 FROM {FRESH} f WHERE NOT EXISTS (SELECT 1 FROM {SPAN_TABLE} s WHERE {same})"
    return not list(select(f"SELECT 1 FROM ({missing}) AS missing LIMIT 1"))


def _span_differences() -> dict[str, Any]:
    """The spans that are not as often stored as derived: how many are too many, how many are missing, and which."""
    _keep_rest()
    [(wrong, missing)] = select(
        "SELECT COALESCE(SUM(CASE WHEN stored > counted THEN stored - counted ELSE 0 END), 0), "
        f"COALESCE(SUM(CASE WHEN counted > stored THEN counted - stored ELSE 0 END), 0) FROM {REST}"
    )
    return {"wrong_spans": int(wrong), "missing_spans": int(missing), "spans": tuple(_named_spans())}


def put_in_place() -> None:
    """Make the derived spans the stored ones."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {SPAN_TABLE}")
        cursor.execute(f"INSERT INTO {SPAN_TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM {FRESH}")


def stored_totals() -> Deltas:
    """The totals as they are stored, cells that are zero throughout left out."""
    rows = select(
        "SELECT indicator, unit, month, gained, in_opening, valid, base FROM certification_total "
        "WHERE NOT (gained = 0 AND in_opening = 0 AND valid = 0 AND base = 0)"
    )
    return {(indicator, unit, month): tuple(values) for indicator, unit, month, *values in rows}


def _differences(stored: Deltas, counted: Deltas) -> list[Difference]:
    nothing = (0, 0, 0, 0)
    cells = sorted(difference(stored, counted))
    return list(_named((*cell, stored.get(cell, nothing), counted.get(cell, nothing)) for cell in cells))


def _named(cells: Iterable[Sequence[Any]]) -> Iterator[Difference]:
    """The columns that differ of some (indicator, unit, month or day, stored values, counted values)."""
    for indicator, unit, number, stored, counted in cells:
        for column, old, new in zip(VALUES, stored, counted, strict=True):
            if old != new:
                yield Difference(indicator, unit, number, column, old, new)


def _keep_rest() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {REST}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {REST} AS SELECT {COLUMNS}, SUM(stored) AS stored, SUM(counted) AS counted FROM ("
            f"SELECT {COLUMNS}, 1 AS stored, 0 AS counted FROM {SPAN_TABLE} "
            f"UNION ALL SELECT {COLUMNS}, 0, 1 FROM {FRESH}"
            f") AS spans GROUP BY {COLUMNS} HAVING SUM(stored) <> SUM(counted)"
        )


def _named_spans() -> list[SpanDifference]:
    rows = select(
        "SELECT COALESCE(e.uscc, ''), r.indicator, r.aspect, r.unit, r.start, r.stored, r.counted "
        f"FROM {REST} r LEFT JOIN enterprises_enterprise e ON e.id = r.enterprise_id "
        f"ORDER BY 2, 1, 3, 5, 4, 6 LIMIT {NAMED}"
    )
    return [SpanDifference(*row) for row in rows]


def _day(number: int) -> str:
    """An altered day may be none."""
    try:
        return str(day_of(number))
    except (ValueError, TypeError, OverflowError):
        return str(number)
