"""The status of a certificate on any day, as tables: issue and events in, state out. No database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.certificate_life import (
    EVENTS,
    LIVING,
    Happened,
    Issue,
    Kind,
    Standing,
    Terms,
    accepts,
    possible,
    state_on,
)

D = date.fromisoformat
OLD, NEW = "GB/T 29490-2013", "GB/T 29490-2023"
TERMS = {
    OLD: Terms(OLD, 36, 12, 3, applications_until=D("2024-12-31"), convert_by=D("2025-12-31")),
    NEW: Terms(NEW, 36, 12, 3, applications_from=D("2024-01-01")),
}
ISSUE = Issue(D("2023-03-10"), D("2026-03-09"), OLD)


def happened(*said: str) -> list[Happened]:
    """'suspend 2024-01-01' and the like; a conversion is to the new edition."""
    pairs = [one.split() for one in said]
    return [Happened(Kind(kind), D(on), NEW if kind == "convert" else "") for kind, on in pairs]


def at(day: str, *said: str):
    return state_on(ISSUE, happened(*said), TERMS, on=D(day))


@pytest.mark.parametrize(
    ("day", "said", "standing", "since"),
    [
        ("2023-03-09", (), "not_yet", "2023-03-10"),
        ("2023-03-10", (), "valid", "2023-03-10"),
        ("2026-03-09", (), "valid", "2023-03-10"),
        ("2026-03-10", (), "expired", "2026-03-10"),
        ("2024-01-31", ("suspend 2024-02-01",), "valid", "2023-03-10"),
        ("2024-02-01", ("suspend 2024-02-01",), "suspended", "2024-02-01"),
        ("2026-03-10", ("suspend 2024-02-01",), "expired", "2026-03-10"),
        ("2024-05-01", ("suspend 2024-02-01", "restore 2024-05-01"), "valid", "2024-05-01"),
        ("2024-05-02", ("suspend 2024-02-01", "withdraw 2024-05-02"), "withdrawn", "2024-05-02"),
        ("2026-12-31", ("withdraw 2024-05-02",), "withdrawn", "2024-05-02"),
        ("2024-05-02", ("surrender 2024-05-02",), "surrendered", "2024-05-02"),
        ("2026-02-01", ("renew 2026-02-01",), "superseded", "2026-02-01"),
        ("2023-01-01", ("annul 2024-05-02",), "annulled", "2023-03-10"),
        ("2024-01-01", ("annul 2024-05-02",), "annulled", "2023-03-10"),
    ],
)
def test_standing_on_a_day(day, said, standing, since):
    found = at(day, *said)
    assert (found.standing, found.since) == (standing, D(since))


@pytest.mark.parametrize(
    ("day", "said", "due", "overdue"),
    [
        ("2023-03-10", (), "2024-03-10", False),
        ("2024-03-10", (), "2024-03-10", False),
        ("2024-03-11", (), "2024-03-10", True),
        ("2024-03-11", ("surveillance 2024-02-29",), "2025-02-28", False),
        ("2025-03-01", ("surveillance 2024-02-29",), "2025-02-28", True),
        # a third one would be due when the certificate is over: that is re-certification
        ("2025-04-01", ("surveillance 2024-03-10", "surveillance 2025-03-10"), None, False),
        # what was early brings the next one forward, inside the term
        ("2025-04-01", ("surveillance 2024-03-01", "surveillance 2025-01-10"), "2026-01-10", False),
        ("2024-08-01", ("convert 2024-07-01",), "2025-07-01", False),
        ("2024-05-01", ("suspend 2024-02-01",), "2024-03-10", True),
        ("2024-05-01", ("withdraw 2024-02-01",), None, False),
    ],
)
def test_surveillance_is_due_within_twelve_months(day, said, due, overdue):
    found = at(day, *said)
    assert (found.due_on, found.is_overdue) == (due and D(due), overdue)


@pytest.mark.parametrize(
    ("day", "said", "edition", "flag"),
    [
        ("2025-12-31", (), OLD, False),
        ("2026-01-01", (), OLD, True),
        ("2026-01-01", ("suspend 2025-06-01",), OLD, True),
        ("2026-01-01", ("convert 2025-02-01",), NEW, False),
        ("2025-01-31", ("convert 2025-02-01",), OLD, False),
        ("2026-01-01", ("withdraw 2025-06-01",), OLD, False),
        ("2026-03-10", (), OLD, False),
    ],
)
def test_unconverted_is_flagged_after_the_deadline(day, said, edition, flag):
    found = at(day, *said)
    assert (found.edition, found.is_unconverted) == (edition, flag)


def test_conversion_at_surveillance_keeps_the_expiry():
    assert at("2026-03-09", "convert 2025-02-01").standing is Standing.VALID
    assert at("2026-03-10", "convert 2025-02-01").standing is Standing.EXPIRED


@pytest.mark.parametrize(
    ("edition", "applied", "accepted"),
    [
        (OLD, "2024-12-31", True),
        (OLD, "2025-01-01", False),
        (NEW, "2023-12-31", False),
        (NEW, "2024-01-01", True),
        (NEW, "2025-01-01", True),
    ],
)
def test_edition_accepts_applications_until_its_day(edition, applied, accepted):
    assert accepts(TERMS[edition], applied_on=D(applied)) is accepted


@pytest.mark.parametrize(
    ("standing", "kinds"),
    [
        ("not_yet", "correct annul"),
        ("valid", "surveillance suspend withdraw surrender convert renew correct annul"),
        ("suspended", "surveillance restore withdraw surrender convert renew correct annul"),
        ("expired", "correct annul"),
        ("withdrawn", "correct annul"),
        ("surrendered", "correct annul"),
        ("superseded", "correct annul"),
        ("annulled", ""),
    ],
)
def test_what_may_happen_from_a_standing(standing, kinds):
    state = at("2024-01-01").__class__(Standing(standing), D("2024-01-01"), OLD)
    assert [event.kind for event in possible(state)] == kinds.split()


@given(st.lists(st.tuples(st.sampled_from(list(Kind)), st.integers(0, 1200)), max_size=6), st.integers(-10, 1300))
def test_only_what_is_in_life_is_due_and_nothing_lives_beyond_its_last_day(said, later):
    events = [
        Happened(kind, ISSUE.issued_on + timedelta(days=days), NEW) for kind, days in sorted(said, key=lambda e: e[1])
    ]
    day = ISSUE.issued_on + timedelta(days=later)
    found = state_on(ISSUE, events, TERMS, on=day)
    if found.standing in LIVING:
        assert ISSUE.issued_on <= day <= ISSUE.expires_on
    else:
        assert (found.due_on, found.is_overdue, found.is_unconverted) == (None, False, False)
    ended = {EVENTS[event.kind].target for event in events if event.on <= day} - {None, *LIVING}
    assert not ended or found.standing not in LIVING or later < 0 or _restored_after(events, day)


def _restored_after(events, day):
    """Only a restoration brings life back, and the services refuse it after an end."""
    known = [EVENTS[event.kind].target for event in events if event.on <= day and EVENTS[event.kind].target]
    return bool(known) and known[-1] in LIVING
