"""Titles told and reminded of: the enterprise and the city, some days before and once overdue, nobody twice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from certification.models import Message
from certification.notices.outbox import tell
from certification.notices.titles import remind_of_titles
from certification.notices.wording import put_into_words
from certification.tasks import mind_titles
from enterprises.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def test_each_mark_tells_enterprise_and_city_once():
    qiye, city, other = make.applicant(), make.account(Role.CITY_REVIEWER), make.applicant()
    made = make.title(qiye.enterprise, by=city)
    due, told = made.title.reexamine_on, []
    for left in (91, 90, 89, 30, 29, 7, 0, -1, -2):
        remind_of_titles(at=morning(due - timedelta(days=left)))
        told.append(Message.objects.filter(recipient=qiye).count())
    assert told == [0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert Message.objects.filter(recipient=city).count() == 4
    assert not Message.objects.filter(recipient=other).exists()
    (letter,) = put_into_words(Message.objects.filter(recipient=qiye, kind="title.overdue"), qiye)
    assert letter.title == f"{qiye.enterprise.name}的“国家知识产权优势企业”复核已于 2026-12-01 逾期"
    assert letter.path == f"/titles/{made.ledger_number}/"


def test_what_has_ended_is_left_in_peace_and_the_job_may_run_twice(monkeypatch):
    qiye = make.applicant()
    over = make.title(qiye.enterprise, stage="project.strategy", valid_until=date(2026, 10, 31))
    make.reexamination(make.title(qiye.enterprise), passed=False)
    monkeypatch.setattr("certification.tasks.timezone.now", lambda: make.NOW)
    assert mind_titles() == 1
    over.refresh_from_db()
    assert over.ended_reason == "expired"
    assert mind_titles() == 0


def test_the_enterprise_is_told_of_what_is_recorded():
    qiye = make.applicant()
    made = make.title(qiye.enterprise)
    make.reexamination(made)
    make.guidance(make.guided(qiye.enterprise))
    while tell(at=make.NOW):
        continue
    kinds = list(Message.objects.filter(recipient=qiye).order_by("id").values_list("kind", flat=True))
    assert kinds == ["title.recorded", "title.passed", "title.recorded", "title.guided"]
    first = put_into_words(Message.objects.filter(recipient=qiye).order_by("id"), qiye)[0]
    assert first.title == f"{qiye.enterprise.name}的“国家知识产权优势企业”已登记"
