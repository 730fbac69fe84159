"""Counting everything from the achievements without deriving their spans: what a recount does first.

Out come the totals, cell by cell, and for each figure and unit the number of its spans and the sum of their marks
(models/marks.py), which the stored spans are held against. That all of it is what the projection says is tested on
random histories; when it is not what is stored, the projection has the last word (recount.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from ledger.bulk import select

from ..models.marks import weighed
from ..models.plan import Reading
from ..models.totals import Aspect
from . import plain
from .days import Moments
from .measures import Measure, ymd
from .projection import FACT_TABLE, SPAN_TABLE, Deltas

Group = tuple[str, str, str]  # indicator, aspect, unit
Prints = dict[Group, tuple[int, int]]  # the number of spans and the sum of their marks

# A kind of row: the columns of the totals that it adds to (gained, in opening, valid, base) or takes off, and the
# aspects whose spans it marks. `opening` moves what was counted to the opening balance.
KINDS: dict[str, tuple[tuple[tuple[int, int], ...], tuple[str, ...]]] = {
    "held": (((0, 1), (2, 1)), (Aspect.COUNTED, Aspect.VALID)),
    "counted": (((0, 1),), (Aspect.COUNTED,)),
    "in_opening": (((1, 1),), (Aspect.COUNTED,)),
    "opening": (((0, -1), (1, 1)), (Aspect.COUNTED,)),
    "valid": (((2, 1),), (Aspect.VALID,)),
    "base": (((3, 1),), (Aspect.BASE,)),
}

# Every indicator that has spans, one look into the index for each.
_INDICATORS = f"""
WITH RECURSIVE found(code) AS (
    SELECT MIN(indicator) FROM {SPAN_TABLE} UNION ALL
    SELECT (SELECT MIN(indicator) FROM {SPAN_TABLE} WHERE indicator > found.code) FROM found WHERE code IS NOT NULL
) SELECT code FROM found WHERE code IS NOT NULL
"""


class Counts:
    """Totals by cell, spans and their marks by figure and unit."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        self._prints: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])

    @property
    def totals(self) -> Deltas:
        return {cell: tuple(values) for cell, values in self._cells.items() if any(values)}

    @property
    def prints(self) -> Prints:
        found: dict[Group, list[int]] = defaultdict(lambda: [0, 0])
        for (indicator, kind, unit), (spans, mark) in self._prints.items():
            for aspect in KINDS[kind][1]:
                group = found[indicator, aspect, unit]
                group[0] += spans
                group[1] += mark
        return {group: (spans, mark) for group, (spans, mark) in found.items() if spans or mark}

    def add(self, rows: Iterable[Sequence[Any]], sign: int = 1) -> None:
        """Take in the rows of plain.py; with sign -1, take them off again."""
        cells, prints = self._cells, self._prints
        for indicator, kind, unit, start, stop, number, spans, mark in rows:
            for place, way in KINDS[kind][0]:
                if start is not None:
                    cells[indicator, unit, start][place] += sign * way * number
                if stop is not None:
                    cells[indicator, unit, stop][place] -= sign * way * number
            found = prints[indicator, kind, unit]
            found[0] += sign * spans
            found[1] += sign * mark


def count(measures: Sequence[Measure]) -> Counts:
    """Count everything from the achievements."""
    found = Counts()
    found.add(_together(plain.firsts(measures, FACT_TABLE)))
    for measure in measures:
        if measure.reading == Reading.COVERAGE:
            found.add(_base_row(measure.indicator, row) for row in select(plain.base()))
    stages = {stage for (stage,) in select(plain.STAGES)}
    shared = [measure for measure in measures if measure.stage in stages]
    found.add(_together(plain.firsts(shared, plain.BESIDES)), -1)
    found.add(_together(query for measure in shared for query in plain.shared(measure)))
    return found


def firsts_are_sound() -> bool:
    """Whether `is_first` is true or null throughout: the counting rests on it, and SQLite would hold any number."""
    return connection.vendor != "sqlite" or not list(select(plain.NO_FIRST))


def note_firsts() -> None:
    """Mark as first what no other achievement of its enterprise and stage is first for: decisions leave that open."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(plain.FORGET_WRONG_FIRSTS)
        cursor.execute(plain.NOTE_FIRSTS)


def stored_prints() -> tuple[Prints, Moments]:
    """Number and marks of the stored spans, and what the totals of the days are weighed against."""
    indicators = [code for (code,) in select(_INDICATORS)]
    rows = list(_together(plain.stored(indicator, aspect) for indicator in indicators for aspect in Aspect.values))
    prints = {(indicator, aspect, unit): (count, mark) for indicator, aspect, unit, count, mark, _ in rows}
    return prints, {(indicator, aspect, unit): moment for indicator, aspect, unit, _, _, moment in rows}


def _together(queries: Iterable[str]) -> Iterable[Sequence[Any]]:
    """The rows of all queries in one statement: PostgreSQL works on its parts at the same time."""
    text = " UNION ALL ".join(queries)
    return select(text) if text else ()


def _base_row(indicator: str, row: Sequence[Any]) -> tuple[Any, ...]:
    """A row of `plain.base` as one of the others: days become months and marks here."""
    unit, first, last, number, start_weights, stop_weights = row
    start, stop = ymd(_day(first)), ymd(_day(last) + timedelta(days=1)) if last is not None else None
    mark = weighed(start_weights, start) + (weighed(stop_weights, stop) if stop else 0)
    return indicator, "base", unit, start // 100, stop // 100 if stop else None, number, number, mark


def _day(value: Any) -> date:
    """A day that SQLite gives as a text."""
    return value if isinstance(value, date) else date.fromisoformat(value)
