"""A story with rows in the tables that are held against the ledger, and rubbish for their columns."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from certification.services.achievements import end_achievement
from certification.totals.checkpoint import fold
from enterprises.services.qualifications import end_high_tech, grant_high_tech
from ledger.guards import unguard_statements
from tests import factories as make

Model = type[models.Model]
OURS = ("ledger", "enterprises", "certification", "api")
MODELS = [model for app in OURS for model in apps.get_app_config(app).get_models()]
NO_TEXT = "CAST(X'FF' AS TEXT)"
RUBBISH = (
    "'abc'",
    "X'ff'",
    NO_TEXT,
    "1.5",
    "9e999",
    "-1",
    str(2**63 - 1),
    "'2016-02-30'",
    "'2016-02-30 00:00:00'",
    "''",
)


def tell() -> None:
    """An approved application, an achievement that was revoked, a high-tech period that was cut; the guards down."""
    staff = make.reviewers()
    make.approved(make.applicant(), staff)
    said: dict[str, Any] = {"actor": staff["city"], "at": make.NOW}
    other = make.achievement(make.enterprise(), "guanbiao.evaluation", date(2018, 6, 1))
    end_achievement(other, reason="revoked", ended_on=date(2020, 1, 1), ground="弄虚作假", **said)
    days = {"valid_from": date(2024, 1, 1), "valid_to": date(2026, 1, 1)}
    period = grant_high_tech(other.enterprise, certificate="", **days, **said)
    end_high_tech(period, last_day=date(2025, 1, 1), reason="公告取消", **said)
    fold(at=make.NOW)
    for statement in ("PRAGMA ignore_check_constraints = ON", *unguard_statements("sqlite", "ledger_ledgerentry")):
        execute(statement)


def execute(statement: str) -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute(statement).rowcount)


def columns(model: Model) -> list["models.Field[Any, Any]"]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.GeneratedField)]


@contextmanager
def altered(model: Model, column: str, value: str) -> Iterator[tuple[str, str] | None]:
    """A row in the middle of the table with the value: its key and the value's class; None where SQLite refuses it."""
    table, key = model._meta.db_table, model._meta.pk.column
    middle = f'SELECT rowid FROM "{table}" ORDER BY rowid LIMIT 1 OFFSET (SELECT COUNT(*) / 2 FROM "{table}")'
    point = transaction.savepoint()
    try:
        with connection.cursor() as cursor:
            row = cursor.execute(middle).fetchone()
            yield _altered(cursor, table, key, column, value, row[0]) if row else None
    finally:
        transaction.savepoint_rollback(point)


def _altered(cursor: Any, table: str, key: str, column: str, value: str, row: int) -> tuple[str, str] | None:
    try:
        cursor.execute(f'UPDATE "{table}" SET "{column}" = {value} WHERE rowid = {row}')
    except DatabaseError:
        return None
    moved = value if (column, value) == (key, str(2**63 - 1)) else row
    shown = f'SELECT CAST("{key}" AS BLOB), typeof("{column}") FROM "{table}" WHERE rowid IN ({row}, {moved}, -1)'
    place, stored_as = cursor.execute(shown).fetchone()
    return place.decode(errors="backslashreplace"), stored_as
