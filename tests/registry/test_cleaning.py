"""The suite's own cleaning: after a transactional test the ledger is empty and guarded again."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ledger.models import LedgerEntry, LedgerHead

pytestmark = pytest.mark.django_db(transaction=True)


def one_more_entry() -> int:
    number = (LedgerEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    LedgerEntry.objects.create(
        number=number,
        at=timezone.now(),
        actor="account:1",
        role="auditor",
        verb="totals.repaired",
        subject="cleaning",
        enterprise_prev="",
        payload="{}",
        prev="0" * 64,
        canonical=b"{}",
        hash="1" * 64,
    )
    return number


@pytest.mark.parametrize("turn", [1, 2])
def test_each_transactional_test_starts_clean_and_guarded(turn: int) -> None:
    assert not LedgerEntry.objects.filter(subject="cleaning").exists()
    one_more_entry()
    for statement in ("DELETE FROM ledger_ledgerentry", "UPDATE ledger_ledgerentry SET actor = 'x'"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("turn", [1, 2])
def test_rows_made_by_migrations_are_back(turn: int) -> None:
    before = LedgerHead.objects.count()
    LedgerHead.objects.update(number=99)
    assert before == LedgerHead.objects.count() == 1
