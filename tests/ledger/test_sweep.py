"""Rubbish in every column that is held against the ledger: something is named or nothing differs; no error, ever."""

from collections.abc import Iterator

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from certification.audit import fact_faults
from ledger.unreadable import classes_of
from ledger.verify import Fault, verify

from .rubbish import MODELS, NO_TEXT, Model, altered, columns, execute, tell

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL refuses a value of another kind"),
]
NUMBERS = ("'abc'", NO_TEXT, "9e999", str(2**63 - 1))
JSONS = ("'abc'", NO_TEXT, "'{\"evidence\": 5}'", "'[1.5]'")
DAYS = ("X'ff'", NO_TEXT, "'2016-02-30'", "'9999-12-31'")


@pytest.fixture(scope="module")
def asked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """All that the check asks the database for, of a story that is told once for this module and undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        tell()
        with CaptureQueriesContext(connection) as queries:
            assert faults() == []
        yield " ".join(query["sql"] for query in queries)
        transaction.set_rollback(True)
    with django_db_blocker.unblock():
        execute("PRAGMA ignore_check_constraints = OFF")


def faults() -> list[Fault]:
    found = verify().fault
    return [found] if found else list(fact_faults(limit=20))


def rubbish_for(field: "models.Field[object, object]") -> tuple[str, ...]:
    """As many kinds as make a difference for a check, which takes its time; test_unreadable.py tries them all."""
    if isinstance(field, models.JSONField):
        return JSONS
    if isinstance(field, models.DateField):
        return DAYS
    if isinstance(field, models.BooleanField):
        return ("'abc'",)
    return ("X'ff'", NO_TEXT) if classes_of(field) == ("text",) else NUMBERS


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_rubbish_in_a_column_ends_in_no_error(model: Model, asked: str) -> None:
    for field in columns(model):
        if f'"{model._meta.db_table}"."{field.column}"' not in asked and model._meta.app_label != "ledger":
            continue
        for value in rubbish_for(field):
            with altered(model, str(field.column), value) as place:
                if place is None:
                    continue
                others = [found.reason for found in faults() if names_another(found.reason, place[0])]
                assert others == [], (field, value)


def names_another(reason: str, row: str) -> bool:
    return "无法识别" in reason and f"第 {row} 行" not in reason
