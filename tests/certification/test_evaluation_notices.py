"""Who is told what of an evaluation: experts, the enterprise with its last day of appeal, the city of who is late."""

from datetime import timedelta

import pytest

from certification.models import Message, MessageWording
from certification.notices.kinds import KINDS
from certification.notices.reminders import remind
from certification.notices.wording import put_into_words
from certification.notices.wordings import DATA, wording_refusals
from certification.services.door import Remark
from certification.services.panels import draw_panels, recuse
from certification.services.public_notices import publish_results, recognise
from certification.tasks import tell_people
from tests import factories as make
from tests import panels

pytestmark = pytest.mark.django_db
OVER = make.NOW + timedelta(days=30)


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def city(staff):
    return staff["city"]


@pytest.fixture
def case(staff, city):
    for _ in range(6):
        panels.expert(city)
    panels.batch(city)
    return panels.sent(panels.ready(), staff)


def kinds(person):
    tell_people()
    return list(person.messages.order_by("id").values_list("kind", flat=True))


def words(person, kind):
    """The message of a kind as the person reads it."""
    tell_people()
    return put_into_words(person.messages.filter(kind=kind).order_by("-id")[:1], person)[0]


def test_every_kind_has_a_sound_wording():
    rows = MessageWording.objects.in_bulk()
    assert set(rows) == set(KINDS)
    assert [refusal for row in rows.values() for refusal in wording_refusals(row)] == []
    assert DATA.exists()


def test_the_enterprise_is_told_of_each_step_and_of_the_last_day_of_appeal(case, city):
    held, person = panels.scored(case, city, "0.4", "0.4", "0.4"), case.created_by
    notice = publish_results(held, actor=city, at=panels.LATER)
    said = words(person, "application.noticed")
    assert str(notice.appeal_until) in said.text
    assert said.path == f"/applications/{case.number}/"
    row = make.step(case, "object", person, at=panels.LATER, remark=Remark("复核"))
    assert "申诉" in words(city, "application.objected").title
    make.step(row, "recommend", city, at=panels.LATER, remark=Remark("成立"))
    assert kinds(person)[-3:] == ["application.evaluating", "application.noticed", "application.appeal_granted"]
    draw_panels(held, actor=city, at=panels.LATER)
    for seat in case.evaluations.filter(sitting=2).select_related("application__batch__sheet", "expert"):
        panels.score(seat, "0.4")
    again = publish_results(held, actor=city, at=OVER)
    assert str(again.appeal_until) in words(person, "application.noticed").text
    assert again.appeal_until != notice.appeal_until
    recognise(held, comment="未达标", actor=city, at=OVER + timedelta(days=30))
    assert kinds(person)[-1] == "application.rejected"


def test_a_dismissed_appeal_and_a_grant_are_told(case, city):
    held, person = panels.scored(case, city), case.created_by
    publish_results(held, actor=city, at=panels.LATER)
    row = make.step(case, "object", person, at=panels.LATER, remark=Remark("复核"))
    make.step(row, "close_notice", city, at=panels.LATER, remark=Remark("维持"))
    recognise(held, actor=city, at=OVER)
    assert kinds(person)[-2:] == ["application.appeal_dismissed", "application.approved"]


def test_experts_are_told_of_assignment_and_replacement_and_the_city_of_a_recusal(case, city):
    colleague = make.account("city_reviewer")
    panels.drawn(case.batch, city)
    first, second, _third = case.evaluations.select_related("expert").order_by("place")
    assert kinds(first.expert) == ["evaluation.assigned"]
    recuse(first, reason="逾期，更换", actor=city, at=make.NOW)
    said = words(first.expert, "evaluation.replaced")
    assert (case.number in said.title, said.path) == (True, "")
    assert case.enterprise.name not in said.text  # it is out of the expert's sight
    assert "evaluation.stepped_back" in kinds(colleague)
    assert "evaluation.stepped_back" not in kinds(city)  # their own act
    recuse(second, reason="亲属", actor=second.expert, at=make.NOW)
    assert kinds(second.expert) == ["evaluation.assigned"]
    assert kinds(city).count("evaluation.stepped_back") == 1
    following = case.evaluations.order_by("place").last()
    assert kinds(following.expert) == ["evaluation.assigned"]


def test_experts_are_reminded_before_the_day_and_the_city_is_told_of_who_is_late(case, city, settings):
    panels.drawn(case.batch, city)
    seat = case.evaluations.select_related("expert").first()
    tell_people()
    settings.REMIND_WORKING_DAYS_BEFORE = 2
    due = make.NOW + (seat.due_on - make.NOW.date())
    assert due.weekday() == 4  # a Friday
    remind(at=due - timedelta(days=3))
    assert not Message.objects.filter(kind__in=("evaluation.due", "evaluation.overdue")).exists()
    remind(at=due - timedelta(days=2))
    assert seat.expert.messages.get(kind="evaluation.due").params == {"due_soon": 1, "overdue": 0}
    remind(at=due)
    assert not Message.objects.filter(kind="evaluation.overdue").exists()
    for _ in range(2):
        remind(at=due + timedelta(days=3))
    told = city.messages.get(kind="evaluation.overdue")
    assert (told.params, told.about) == ({"overdue": 3}, f"batch:{case.batch.code}")
    said = put_into_words([told], city)[0]
    assert (case.batch.title in said.title, said.path) == (True, f"/batches/{case.batch.code}/")
    panels.score(seat)
    remind(at=due + timedelta(days=4))
    assert city.messages.filter(kind="evaluation.overdue").latest("id").params == {"overdue": 2}
