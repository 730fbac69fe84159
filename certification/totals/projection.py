"""Deriving spans from the facts, in SQL, for all enterprises or for some: one definition for both.

Let an achievement that is not annulled run from its day e to its stop r (the day of a revocation for
"counted", of any ending for "valid", else never). The enterprise is in the figure by its earliest one;
so, ordered by e, an achievement carries the enterprise from max(e, the latest r before it) to its own r,
if that is later. These spans never overlap, and each lies in the unit of its achievement.
Source: domain rules "counts on day d" and "valid now" of docs/structure.md.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from ..models.plan import Reading
from .measures import Measure

NEVER = 99991231
SPAN_TABLE = "certification_span"
FACT_TABLE = "certification_achievement"
COLUMNS = "indicator, aspect, enterprise_id, unit, start, stop, achievement_id, in_opening"

# stop: when the achievement stops counting (NEVER: not at all); part: within what the earliest is sought.
_SPANS = """
SELECT '{indicator}' AS indicator, '{aspect}' AS aspect, enterprise_id, unit,
       CASE WHEN covered > day THEN covered ELSE day END AS start,
       CASE WHEN halt >= {never} THEN NULL ELSE halt END AS stop,
       id AS achievement_id, {in_opening} AS in_opening
FROM (
    SELECT id, enterprise_id, unit, day, halt, {covered} AS covered
    FROM (
        SELECT id, enterprise_id, reporting_unit_id AS unit, effective_ymd AS day, {halt} AS halt
        FROM {facts}
        WHERE stage = '{stage}' AND ended_reason <> 'annulled'{only}
    ) AS facts
) AS ordered
WHERE halt > CASE WHEN covered > day THEN covered ELSE day END
"""

# By what day the enterprise is in the figure already, through its earlier achievements.
_COVERED = """COALESCE(MAX(halt) OVER (PARTITION BY {part} ORDER BY day, id
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"""

_HALT = {
    "counted": f"CASE WHEN ended_reason = 'revoked' THEN ended_ymd ELSE {NEVER} END",
    "valid": f"COALESCE(ended_ymd, {NEVER})",
}
_HALT_YEARLY = (
    "CASE WHEN ended_reason = 'revoked' AND ended_ymd < (effective_ymd / 10000 + 1) * 10000 + 101 "
    "THEN ended_ymd ELSE (effective_ymd / 10000 + 1) * 10000 + 101 END"
)

# From when to when an enterprise was a high-tech enterprise in the unit where it then was (before its first known
# place: there). Neither its periods nor its places overlap, so their meetings do not.
_DAYS = """
SELECT enterprise_id, unit, first, last FROM (
    SELECT p.enterprise_id, l.reporting_unit_id AS unit,
           CASE WHEN l.valid_from > p.valid_from AND EXISTS (
               SELECT 1 FROM enterprises_enterpriselocation q
               WHERE q.enterprise_id = l.enterprise_id AND q.valid_from < l.valid_from
           ) THEN l.valid_from ELSE p.valid_from END AS first,
           CASE WHEN p.valid_to IS NULL OR l.valid_to < p.valid_to THEN l.valid_to ELSE p.valid_to END AS last
    FROM enterprises_hightechperiod p JOIN enterprises_enterpriselocation l ON l.enterprise_id = p.enterprise_id
    WHERE TRUE{only}
) AS days WHERE last IS NULL OR first <= last
"""
_BASE = """
SELECT '{indicator}' AS indicator, 'base' AS aspect, enterprise_id, unit, {first_day} AS start, {day_after} AS stop,
       CAST(NULL AS {bigint}) AS achievement_id, {false} AS in_opening
FROM ({days}) AS days
"""

# Both at once: high-tech and counting. Each side's spans are disjoint, so their meetings are.
_MEETING = """
SELECT '{indicator}' AS indicator, 'counted' AS aspect, b.enterprise_id, b.unit,
       CASE WHEN b.start > s.start THEN b.start ELSE s.start END AS start,
       CASE WHEN b.stop IS NULL THEN s.stop WHEN s.stop IS NULL THEN b.stop
            WHEN b.stop < s.stop THEN b.stop ELSE s.stop END AS stop,
       s.achievement_id, {false} AS in_opening
FROM ({base}) b JOIN ({counted}) s ON s.enterprise_id = b.enterprise_id
WHERE (b.stop IS NULL OR s.start < b.stop) AND (s.stop IS NULL OR b.start < s.stop)
"""


def _only(column: str, among: str) -> str:
    return f" AND {column} IN ({among})" if among else ""


def _flag(condition: str) -> str:
    """A boolean expression in the vendor's words (SQLite keeps 0 and 1)."""
    return condition if connection.vendor == "postgresql" else f"({condition})"


def achievement_spans(measure: Measure, aspect: str, among: str, facts: str, *, alone: bool = False) -> str:
    """The spans of one aspect; `alone`: each achievement for itself, as if it were its enterprise's only one."""
    yearly = measure.reading == Reading.YEARLY
    only = _only("enterprise_id", among) + (" AND was_high_tech" if measure.high_tech_only else "")
    covered = _COVERED.format(part="enterprise_id, day / 10000" if yearly else "enterprise_id")
    return _SPANS.format(
        facts=facts,
        indicator=measure.indicator,
        aspect=aspect,
        stage=measure.stage,
        never=NEVER,
        halt=_HALT_YEARLY if yearly else _HALT[aspect],
        covered="0" if alone else covered,
        in_opening=_flag(f"day <= {measure.opening}" if aspect == "counted" else "1 = 0"),
        only=only,
    )


def high_tech_days(among: str = "") -> str:
    """(enterprise_id, unit, first, last) of the high-tech enterprises, as days."""
    return _DAYS.format(only=_only("p.enterprise_id", among))


def _base_spans(measure: Measure, among: str) -> str:
    return _BASE.format(indicator=measure.indicator, days=high_tech_days(among), **_vendor_words())


def meeting_spans(measure: Measure, base: str, counted: str) -> str:
    """The spans of the high-tech enterprises that count: where `base` and `counted` meet."""
    return _MEETING.format(indicator=measure.indicator, base=base, counted=counted, **_vendor_words())


def aspects_of(measure: Measure) -> tuple[str, ...]:
    """What is counted of single achievements; what was reached in a year is not held after it."""
    return ("counted", "valid") if measure.reading == Reading.ENTERPRISES else ("counted",)


def _vendor_words() -> dict[str, str]:
    """The first day and the one after the last as numbers, and two words of SQL."""
    if connection.vendor == "postgresql":
        # Not EXTRACT: its numeric arithmetic takes twice the time.
        day = "(date_part('year', {0}) * 10000 + date_part('month', {0}) * 100 + date_part('day', {0}))::integer"
        words = {"first_day": day.format("first"), "day_after": day.format("(last + 1)")}
        return words | {"bigint": "bigint", "false": "false"}
    return {
        "first_day": "CAST(REPLACE(first, '-', '') AS INTEGER)",
        "day_after": "CAST(REPLACE(DATE(last, '+1 day'), '-', '') AS INTEGER)",
        "bigint": "integer",
        "false": "0",
    }


def span_queries(measures: Iterable[Measure], among: str = "", *, facts: str = FACT_TABLE) -> list[str]:
    """SELECTs of COLUMNS, one or two per measure; `among` (ids, or a SELECT of ids) narrows it down.

    `facts`: a table with the columns of the achievements that matter here, in place of all achievements.
    """
    queries: list[str] = []
    for measure in measures:
        singly = [achievement_spans(measure, aspect, among, facts) for aspect in aspects_of(measure)]
        if measure.reading == Reading.COVERAGE:
            base = _base_spans(measure, among)
            singly = [base, meeting_spans(measure, base, singly[0])]
        queries.extend(singly)
    return queries


Cell = tuple[str, str, int]
Deltas = dict[Cell, tuple[int, ...]]


_PLACE = {("counted", False): 0, ("counted", True): 1, ("valid", False): 2, ("base", False): 3}


def tally(spans: Iterable[Sequence[Any]]) -> Deltas:
    """Sums of beginnings and ends by (indicator, unit, month): (gained, in_opening, valid, base), zeroes left out.

    A row is (indicator, unit, aspect, in_opening, first month, month of the stop or None, how many such spans);
    with days in place of months (SINGLY) come out sums by day.
    """
    cells: dict[Cell, list[int]] = {}
    for indicator, unit, aspect, in_opening, start, stop, count in spans:
        place = _PLACE[aspect, bool(in_opening)]
        cells.setdefault((indicator, unit, start), [0, 0, 0, 0])[place] += count
        if stop is not None:
            cells.setdefault((indicator, unit, stop), [0, 0, 0, 0])[place] -= count
    return {cell: tuple(values) for cell, values in cells.items() if any(values)}


TALLIED = "indicator, unit, aspect, in_opening, start / 100, stop / 100"
SINGLY = "indicator, unit, aspect, in_opening, start, stop, 1"


def deltas(table: str, among: str = "") -> Deltas:
    """`tally` of the spans in a table: all, or those of some enterprises."""
    where = f"WHERE enterprise_id IN ({among})" if among else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {TALLIED}, COUNT(*) FROM {table} {where} GROUP BY {TALLIED}")
        return tally(cursor.fetchall())
