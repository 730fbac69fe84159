"""The daily job of certificates: late, twice, by two workers at once, with a clock put back: as if run daily."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from certification.models import Achievement, Message
from certification.notices.certificates import remind_of_certificates
from certification.services.certificate_expiry import expire_certificates
from enterprises.roles import Role
from ledger.models import LedgerEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
D = date.fromisoformat
LAST = D("2026-10-31")
OLD = {"edition": "GB/T 29490-2013", "applied_on": "2023-10-01", "system_since": "2023-01-01",
       "issued_on": "2023-11-01", "expires_on": str(LAST)}  # fmt: skip


def run(day: date) -> None:
    at = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    expire_certificates(at=at)
    remind_of_certificates(at=at)


def people():
    qiye, city = make.applicant(), make.account(Role.CITY_REVIEWER)
    return make.certificate(qiye.enterprise, **OLD), qiye, city


def told(of, what: str) -> list[str]:
    rows = Message.objects.filter(recipient=of, params__due_what=what).order_by("pk")
    return [source.rpartition(":")[2] for source in rows.values_list("source", flat=True)]


def ended(row) -> tuple:
    fact = Achievement.objects.get(pk=row.achievement_id)
    entries = LedgerEntry.objects.filter(verb="achievement.ended", supersedes=fact.ledger_number).count()
    return fact.ended_reason, fact.ended_on, entries


DAILY = (100, 91, 90, 89, 60, 31, 30, 29, 15, 8, 7, 6, 1, 0, -1, -2, -11)  # days left; the days between tell nothing
ROUNDS = {
    "daily": DAILY,
    "down for ten days": (100, 90, 60, 29, 15, 7, 5, -5, -6),
    "twice a day": [left for left in DAILY for _ in range(2)],
    "clock put back": (100, 90, 41, 10, 5, -1, -3, 40, 30, 7, 0, -1, -11),
    "clock far ahead, then right": (100, -30, *DAILY[1:]),
}


@pytest.mark.parametrize("name", ROUNDS)
def test_however_the_job_ran_the_achievement_ended_on_the_same_day_once(name):
    row, qiye, city = people()
    for left in ROUNDS[name]:
        run(LAST - timedelta(days=left))
    assert ended(row) == ("expired", LAST + timedelta(days=1), 1)
    for each in (qiye, city):
        sources = list(Message.objects.filter(recipient=each).values_list("source", flat=True))
        assert len(sources) == len(set(sources))


@pytest.mark.parametrize("name", ["daily", "twice a day", "down for ten days"])
def test_each_mark_is_told_once(name):
    row, qiye, _city = people()
    for left in ROUNDS[name]:
        run(LAST - timedelta(days=left))
    assert told(qiye, "expiry") == ["90", "30", "7"]
    assert ended(row)[2] == 1


def test_who_was_told_that_it_is_late_is_not_told_that_it_is_soon():
    qiye = make.applicant()
    make.certificate(qiye.enterprise)  # its surveillance is due on 2026-01-10
    for day in ("2026-01-11", "2026-01-05", "2025-12-20", "2026-01-12"):
        run(D(day))
    assert told(qiye, "surveillance") == ["late"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_end_and_tell_once():
    row, qiye, _city = people()
    start = Barrier(2)

    def work() -> None:
        try:
            start.wait(10)
            run(LAST + timedelta(days=1))
        finally:
            connection.close()

    run(LAST - timedelta(days=7))
    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert ended(row) == ("expired", LAST + timedelta(days=1), 1)
    assert told(qiye, "expiry") == ["7"]
