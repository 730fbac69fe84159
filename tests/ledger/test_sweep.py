"""Rubbish in every column that is held against the ledger: something is named or nothing differs; no error, ever."""

from collections.abc import Iterator, Sequence

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from certification import audit
from certification.audit import CHECKS, Check, fact_faults
from ledger.unreadable import classes_of, unreadable
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
def asked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[Check, str]]:
    """All that each check asks the database for, of a story that is told once for this module and undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        tell()
        assert faults(CHECKS) == []
        assert list(audit._unreadable_faults()) == []
        yield {check: what_it_asks(check) for check in CHECKS}
        transaction.set_rollback(True)
    with django_db_blocker.unblock():
        execute("PRAGMA ignore_check_constraints = OFF")


def what_it_asks(check: Check) -> str:
    with CaptureQueriesContext(connection) as queries:
        list(check())
    return " ".join(query["sql"] for query in queries)


def faults(checks: Sequence[Check]) -> list[Fault]:
    found = verify().fault
    return [found] if found else list(fact_faults(limit=20, checks=checks))


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
def test_rubbish_in_a_column_ends_in_no_error(
    model: Model, asked: dict[Check, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the checks that ask for the column, and with the other tables as they are: they are the same as before."""
    monkeypatch.setattr(audit, "unreadable", lambda each: unreadable(each) if each is model else [])
    for field in columns(model):
        column = f'"{model._meta.db_table}"."{field.column}"'
        checks = [check for check in CHECKS if column in asked[check] or model._meta.app_label == "ledger"]
        if not checks:
            continue
        for value in rubbish_for(field):
            with altered(model, str(field.column), value) as place:
                if place is None:
                    continue
                others = [found.reason for found in faults(checks) if names_another(found.reason, place[0])]
                assert others == [], (field, value)


def names_another(reason: str, row: str) -> bool:
    return "无法识别" in reason and f"第 {row} 行" not in reason
