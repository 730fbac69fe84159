"""By how much figures changed on each day: what a figure of any day reads beside the totals of the months.

The totals of the days are written with those of the months. A recount holds them against both months and spans:
the changes of a month's days are its total, and weighed by their days they are what the spans add up to. A thorough
recount compares them one by one.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from ledger.bulk import select

from ..models import DayTotal
from .projection import Deltas

DAY_TABLE = DayTotal._meta.db_table
VALUES = ("gained", "in_opening", "valid", "base")
Moments = dict[tuple[str, str, str], int]  # by indicator, aspect and unit
_KEY = "indicator, month, unit, day"
_WEIGHED = (("counted", "gained + in_opening"), ("valid", "valid"), ("base", "base"))


def change_days(table: str, *, among: str = "", taken: bool = False) -> None:
    """Add what the spans of a table say, or of some enterprises there, to the stored days; `taken`: take it off."""
    added = ", ".join(f"{each} = {DAY_TABLE}.{each} + excluded.{each}" for each in VALUES)
    _execute(
        f"INSERT INTO {DAY_TABLE} ({_KEY}, {', '.join(VALUES)}) {_changes(table, among, -1 if taken else 1)} "
        f"ORDER BY 1, 2, 3, 4 ON CONFLICT ({_KEY}) DO UPDATE SET {added}"
    )


def replace_days(table: str) -> None:
    """Make the days those of the spans in a table."""
    _execute(f"DELETE FROM {DAY_TABLE}")
    change_days(table)


def days_agree(stored: Deltas, moments: Moments) -> bool:
    """Whether the days of each month add up to its stored total, and weighed to the moments of the spans."""
    months, weighed = _sums()
    return months == stored and weighed == {group: moment for group, moment in moments.items() if moment}


def different_days(table: str) -> list[tuple[Any, ...]]:
    """(indicator, unit, yyyymmdd, stored values, counted values) of the days that are not what a table's spans say."""
    values = ", ".join(VALUES)
    nothing = ", ".join(["0"] * len(VALUES))
    sums = ", ".join(f"SUM(s_{each}), SUM(c_{each})" for each in VALUES)
    differ = " OR ".join(f"SUM(s_{each}) <> SUM(c_{each})" for each in VALUES)
    names = ", ".join(f"{side}_{each}" for side in "sc" for each in VALUES)
    rows = select(
        f"WITH both_sides(indicator, month, unit, day, {names}) AS ("
        f"SELECT {_KEY}, {values}, {nothing} FROM {DAY_TABLE} UNION ALL "
        f"SELECT {_KEY}, {nothing}, {values} FROM ({_changes(table, '', 1)}) AS counted"
        f") SELECT indicator, unit, month * 100 + day, {sums} FROM both_sides GROUP BY {_KEY} HAVING {differ}"
    )
    return [(*row[:3], _whole(row[3::2]), _whole(row[4::2])) for row in rows]


def _whole(values: Sequence[Any]) -> tuple[Any, ...]:
    """PostgreSQL gives sums of sums as Decimals."""
    return tuple(int(value) if isinstance(value, Decimal) else value for value in values)


def _changes(table: str, among: str, sign: int) -> str:
    """SELECT of the changes that spans make, by indicator, month, unit and day."""
    only = f"enterprise_id IN ({among})" if among else "TRUE"
    part = "SELECT indicator, unit, aspect, in_opening, {0} AS ymd, {1} AS sign FROM {2} WHERE {3}"
    starts = part.format("start", sign, table, only)
    stops = part.format("stop", -sign, table, f"{only} AND stop IS NOT NULL")
    value = "SUM(CASE WHEN aspect = '{0}' AND {1} in_opening THEN sign ELSE 0 END) AS {2}"
    cells = (("counted", "NOT"), ("counted", ""), ("valid", "NOT"), ("base", "NOT"))
    sums = ", ".join(value.format(*cell, name) for cell, name in zip(cells, VALUES, strict=True))
    return (
        f"SELECT indicator, ymd / 100 AS month, unit, ymd - ymd / 100 * 100 AS day, {sums} "
        f"FROM ({starts} UNION ALL {stops}) AS changes GROUP BY indicator, ymd / 100, unit, ymd - ymd / 100 * 100"
    )


def _sums() -> tuple[Deltas, Moments]:
    """The stored days by month, and their moments; what is nothing left out."""
    sums = ", ".join(f"SUM({each})" for each in VALUES)
    weighed = ", ".join(f"SUM(({columns}) * day)" for columns in (each for _, each in _WEIGHED))
    months: Deltas = {}
    moments: Moments = defaultdict(int)
    for indicator, month, unit, *values in select(
        f"SELECT indicator, month, unit, {sums}, {weighed} FROM {DAY_TABLE} GROUP BY indicator, month, unit"
    ):
        if any(values[:4]):
            months[indicator, unit, month] = tuple(values[:4])
        changes = (values[0] + values[1], values[2], values[3])
        for (aspect, _), change, moment in zip(_WEIGHED, changes, values[4:], strict=True):
            moments[indicator, aspect, unit] += month * 100 * change + moment
    return months, {group: moment for group, moment in moments.items() if moment}


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
