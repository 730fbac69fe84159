"""Deriving the spans of very many enterprises anew, as after an import: set by set, never through Python.

The facts of a set and its spans stand in temporary tables meanwhile: the facts are then looked up once, not
once for each figure, and the spans go to their indexes in the order of their days.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from ledger.verbs import Verb

from .days import change_days
from .measures import Measure
from .projection import COLUMNS, FACT_TABLE, SPAN_TABLE, Deltas, deltas, span_queries

SET = 50_000  # enterprises
TOUCHED, FACTS, FRESH = "fold_touched", "fold_facts", "fold_fresh"


def touch(done: int, last: int, *, facts: Sequence[Verb], standings: Sequence[Verb]) -> None:
    """Note the enterprises that the entries after `done` up to `last` speak of."""
    _drop(TOUCHED)
    _execute(f"CREATE TEMPORARY TABLE {TOUCHED} (id bigint PRIMARY KEY)")
    entries = "FROM ledger_ledgerentry WHERE number > %s AND number <= %s AND verb IN"
    # An achievement carries the number of the entry that recorded it; later entries about it name that number.
    for facts_among in (
        "ledger_number > %s AND ledger_number <= %s",
        f"ledger_number IN (SELECT supersedes {entries} ({_listed(facts)}))",
    ):
        _execute(_NOTE.format(f"SELECT DISTINCT enterprise_id FROM {FACT_TABLE} WHERE {facts_among}"), done, last)
    moved = f"SELECT id FROM enterprises_enterprise WHERE uscc IN (SELECT enterprise {entries} ({_listed(standings)}))"
    _execute(_NOTE.format(moved), done, last)


_NOTE = f"INSERT INTO {TOUCHED} {{}} ON CONFLICT DO NOTHING"


def rederive(measures: Sequence[Measure]) -> Iterator[tuple[Deltas, Deltas]]:
    """Put derived spans in place of the stored ones of the noted enterprises; (before, after) of each set."""
    first = 0
    while (last := _end_of_set(first)) is not None:
        yield _rederive(f"SELECT id FROM {TOUCHED} WHERE id > {first} AND id <= {last}", measures)
        first = last
    _drop(TOUCHED)


def _rederive(among: str, measures: Sequence[Measure]) -> tuple[Deltas, Deltas]:
    _drop(FACTS, FRESH)
    _execute(
        f"CREATE TEMPORARY TABLE {FACTS} AS SELECT id, enterprise_id, reporting_unit_id, stage, effective_ymd, "
        f"ended_ymd, ended_reason, was_high_tech FROM {FACT_TABLE} WHERE enterprise_id IN ({among})"
    )
    _execute(f"CREATE TEMPORARY TABLE {FRESH} AS SELECT {COLUMNS} FROM {SPAN_TABLE} WHERE 1 = 0")
    for query in span_queries(measures, among, facts=FACTS):
        _execute(f"INSERT INTO {FRESH} ({COLUMNS}) {query}")
    before, after = deltas(SPAN_TABLE, among), deltas(FRESH)
    change_days(SPAN_TABLE, among=among, taken=True)
    change_days(FRESH)
    _execute(f"DELETE FROM {SPAN_TABLE} WHERE enterprise_id IN ({among})")
    _execute(f"INSERT INTO {SPAN_TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM {FRESH} ORDER BY start")
    _drop(FACTS, FRESH)
    return before, after


def _end_of_set(first: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT MAX(id) FROM (SELECT id FROM {TOUCHED} WHERE id > %s ORDER BY id LIMIT %s) AS part", [first, SET]
        )
        found: int | None = cursor.fetchone()[0]
        return found


def _listed(verbs: Sequence[Verb]) -> str:
    return ", ".join(f"'{verb.value}'" for verb in verbs)


def _drop(*tables: str) -> None:
    for table in tables:
        _execute(f"DROP TABLE IF EXISTS {table}")


def _execute(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
