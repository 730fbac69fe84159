"""Reminders of certificates: 90, 30 and 7 days before something is due, once when it is overdue, nobody twice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from certification.models import Achievement, Message
from certification.notices.certificates import remind_of_certificates
from certification.notices.wording import put_into_words
from certification.tasks import mind_certificates
from enterprises.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def test_each_mark_tells_once_and_overdue_tells_the_city_too():
    qiye, city = make.applicant(), make.account(Role.CITY_REVIEWER)
    made = make.certificate(qiye.enterprise)
    due, told = date(2026, 1, 10), []
    for left in (91, 90, 89, 31, 30, 8, 7, 0, -1, -2):
        remind_of_certificates(at=morning(due - timedelta(days=left)))
        told.append(Message.objects.filter(recipient=qiye).count())
    assert told == [0, 1, 1, 1, 2, 2, 3, 3, 4, 4]
    assert [row.kind for row in Message.objects.filter(recipient=city)] == ["certificate.overdue"]
    (letter,) = put_into_words(Message.objects.filter(recipient=city), city)
    assert letter.title == f"证书 {made.number} 的监督审核已于 2026-01-10 逾期"
    assert letter.path == f"/certificates/{made.number}/"


def test_expiry_and_conversion_are_told_and_the_dead_are_left_in_peace():
    qiye = make.applicant()
    said = {"edition": "GB/T 29490-2013", "applied_on": "2024-10-01", "system_since": "2023-01-01"}
    make.certificate(qiye.enterprise, **said, issued_on="2024-11-01", expires_on="2027-10-31")
    remind_of_certificates(at=morning(date(2025, 12, 30)))
    kinds = {(row.params["due_what"], row.params["due_on"]) for row in Message.objects.filter(recipient=qiye)}
    assert kinds == {("surveillance", "2025-11-01"), ("conversion", "2025-12-31")}
    remind_of_certificates(at=morning(date(2027, 11, 30)))
    assert Message.objects.filter(recipient=qiye).count() == 2


def test_the_daily_job_expires_and_reminds_and_may_run_twice(monkeypatch):
    said = {"edition": "GB/T 29490-2013", "applied_on": "2023-10-01", "system_since": "2023-01-01"}
    qiye = make.applicant()
    over = make.certificate(qiye.enterprise, **said, issued_on="2023-11-01", expires_on="2026-10-31")
    monkeypatch.setattr("certification.tasks.timezone.now", lambda: make.NOW)
    assert mind_certificates() == 1
    assert Achievement.objects.get(pk=over.achievement_id).ended_reason == "expired"
    assert mind_certificates() == 0
