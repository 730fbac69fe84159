"""Planned batches are changed and cancelled; what a title and a code may be; which act is due."""

from dataclasses import replace
from datetime import timedelta

import pytest

from certification.audit import fact_faults
from certification.errors import Duplicate, NotAllowed, NotPossible, Refused
from certification.models import SelfScore, SheetItem
from certification.panel_views import by_item, published
from certification.services.assessments import assess_oneself
from certification.services.batch_acts import act_on, offered
from certification.services.batch_progress import next_act, progress_of
from certification.services.batches import (
    Plan,
    cancel_batch,
    change_batch,
    close_batch,
    open_batch,
    plan_batch,
    plan_of,
)
from certification.services.door import Remark
from certification.services.public_notices import publish_results, recognise
from ledger.models import LedgerEntry
from tests import factories as make
from tests import panels

pytestmark = pytest.mark.django_db
DAY = make.NOW.date()
PLAN = Plan("One", "第一批", panels.STAGE, DAY, DAY + timedelta(days=20), panels.SHEET)
OVER = make.NOW + timedelta(days=30)


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def city(staff):
    return staff["city"]


@pytest.fixture
def planned(city):
    return plan_batch(PLAN, actor=city, at=make.NOW)


def due(row, on=DAY):
    row.refresh_from_db()
    return next_act(row, progress_of(row, on=on), on=on)


@pytest.mark.parametrize("hidden", ["第\u202e一批", "第一批\u200b", "\u2066第一批", "第\x00一批", "第一批\ufeff"])
def test_a_title_with_what_nobody_sees_is_refused(city, planned, hidden):
    for attempt in (
        lambda: plan_batch(replace(PLAN, code="TWO", title=hidden), actor=city, at=make.NOW),
        lambda: change_batch(planned, replace(PLAN, title=hidden), actor=city, at=make.NOW),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert [(each.code, each.field) for each in refused.value.refusals] == [("unseen_characters", "title")]


@pytest.mark.parametrize("code", ["one", "ONE", "One"])
def test_a_code_is_taken_in_any_case(city, planned, code):
    with pytest.raises(Duplicate):
        plan_batch(replace(PLAN, code=code), actor=city, at=make.NOW)


def test_a_planned_batch_is_changed_on_record_until_it_opens(city, planned):
    wanted = replace(plan_of(planned), title="改名", experts=5)
    row = change_batch(planned, wanted, actor=city, at=make.NOW)
    assert (row.code, row.title, row.experts) == ("One", "改名", 5)
    assert LedgerEntry.objects.filter(verb="batch.changed", subject="batch:One").count() == 2
    with pytest.raises(Refused):
        change_batch(planned, replace(wanted, experts=1), actor=city, at=make.NOW)
    with pytest.raises(NotAllowed):
        change_batch(planned, wanted, actor=make.account("district_reviewer"), at=make.NOW)
    open_batch(planned, actor=city, at=make.NOW)
    for act in (
        lambda: change_batch(planned, wanted, actor=city, at=make.NOW),
        lambda: cancel_batch(planned, comment="理由", actor=city, at=make.NOW),
    ):
        with pytest.raises(NotPossible):
            act()
    assert list(fact_faults(limit=9)) == []


def test_a_planned_batch_is_cancelled_with_its_reason_and_never_opened(city, planned):
    assert offered(planned, progress_of(planned, on=DAY)) == ["open", "cancel"]
    with pytest.raises(Refused) as refused:
        act_on(planned, "cancel", comment=" ", actor=city, at=make.NOW)
    assert refused.value.refusals[0].field == "comment"
    act_on(planned, "cancel", comment="并入下一批", actor=city, at=make.NOW)
    planned.refresh_from_db()
    assert (planned.state, planned.cancelled_for, offered(planned, progress_of(planned, on=DAY))) == (
        "cancelled",
        "并入下一批",
        [],
    )
    with pytest.raises(NotPossible):
        open_batch(planned, actor=city, at=make.NOW)
    assert list(fact_faults(limit=9)) == []


def test_an_open_batch_without_any_application_is_closed_and_finished(city, planned):
    open_batch(planned, actor=city, at=make.NOW)
    assert due(planned) == ""
    assert due(planned, PLAN.closes_on + timedelta(days=1)) == "close"
    close_batch(planned, actor=city, at=make.NOW)
    assert due(planned) == "recognise"
    assert offered(planned, progress_of(planned, on=DAY)) == ["recognise"]
    assert recognise(planned, actor=city, at=make.NOW) == []
    planned.refresh_from_db()
    assert planned.state == "finished"


def test_the_act_that_is_due_follows_the_batch(staff, city):
    for _ in range(3):
        panels.expert(city)
    held = panels.batch(city)
    row = panels.sent(panels.ready(), staff)
    close_batch(held, actor=city, at=make.NOW)
    assert due(held) == "score"
    panels.drawn(held, city)
    assert due(held) == ""
    for seat in row.evaluations.select_related("application__batch__sheet", "expert"):
        panels.score(seat)
    assert due(held) == "publish"
    publish_results(held, actor=city, at=panels.LATER)
    assert due(held) == ""
    assert due(held, OVER.date()) == "recognise"


def test_the_enterprise_keeps_sight_of_its_public_result_while_it_is_evaluated_again(staff, city):
    for _ in range(3):
        panels.expert(city)
    panels.batch(city)
    row = panels.sent(panels.ready(), staff)
    held = panels.scored(row, city)
    assert published(row) is None
    publish_results(held, actor=city, at=panels.LATER)
    row.refresh_from_db()
    assert by_item(published(row)).superseded == ""
    row = make.step(row, "object", row.created_by, at=panels.LATER, remark=Remark("复核"))
    row = make.step(row, "recommend", city, at=panels.LATER, remark=Remark("成立"))
    assert by_item(published(row)).superseded == "申诉成立，重新评审中"


def test_a_self_assessment_by_another_sheet_is_not_submitted(staff, city):
    panels.batch(city)
    person = panels.ready()
    row = make.filled(person, stage=panels.STAGE)
    assess_oneself(row, {"policy": (9, "")}, actor=person, at=make.NOW)
    sheet = SheetItem.objects.get(code="policy").sheet
    sheet.pk = "other"
    sheet.save(force_insert=True)
    item = SheetItem.objects.create(sheet=sheet, code="policy", group="组", title="另一项", maximum=20)
    SelfScore.objects.filter(application=row).update(item=item)
    with pytest.raises(Refused) as refused:
        make.step(row, "submit", person)
    assert [each.code for each in refused.value.refusals] == ["self_assessment_other_sheet"]
    assess_oneself(row, {"policy": (9, "")}, actor=person, at=make.NOW)
    assert make.step(row, "submit", person).status == "submitted"
