"""An entry that was altered behind the product's back can still be looked at: that is when an auditor looks."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from enterprises.roles import Role
from tests import factories
from tests.ledger.test_checkpoints import without_guards

from .asking import client_of, get

pytestmark = pytest.mark.django_db
ENTRIES = "ledger_ledgerentry"


def altered(number: int, column: str, value: Any) -> None:
    without_guards(ENTRIES, f"UPDATE {ENTRIES} SET {column} = {_quoted(value)} WHERE number = {number}")


def _quoted(value: Any) -> str:
    if isinstance(value, bytes):
        return f"X'{value.hex()}'" if connection.vendor == "sqlite" else f"'\\x{value.hex()}'"
    return f"'{value}'"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("payload", "rubbish"),
        ("payload", "[1]"),
        ("payload", "7"),
        ("payload", '{"role":[1],"stage":{"a":1},"from":[],"scope_kind":[]}'),
        ("canonical", b"\xff\xfe"),
        ("verb", "no.such"),
        ("subject", "<b>"),
        ("actor", "account:99999999999999999999"),
    ],
)
def test_an_altered_entry_is_shown_and_not_an_error(column: str, value: Any) -> None:
    factories.enterprise()
    account = factories.account(Role.AUDITOR)
    auditor, browser = client_of(account), Client()
    browser.force_login(account)
    altered(1, column, value)
    for path in ("ledger/1/", "ledger/", "exports/ledger.csv", "exports/ledger.xlsx"):
        assert auditor.get(f"/api/v1/{path}").status_code == 200, path
    for path in ("/ledger/1/", "/ledger/"):
        assert browser.get(path).status_code == 200, path
    assert get(auditor, "ledger/verify/")["ok"] is False


def test_a_payload_that_cannot_be_read_is_given_as_it_is() -> None:
    factories.enterprise()
    altered(1, "payload", "rubbish")
    auditor = client_of(factories.account(Role.AUDITOR))
    assert get(auditor, "ledger/1/")["payload"] == {"unreadable": "rubbish"}
