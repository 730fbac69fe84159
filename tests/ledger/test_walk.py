"""The walk lets the database write the canonical text; what it cannot write the same way is decided in Python."""

import pytest
from django.db import transaction

from ledger import verify as walking
from ledger.record import Actor, Fact, record, record_many
from ledger.verbs import Verb
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ODD = 'a"b\\c\n\t\x7f\u2028常州𠮷'


def fits() -> list[bool]:
    return [bool(row[4]) for row in walking._rows()]


def test_the_database_writes_every_ordinary_entry_as_python_does() -> None:
    factories.enterprise()
    with transaction.atomic():
        record(
            Fact(Verb.TOTALS_REPAIRED, "totals", {"n": 1, "text": "常州", "none": None}), actor=Actor("a", "b"), at=NOW
        )
    assert all(fits())


def test_odd_characters_are_no_fault() -> None:
    with transaction.atomic():
        record_many(
            [Fact(Verb.TOTALS_REPAIRED, ODD, {"odd": ODD}), Fact(Verb.TOTALS_REPAIRED, "plain", supersedes=1)],
            actor=Actor(ODD[:60], "role"),
            at=NOW.replace(microsecond=7999),
        )
    assert walking.verify().fault is None


def test_a_text_that_the_database_writes_otherwise_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.enterprise()
    plain = walking._rows
    monkeypatch.setattr(walking, "_rows", lambda: ((*row[:4], False, *row[5:]) for row in plain()))
    assert walking.verify().fault is None
