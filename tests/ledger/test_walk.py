"""The walk puts the canonical text together from raw columns; only what does not fit is read again by the model."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from ledger import verify as walking
from ledger.canonical import timestamp
from ledger.record import Actor, Fact, record, record_many
from ledger.verbs import Verb
from tests import factories
from tests.factories import NOW
from tests.ledger.test_ledger import tamper

pytestmark = pytest.mark.django_db
ODD = 'a"b\\c\n\t\x7f\u2028常州𠮷'


@pytest.fixture
def looked_at_again(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the entries that the walk looked at a second time."""
    numbers: list[int] = []
    fault = walking._fault

    def noted(number: int, *rest: object) -> str:
        numbers.append(number)
        return fault(number, *rest)

    monkeypatch.setattr(walking, "_fault", noted)
    return numbers


def test_no_sound_entry_is_looked_at_twice(looked_at_again: list[int]) -> None:
    factories.enterprise()
    for microsecond in (0, 7999, 123456, 100_000):
        with transaction.atomic():
            record_many(
                [Fact(Verb.TOTALS_REPAIRED, ODD, {"odd": ODD, "none": None, "n": 1}), Fact(Verb.TARGET_SET, "plain")],
                actor=Actor(ODD[:60], "role"),
                at=NOW.replace(microsecond=microsecond),
            )
            record(Fact(Verb.TOTALS_REPAIRED, "常州", supersedes=1), actor=Actor("a", 'r"'), at=NOW)
    factories.enterprise()
    assert walking.verify().fault is None
    assert looked_at_again == []


def test_a_moment_written_otherwise_is_no_fault(looked_at_again: list[int]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps a moment in one way only")
    with transaction.atomic():
        entry = record(Fact(Verb.TOTALS_REPAIRED, "totals"), actor=Actor("a", "b"), at=NOW)
    tamper(f"UPDATE ledger_ledgerentry SET at = at || '+00:00' WHERE number = {entry.number}")
    assert walking.verify().fault is None
    assert looked_at_again == [entry.number]


@pytest.mark.parametrize("microsecond", [0, 1000, 120_000, 999_000])
def test_a_moment_is_written_as_the_ledger_does(microsecond: int) -> None:
    at = datetime(2026, 11, 20, 2, 0, 3, microsecond, tzinfo=UTC)
    assert walking._written(str(at.replace(tzinfo=None))) == timestamp(at)


@pytest.mark.parametrize(
    "at",
    [
        "2026-11-20 02:00:03.123-1000",
        "2026-11-20 02:00:03.123+08:00",
        "2026-11-20 02:00:03.123000-1000",
        "2026-11-20 02:00:03.123000+00:00",
        "2026-11-20 02:00:03.123999",
        "2026-11-20 02:00:03.123",
        "2026-11-20T02:00:03.123000",
        "2026-11-20T02:00:03",
        "2026-11-20 02:00:03+1000",
        "2026-11-20 02:00",
        "",
    ],
)
def test_a_moment_of_another_form_is_not_taken_for_one(at: str) -> None:
    assert walking._written(at) == at


@pytest.mark.parametrize("zone", ["-1000", "+08:00"])
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps a moment, no text")
def test_a_moment_that_was_shifted_to_another_zone_is_named(zone: str) -> None:
    with transaction.atomic():
        entry = record(Fact(Verb.TOTALS_REPAIRED, "totals"), actor=Actor("a", "b"), at=NOW.replace(microsecond=123_000))
    tamper(f"UPDATE ledger_ledgerentry SET at = substr(at, 1, 23) || '{zone}' WHERE number = {entry.number}")
    found = walking.verify().fault
    assert found is not None
    assert found.number == entry.number


def test_a_moment_altered_below_the_millisecond_is_named() -> None:
    with transaction.atomic():
        entry = record(Fact(Verb.TOTALS_REPAIRED, "totals"), actor=Actor("a", "b"), at=NOW)
    altered = "2026-11-20 02:00:00.000001" + ("+00" if connection.vendor == "postgresql" else "")
    assert NOW.isoformat(" ", "seconds").startswith(altered[:19])
    tamper(f"UPDATE ledger_ledgerentry SET at = '{altered}' WHERE number = {entry.number}")
    found = walking.verify().fault
    assert found is not None
    assert found.number == entry.number


@pytest.mark.parametrize(
    "change",
    [
        "at = '2026-11-20 02:00:00.001000'",
        "role = 'other'",
        "verb = 'target.set'",
        "subject = 'totals2'",
        "supersedes = 2",
        "supersedes = NULL",
        "enterprise = 'X'",
        "enterprise_seq = 9",
        "enterprise_prev = hash",
        "payload = '{}'",
        "prev = hash",
        "hash = prev",
        "canonical = hash",
    ],
)
def test_every_column_is_held_against_the_hashed_bytes(change: str) -> None:
    company = factories.enterprise()
    facts = [Fact(Verb.ENTERPRISE_AMENDED, "totals", {"n": 1}, company.uscc, supersedes=1)] * 3
    with transaction.atomic():
        first, victim, _ = record_many(facts, actor=Actor("a", "b"), at=NOW)
    if connection.vendor == "postgresql":
        change = change.replace("canonical = hash", "canonical = hash::bytea")
    elif change.startswith("canonical"):
        change = "canonical = CAST(hash AS BLOB)"
    tamper(f"UPDATE ledger_ledgerentry SET {change} WHERE number = {victim.number}")
    found = walking.verify()
    assert found.fault is not None
    assert found.fault.number == victim.number
    assert found.checked == first.number
