"""SQL that makes a table append-only: the database refuses UPDATE, DELETE and TRUNCATE.

A table whose rows must be kept for some time lets go of older ones. Used by migrations. On SQLite
`PRAGMA recursive_triggers=ON` (settings) makes REPLACE meet the DELETE trigger too.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MESSAGE = "append-only: entries are never changed or deleted"


@dataclass(frozen=True, slots=True)
class Kept:
    """A row may be deleted once the time in its `column` lies more than `days` days back, and not before."""

    column: str
    days: int


def guard_statements(vendor: str, table: str, kept: Kept | None = None) -> list[str]:
    """Statements that guard `table` on `vendor` ('sqlite' or 'postgresql')."""
    if vendor == "sqlite":
        young = f"WHEN OLD.{kept.column} >= datetime('now', '-{kept.days} days') " if kept else ""
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {condition}"
            f"BEGIN SELECT RAISE(ABORT, '{table}: {MESSAGE}'); END"
            for verb, condition in (("update", ""), ("delete", young))
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {_let_go(kept) if kept else ''}RAISE EXCEPTION '{table}: {MESSAGE}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


def _let_go(kept: Kept) -> str:
    return (
        f"IF TG_OP = 'DELETE' THEN IF OLD.{kept.column} < now() - interval '{kept.days} days' "
        "THEN RETURN OLD; END IF; END IF; "
    )


def unguard_statements(vendor: str, table: str) -> list[str]:
    """Statements that take the guard away again (reverse migration; tests that mutate the ledger)."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")]
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
        f"DROP FUNCTION IF EXISTS {table}_refuse()",
    ]


Step = Callable[[Apps, BaseDatabaseSchemaEditor], None]


def guard(table: str, kept: Kept | None = None) -> Step:
    """A RunPython operation's forward function."""
    return _executor(lambda vendor: guard_statements(vendor, table, kept))


def unguard(table: str) -> Step:
    """A RunPython operation's reverse function."""
    return _executor(lambda vendor: unguard_statements(vendor, table))


def _executor(statements: Callable[[str], list[str]]) -> Step:
    def execute(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in statements(editor.connection.vendor):
            editor.execute(statement)

    return execute
