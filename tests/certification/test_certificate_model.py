"""The status of a certificate against a plain second reading of the rules, day by day, over random lives.

The reference below walks through the calendar and keeps what a clerk would keep on a card. It shares nothing with
certificate_life.py but the names of events. Which events happen is drawn by a seed, on days that lie at the edges:
due dates, the day before and after, month ends, 29 February, the last day, two on one day.
"""

import random
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from certification.certificate_life import EVENTS, Happened, Issue, Kind, Terms, accepts, possible, state_on

D = date.fromisoformat
OLD, NEW = "GB/T 29490-2013", "GB/T 29490-2023"
TERMS = {
    OLD: Terms(OLD, 36, 12, 3, applications_until=D("2024-12-31"), convert_by=D("2025-12-31")),
    NEW: Terms(NEW, 36, 12, 3, applications_from=D("2024-01-01")),
}
ONE = timedelta(days=1)
SEEN: Counter[str] = Counter()


def plus_years(day: date, years: int) -> date:
    """The same day of a later year; of 29 February the last of that February."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


@dataclass
class Card:
    """What a clerk would keep of one certificate, brought up to date at the end of each day."""

    issued_on: date
    expires_on: date
    edition: str
    word: str = "not_yet"
    surveyed_on: date | None = None

    def lived(self, today: date, events: list[Happened]) -> tuple[str, str, date | None, bool, bool]:
        if today == self.issued_on:
            self.word, self.surveyed_on = "valid", today
        if today == self.expires_on + ONE and self.word in ("valid", "suspended"):
            self.word = "expired"
        for event in events:
            self.happen(event)
        return self.word, self.edition, *self.due(today), self.should_have_converted(today)

    def happen(self, event: Happened) -> None:
        match event.kind.value:
            case "surveillance":
                self.surveyed_on = event.on
            case "convert":
                self.surveyed_on, self.edition = event.on, event.edition
            case "suspend":
                self.word = "suspended"
            case "restore":
                self.word = "valid"
            case "withdraw":
                self.word = "withdrawn"
            case "surrender":
                self.word = "surrendered"
            case "renew":
                self.word = "superseded"

    def due(self, today: date) -> tuple[date | None, bool]:
        """Within 12 months of issue, then at most 12 months apart; what falls to re-certification is not one."""
        if self.word not in ("valid", "suspended") or self.surveyed_on is None:
            return None, False
        due_on = plus_years(self.surveyed_on, 1)
        if due_on > self.expires_on or due_on >= plus_years(self.issued_on, 3):
            return None, False
        return due_on, today > due_on

    def should_have_converted(self, today: date) -> bool:
        return self.word in ("valid", "suspended") and self.edition == OLD and today >= D("2026-01-01")


def some_issue(rng: random.Random) -> Issue:
    """Issued at a month's end, on 29 February or on any day; mostly for the whole three years."""
    edges = ["2022-02-28", "2024-02-29", "2023-03-31", "2022-12-31", "2024-01-01", "2024-12-31", "2025-01-01"]
    issued_on = D(rng.choice(edges)) if rng.random() < 0.5 else D("2022-01-01") + timedelta(rng.randrange(1300))
    edition = NEW if issued_on >= D("2025-02-01") else rng.choice([OLD, NEW]) if issued_on.year >= 2024 else OLD
    last = plus_years(issued_on, 3)
    return Issue(
        issued_on, rng.choice([last - ONE, last - ONE, last, last - timedelta(rng.randrange(1, 400))]), edition
    )


def days_drawn(rng: random.Random, issue: Issue) -> list[date]:
    """Days of events, in order: the edges of this life, or any."""
    edges = [issue.issued_on, issue.issued_on + ONE, issue.expires_on - ONE, issue.expires_on, D("2024-02-29"),
             D("2025-12-31"), D("2026-01-01")]  # fmt: skip
    edges += [plus_years(issue.issued_on, n) + timedelta(off) for n in (1, 2) for off in (-1, 0, 1)]
    span = (issue.expires_on - issue.issued_on).days
    days = [
        rng.choice(edges) if rng.random() < 0.6 else issue.issued_on + timedelta(rng.randrange(span))
        for _ in range(rng.randrange(8))
    ]
    days += days[:1] if rng.random() < 0.4 else []  # two on one day
    return sorted(day for day in days if issue.issued_on <= day <= issue.expires_on)


def lived_through(rng: random.Random, issue: Issue) -> list[Happened]:
    """Events that the registry itself would have taken, one after the other."""
    events: list[Happened] = []
    for day in days_drawn(rng, issue):
        state = state_on(issue, events, TERMS, on=day)
        offered = [event.kind for event in possible(state) if event.kind not in (Kind.ANNUL, Kind.CORRECT)]
        calm = [kind for kind in offered if not EVENTS[kind].ends]
        if not offered:
            break
        kind = rng.choice(calm if rng.random() < 0.85 else offered)
        if kind is Kind.CONVERT and (state.edition == NEW or day < D("2024-01-01")):
            continue
        events.append(Happened(kind, day, NEW if kind is Kind.CONVERT else ""))
    return events


def agrees(issue: Issue, events: list[Happened]) -> None:
    card, day = Card(issue.issued_on, issue.expires_on, issue.edition), issue.issued_on - ONE
    while day <= issue.expires_on + timedelta(days=2):
        said = card.lived(day, [event for event in events if event.on == day])
        state = state_on(issue, events, TERMS, on=day)
        found = (state.standing.value, state.edition, state.due_on, state.is_overdue, state.is_unconverted)
        assert found == said, (day, issue, events)
        SEEN.update([state.standing.value, *(["overdue"] if said[3] else []), *(["unconverted"] if said[4] else [])])
        day += ONE


@pytest.mark.parametrize("seed", range(12))
def test_every_day_of_random_lives_is_what_a_clerk_would_keep(seed: int):
    rng = random.Random(seed)
    for _ in range(8):
        issue = some_issue(rng)
        events = lived_through(rng, issue)
        SEEN.update(event.kind.value for event in events)
        SEEN.update(["two on one day"] * (len({event.on for event in events}) < len(events)))
        SEEN.update(["on the last day"] * any(event.on == issue.expires_on for event in events))
        agrees(issue, events)
        never = [*events, Happened(Kind.ANNUL, issue.issued_on + timedelta(days=900))]
        days = (issue.issued_on - ONE, issue.issued_on, issue.expires_on, issue.expires_on + ONE)
        assert {state_on(issue, never, TERMS, on=day).standing.value for day in days} == {"annulled"}


def test_the_random_lives_hold_every_event_and_every_standing():
    rng, before = random.Random(0), SEEN.copy()
    for _ in range(120):
        issue = some_issue(rng)
        events = lived_through(rng, issue)
        SEEN.update(event.kind.value for event in events)
        SEEN.update(["two on one day"] * (len({event.on for event in events}) < len(events)))
        SEEN.update(["on the last day"] * any(event.on == issue.expires_on for event in events))
    wanted = {kind.value for kind in Kind if kind not in (Kind.ANNUL, Kind.CORRECT)}
    assert wanted | {"two on one day", "on the last day"} <= set(SEEN - before)


@pytest.mark.parametrize(
    ("issued", "events", "day", "due", "overdue"),
    [
        ("2024-02-29", (), "2025-02-28", "2025-02-28", False),
        ("2024-02-29", (), "2025-03-01", "2025-02-28", True),
        ("2023-02-28", ("surveillance 2024-02-28",), "2025-02-28", "2025-02-28", False),
        ("2023-03-31", ("surveillance 2024-02-29",), "2025-03-01", "2025-02-28", True),
        ("2023-03-31", ("surveillance 2024-03-31", "suspend 2024-03-31"), "2025-03-31", "2025-03-31", False),
    ],
)
def test_a_due_day_itself_is_in_time(issued, events, day, due, overdue):
    issue = Issue(D(issued), plus_years(D(issued), 3) - ONE, OLD)
    happened = [Happened(Kind(kind), D(on)) for kind, on in (one.split() for one in events)]
    state = state_on(issue, happened, TERMS, on=D(day))
    assert (state.due_on, state.is_overdue) == (D(due), overdue)


def test_an_old_application_is_refused_from_2025_on_and_conversion_is_flagged_from_2026_on():
    assert [accepts(TERMS[OLD], applied_on=D(day)) for day in ("2024-12-31", "2025-01-01")] == [True, False]
    issue = Issue(D("2024-06-30"), D("2027-06-29"), OLD)
    flags = [state_on(issue, [], TERMS, on=D(day)).is_unconverted for day in ("2025-12-31", "2026-01-01")]
    assert flags == [False, True]
