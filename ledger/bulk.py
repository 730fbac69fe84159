"""Writing and looking up many rows at once: COPY on PostgreSQL, executemany on SQLite.

Model-independent: table and column names come from code, values from the caller, already checked.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection

from .prepared import Statement

CHUNK = 2000
Row = Sequence[Any]


def insert_rows(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows in the order given. `rows` may be a generator, but must not query the database."""
    names = ", ".join(columns)
    if connection.vendor == "postgresql":
        _copy(table, names, rows)
        return
    marks = ", ".join(["%s"] * len(columns))
    source = iter(rows)
    with connection.cursor() as cursor:
        while part := list(islice(source, CHUNK)):
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", part)


def insertions(table: str, columns: Sequence[str], rows: Sequence[Row]) -> Iterator[Statement]:
    """INSERT of a handful of rows, for which a COPY is not worth its preparation; one statement for each CHUNK."""
    insertion = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
    marks = f"({', '.join(['%s'] * len(columns))})"
    for first in range(0, len(rows), CHUNK):
        part = rows[first : first + CHUNK]
        values = [value for row in part for value in row]
        yield Statement(insertion + ", ".join([marks] * len(part)), values, answers=False)


def _copy(table: str, names: str, rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {table} LIMIT 0")
        types = [column.type_code for column in cursor.description]
        # Unlike execute, copy hands on the errors of psycopg as they are.
        with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)


def new_ids(table: str, count: int) -> Sequence[int]:
    """`count` fresh values of the table's `id`, ascending; inside the transaction that uses them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        first = int(cursor.fetchone()[0]) + 1
        return range(first, first + count)


def rows_among(table: str, columns: Sequence[str], column: str, values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows whose `column` is one of `values`, however many these are; one parameter carries them all."""
    listed = list(values)
    sql = f"SELECT {', '.join(columns)} FROM {table} WHERE "
    if connection.vendor == "postgresql":
        return select(sql + f"{column} = ANY(%s)", [listed])
    return select(sql + f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(listed)])


def delete_among(table: str, column: str, values: Iterable[Any]) -> None:
    """Delete the rows whose `column` is one of `values`, however many these are."""
    listed, sql = list(values), f"DELETE FROM {table} WHERE {column} "
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(sql + "= ANY(%s)", [listed])
        else:
            cursor.execute(sql + "IN (SELECT value FROM json_each(%s))", [json.dumps(listed)])


def select(sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, a few thousand at a time."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while part := cursor.fetchmany(CHUNK):
            yield from part


def refresh_statistics(*tables: str, added: int) -> None:
    """Tell PostgreSQL's planner at once of tables to which more rows were added than it knew of.

    It would notice by itself, but some minutes later, and plan for a small table meanwhile.
    """
    if connection.vendor != "postgresql":
        return
    grown = "SELECT oid::regclass FROM pg_class WHERE oid = ANY(%s::regclass[]) AND reltuples < %s"
    for (table,) in list(select(grown, [list(tables), added])):
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {table}")


def with_little_memory() -> None:
    """From now on SQLite keeps few pages in memory: who writes very many rows comes back to few of them."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -16384")


def stored_time(at: datetime) -> Any:
    """A time as `insert_rows` wants it: SQLite keeps a text without zone."""
    return connection.ops.adapt_datetimefield_value(at)


class StoredDays(dict[date, Any]):
    """Days as `insert_rows` wants them, each made once; an import repeats few days very often."""

    def __missing__(self, day: date) -> Any:
        stored = self[day] = connection.ops.adapt_datefield_value(day)
        return stored
