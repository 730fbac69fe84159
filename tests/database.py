"""Cleaning a database that refuses to be cleaned.

The ledger's tables refuse UPDATE, DELETE and TRUNCATE by triggers, so the flush after a transactional test
takes the triggers away and puts them back, in one transaction. Product code has no way to do this. In the
same transaction the rows that were there before the first test (migrations, reference data) come back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def every_row() -> Rows:
    """What is there before the first test: rows of migrations, plan, divisions, rulebook and calendar."""
    rows: Rows = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.django_table_names(only_existing=True))):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if found := cursor.fetchall():
                rows[table] = [column[0] for column in cursor.description], found
    return rows


@contextmanager
def append_only_tables_can_be_flushed(kept: Rows) -> Iterator[None]:
    operations_class: Any = type(connection.ops)

    def flush(operations: Any, statements: list[str]) -> None:
        database: Any = operations.connection
        with transaction.atomic(using=database.alias), database.cursor() as cursor:
            put_back = _take_triggers_away(cursor, database.vendor)
            for statement in statements:
                cursor.execute(statement)
            _restore(cursor, kept)
            for statement in put_back:
                cursor.execute(statement)

    operations_class.execute_sql_flush = flush
    try:
        yield
    finally:
        del operations_class.execute_sql_flush


def _restore(cursor: Any, kept: Rows) -> None:
    """Foreign keys are checked at the commit, so the order of the tables does not matter."""
    for table, (columns, rows) in kept.items():
        names = ", ".join(map(connection.ops.quote_name, columns))
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({places})", rows)
    for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
        cursor.execute(statement)
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or their pending checks would forbid the ALTERs that follow


def _take_triggers_away(cursor: Any, vendor: str) -> list[str]:
    """Removes every trigger of the product; returns the statements that bring them back."""
    if vendor == "sqlite":
        _empty_full_text_tables(cursor)
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        return [sql for _, sql in triggers]
    cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
    tables = [table for (table,) in cursor.fetchall()]
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]


def _empty_full_text_tables(cursor: Any) -> None:
    """SQLite's search index is a virtual table, which no model stands for and no flush finds."""
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%%'")
    for (name,) in cursor.fetchall():
        cursor.execute(f'DELETE FROM "{name}"')
