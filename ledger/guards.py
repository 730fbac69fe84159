"""SQL that makes a table append-only: the database refuses UPDATE, DELETE and TRUNCATE.

Used by migrations. On SQLite `PRAGMA recursive_triggers=ON` (settings) makes REPLACE meet the DELETE
trigger too.
"""

from collections.abc import Callable

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MESSAGE = "append-only: entries are never changed or deleted"


def guard_statements(vendor: str, table: str) -> list[str]:
    """Statements that guard `table` on `vendor` ('sqlite' or 'postgresql')."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: {MESSAGE}'); END"
            for verb in ("update", "delete")
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table}: {MESSAGE}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


def unguard_statements(vendor: str, table: str) -> list[str]:
    """Statements that take the guard away again (reverse migration; tests that mutate the ledger)."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")]
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
        f"DROP FUNCTION IF EXISTS {table}_refuse()",
    ]


def _executor(
    table: str, statements: Callable[[str, str], list[str]]
) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    def execute(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in statements(editor.connection.vendor, table):
            editor.execute(statement)

    return execute


def guard(table: str) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    """A RunPython operation's forward function."""
    return _executor(table, guard_statements)


def unguard(table: str) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    """A RunPython operation's reverse function."""
    return _executor(table, unguard_statements)
