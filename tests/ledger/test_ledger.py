"""The ledger: chained, canonical, append-only in the database; every kind of tampering is named."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import NotCanonical, commitment, digest, text_of
from ledger.guards import guard_statements, unguard_statements
from ledger.models import LedgerEntry, LedgerHead
from ledger.record import SYSTEM, Fact, NotInTransaction, canonical_text, record, record_many
from ledger.verbs import Verb
from ledger.verify import chain_of, verify
from tests.factories import NOW

TABLE = "ledger_ledgerentry"
A, B = "91350100M000100Y43", "91110000101623741K"


def write(count, enterprise=A):
    facts = [Fact(Verb.ENTERPRISE_AMENDED, f"enterprise:{enterprise}", {"n": n}, enterprise) for n in range(count)]
    with transaction.atomic():
        return record_many(facts, actor=SYSTEM, at=NOW)


def tamper(*statements):
    """Run SQL with the guards taken away, as somebody with the database's password could."""
    with connection.cursor() as cursor:
        for statement in unguard_statements(connection.vendor, TABLE):
            cursor.execute(statement)
        for statement in statements:
            cursor.execute(statement)
        for statement in guard_statements(connection.vendor, TABLE):
            cursor.execute(statement)


@pytest.mark.django_db
def test_entries_are_gapless_and_linked_in_both_chains():
    start = LedgerHead.objects.get(pk=1).number
    write(2, A), write(1, B), write(1, A)
    numbers = list(LedgerEntry.objects.values_list("number", flat=True))
    assert numbers == list(range(1, start + 5))
    assert [e.enterprise_seq for e in chain_of(A)] == [1, 2, 3]
    first, second, third = chain_of(A)
    assert (second.enterprise_prev, third.enterprise_prev) == (first.hash, second.hash)
    assert verify().fault is None


@pytest.mark.django_db
def test_canonical_bytes_are_canonical_json_and_are_what_is_hashed():
    entry = write(1)[0]
    entry = LedgerEntry.objects.get(pk=entry.pk)
    canonical = bytes(entry.canonical)
    assert digest(canonical) == entry.hash
    assert text_of(json.loads(canonical)).encode() == canonical
    assert set(json.loads(canonical)) == {
        "actor", "at", "enterprise", "enterprise_prev", "enterprise_seq", "number",
        "payload", "prev", "role", "subject", "supersedes", "verb",
    }  # fmt: skip


@given(st.text(max_size=20), st.text(max_size=40))
def test_canonical_text_of_any_entry_equals_the_general_form(actor, subject):
    entry = LedgerEntry(
        number=1, actor=actor, role="r", verb="v", subject=subject, payload="{}", prev="0", enterprise_prev="0"
    )
    text = canonical_text(entry, "t")
    assert json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":")) == text


def test_floats_and_dates_have_no_canonical_form():
    for value in (1.5, {"a": [0.1]}, NOW):
        with pytest.raises(NotCanonical):
            text_of(value)


def test_commitment_depends_on_text_and_salt():
    salt, said = commitment("意见")
    assert commitment("意见", salt=salt)[1] == said
    assert commitment("意见")[1] != said
    assert commitment("意见。", salt=salt)[1] != said


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused():
    with pytest.raises(NotInTransaction):
        record(Fact(Verb.TARGET_SET, "x"), actor=SYSTEM, at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        f"UPDATE {TABLE} SET role = 'x'",
        f"DELETE FROM {TABLE}",
        f"DELETE FROM {TABLE} WHERE number = 1",
        "TRUNCATE ledger_ledgerentry",
        f"REPLACE INTO {TABLE} SELECT * FROM {TABLE} WHERE number = 1",
    ],
)
def test_database_refuses_to_change_an_entry(sql):
    if sql.split()[0] == ("TRUNCATE" if connection.vendor == "sqlite" else "REPLACE"):
        pytest.skip("not a statement of this database")
    before = list(LedgerEntry.objects.values_list("number", "hash"))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert list(LedgerEntry.objects.values_list("number", "hash")) == before


MUTATIONS = {
    "altered payload": (["UPDATE {t} SET payload = '{{\"n\":9}}' WHERE number = {n}"], 0),
    "altered actor": (["UPDATE {t} SET actor = 'account:1' WHERE number = {n}"], 0),
    "altered time": (["UPDATE {t} SET at = '2020-01-01 00:00:00+00:00' WHERE number = {n}"], 0),
    "altered hash": (["UPDATE {t} SET hash = '{x}' WHERE number = {n}"], 0),
    "deleted": (["DELETE FROM {t} WHERE number = {n}"], 0),
    "swapped": (
        [
            "UPDATE {t} SET number = -1 WHERE number = {n}",
            "UPDATE {t} SET number = {n} WHERE number = {n} + 1",
            "UPDATE {t} SET number = {n} + 1 WHERE number = -1",
        ],
        0,
    ),
    "tail cut": (["DELETE FROM {t} WHERE number > {n}"], 1),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", MUTATIONS)
def test_every_tampering_is_named_with_its_number(name):
    entries = write(5)
    number = entries[2].number
    statements, offset = MUTATIONS[name]
    words = {"t": TABLE, "n": number, "x": "f" * 64}
    if name == "swapped":
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = ON")
            else:
                cursor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT ledger_number_from_1")
    tamper(*[statement.format(**words) for statement in statements])
    found = verify()
    assert found.fault is not None
    assert found.fault.number == number + offset
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL refuses a value of another kind")
@pytest.mark.django_db
@pytest.mark.parametrize("value", ["'garbage'", "''", "12", "12.5", "x'00ff'"])
@pytest.mark.parametrize("column", [field.column for field in LedgerEntry._meta.concrete_fields[1:]])
def test_any_value_in_any_column_is_named_with_its_number(column, value):
    number = write(5)[2].number
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
    tamper(f"UPDATE {TABLE} SET {column} = {value} WHERE number = {number}")
    found = verify()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert found.fault is not None
    assert found.fault.number == number


@pytest.mark.django_db
def test_rehashed_entry_is_found_at_its_successor():
    entries = write(3)
    victim = LedgerEntry.objects.get(pk=entries[0].pk)
    victim.payload = '{"n":7}'
    canonical = canonical_text(victim, "2026-11-20T02:00:00.000Z")
    changed = f"payload = '{victim.payload}', hash = '{digest(canonical.encode())}'"
    tamper(f"UPDATE {TABLE} SET {changed} WHERE number = {victim.number}")
    assert verify().fault.number in (victim.number, victim.number + 1)
