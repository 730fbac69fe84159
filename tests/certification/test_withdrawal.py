"""Withdrawing while the experts have it; and that a batch is finished whoever ended its applications."""

from datetime import timedelta

import pytest

from certification.audit import fact_faults
from certification.errors import NotAllowed, NotPossible
from certification.models import Batch, Evaluation, Evidence, Message, Score
from certification.notices.outbox import tell
from certification.panel_views import public_notices
from certification.services.batches import close_batch
from certification.services.corrections import lapse_corrections
from certification.services.door import Remark, allowed_moves
from certification.services.public_notices import publish_results, recognise
from certification.services.scores import Given, keep_scores
from ledger.models import LedgerEntry
from tests import factories as make
from tests import panels

pytestmark = pytest.mark.django_db
WORDS = Remark("理由")
OVER = make.NOW + timedelta(days=30)


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def city(staff):
    return staff["city"]


@pytest.fixture
def held(city):
    for _ in range(6):
        panels.expert(city)
    return panels.batch(city)


@pytest.fixture
def case(staff, held):
    return panels.sent(panels.ready(), staff)


def seats(row):
    rows = row.evaluations.select_related("application__batch__sheet", "expert")
    return list(rows.order_by("sitting", "place"))


def withdrawn(row, at=panels.LATER):
    return make.step(row, "withdraw", row.created_by, at=at)


def test_experts_are_told_and_let_go_of_and_drafts_stay_sealed(case, city, held):
    panels.drawn(held, city)
    first, second, third = seats(case)
    panels.score(first)
    keep_scores(second, {"policy": Given(8, "草稿")}, hand_in=False, actor=second.expert, at=make.NOW)
    tell(at=make.NOW)
    Message.objects.all().delete()
    row = withdrawn(case)
    assert (row.status, row.due_on, row.level) == ("withdrawn", None, "city")
    assert [each.state for each in seats(case)] == ["scored", "released", "released"]
    for gone in (second, third):
        assert not Evaluation.objects.visible_to(gone.expert).exists()
        assert not Evidence.objects.visible_to(gone.expert).exists()
        with pytest.raises(NotPossible):
            panels.score(gone)
    assert Score.objects.filter(evaluation=second).exists()
    assert not Evaluation.objects.overdue(on=OVER.date()).exists()
    tell(at=panels.LATER)
    told = Message.objects.filter(kind="evaluation.released").values_list("recipient", flat=True)
    assert set(told) == {each.expert_id for each in (first, second, third)}
    (entry,) = LedgerEntry.objects.filter(verb="panel.released")
    assert (entry.subject, entry.enterprise) == (f"panel:{case.number}", case.enterprise.uscc)
    assert list(fact_faults(limit=9)) == []


def test_before_the_draw_there_is_nobody_to_let_go_of(case):
    assert withdrawn(case).status == "withdrawn"
    assert not LedgerEntry.objects.filter(verb="panel.released").exists()


def test_only_the_enterprise_itself_withdraws(case, city):
    for other in (city, make.applicant(), make.account("expert")):
        with pytest.raises(NotAllowed):
            make.step(case, "withdraw", other)
    assert "withdraw" in {move.action for move in allowed_moves(case, case.created_by)}


def test_nothing_is_withdrawn_once_the_result_is_public(case, city):
    publish_results(panels.scored(case, city), actor=city, at=panels.LATER)
    for action in ("withdraw", "object"):
        case.refresh_from_db()
        with pytest.raises(NotPossible) as refused:
            withdrawn(case)
        assert refused.value.refusals[0].code == "result_public"
        assert "申诉" in refused.value.refusals[0].remedy
        if action == "withdraw":
            make.step(case, "object", case.created_by, at=panels.LATER, remark=WORDS)


def test_after_a_granted_appeal_it_is_withdrawn_and_the_notice_says_so(case, city):
    publish_results(panels.scored(case, city), actor=city, at=panels.LATER)
    row = make.step(case, "object", case.created_by, at=panels.LATER, remark=WORDS)
    row = make.step(row, "recommend", city, at=panels.LATER, remark=WORDS)
    withdrawn(row)
    (view,) = public_notices(on=panels.LATER.date())
    assert view.fallen == {view.lines[0].pk}
    assert recognise(row.batch, actor=city, at=OVER) == []
    assert Batch.objects.get(pk=row.batch_id).state == "finished"


def test_the_rest_of_a_batch_is_published_and_recognised_without_it(case, city, staff, held):
    second = panels.sent(panels.ready(), staff)
    panels.drawn(held, city)
    withdrawn(case)
    for row in seats(second):
        panels.score(row)
    held.refresh_from_db()
    notice = publish_results(held, actor=city, at=panels.LATER)
    assert [line.application for line in notice.lines.all()] == [second]
    assert recognise(held, actor=city, at=OVER) == [second]
    assert Batch.objects.get(pk=held.pk).state == "finished"
    assert list(fact_faults(limit=9)) == []


def test_a_batch_whose_applications_were_all_withdrawn_is_finished(case, city, held):
    held = close_batch(held, actor=city, at=panels.LATER)
    with pytest.raises(NotPossible) as early:
        recognise(held, actor=city, at=OVER)
    assert "1 件在办" in early.value.refusals[0].message
    withdrawn(case)
    with pytest.raises(NotPossible):
        publish_results(held, actor=city, at=OVER)
    assert recognise(held, actor=city, at=OVER) == []
    assert Batch.objects.get(pk=held.pk).state == "finished"
    assert LedgerEntry.objects.filter(verb="batch.finished").exists()


@pytest.mark.parametrize("alone", ["reject", "grant"])
def test_a_batch_whose_last_appeal_is_decided_alone_and_later_is_finished(case, city, alone):
    held = panels.scored(case, city, *["0.4" if alone == "reject" else "0.8"] * 3)
    publish_results(held, actor=city, at=panels.LATER)
    row = make.step(case, "object", case.created_by, at=panels.LATER, remark=WORDS)
    with pytest.raises(NotPossible):
        recognise(held, actor=city, at=OVER)
    row = make.step(row, "close_notice", city, at=OVER, remark=WORDS)
    make.step(row, alone, city, at=OVER, remark=WORDS)
    assert recognise(held, actor=city, at=OVER) == []
    assert Batch.objects.get(pk=held.pk).state == "finished"
    with pytest.raises(NotPossible):
        recognise(held, actor=city, at=OVER)  # once


def test_a_batch_is_finished_after_the_last_application_was_never_corrected(case, city, staff, held):
    """What was returned and never came back holds a batch open until its last day; then it is ended, and so is this."""
    withdrawn(case)
    person = panels.ready()
    other = make.step(make.filled(person, stage=panels.STAGE), "submit", person)
    other = make.step(other, "return", staff["township"], remark=WORDS)
    assert other.batch_id == held.pk
    held = close_batch(held, actor=city, at=panels.LATER)
    with pytest.raises(NotPossible) as early:
        recognise(held, actor=city, at=OVER)
    assert "1 件在办" in early.value.refusals[0].message
    assert lapse_corrections(at=OVER) == 1
    assert recognise(held, actor=city, at=OVER) == []
    assert Batch.objects.get(pk=held.pk).state == "finished"
    assert list(fact_faults(limit=9)) == []
