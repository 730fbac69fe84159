"""An evaluation from the batch to the achievement: sealed scores, recusals, the notice, the appeal."""

from datetime import timedelta

import pytest

from certification.audit import fact_faults
from certification.errors import Duplicate, NotAllowed, NotPossible, Refused
from certification.models import Achievement, Batch, Decision, Evaluation, PanelResult, Score, SheetItem
from certification.panel_views import by_item, is_open_to, published, result_of
from certification.services.batches import Plan, close_batch, open_batch, plan_batch
from certification.services.door import Remark, allowed_moves
from certification.services.experts import keep_expert
from certification.services.panels import draw_panels, recuse
from certification.services.public_notices import publish_results, recognise
from certification.services.scores import Given, keep_scores
from enterprises.services.interests import declare_interest
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
def experts(city):
    return [panels.expert(city) for _ in range(5)]


@pytest.fixture
def held(city):
    return panels.batch(city)


@pytest.fixture
def case(staff, experts, held):
    return panels.sent(panels.ready(), staff)


def seats(row):
    return list(row.evaluations.select_related("application__batch__sheet", "expert").order_by("sitting", "place"))


def test_without_an_open_batch_nothing_can_be_submitted():
    person = panels.ready()
    row = make.filled(person, stage=panels.STAGE)
    with pytest.raises(Refused) as refused:
        make.step(row, "submit", person)
    assert [refusal.code for refusal in refused.value.refusals] == ["window_closed"]


def test_a_batch_below_the_rule_or_twice_is_refused(city, held):
    plan = Plan("2026-A", "x", panels.STAGE, held.opens_on, held.closes_on, panels.SHEET, experts=2, notice_days=1)
    with pytest.raises(Refused) as refused:
        plan_batch(plan, actor=city, at=make.NOW)
    assert {refusal.field for refusal in refused.value.refusals} == {"experts", "notice_days"}
    with pytest.raises(Duplicate):
        plan_batch(
            Plan("2026-A", "x", panels.STAGE, held.opens_on, held.closes_on, panels.SHEET), actor=city, at=make.NOW
        )
    other = plan_batch(
        Plan("2026-B", "x", panels.STAGE, held.opens_on, held.closes_on, panels.SHEET), actor=city, at=make.NOW
    )
    with pytest.raises(NotPossible):
        open_batch(other, actor=city, at=make.NOW)  # one is open
    with pytest.raises(NotAllowed):
        close_batch(held, actor=make.account("district_reviewer"), at=make.NOW)


def test_the_whole_way_ends_in_an_achievement_on_record(case, city, held):
    held = panels.scored(case, city)
    notice = publish_results(held, actor=city, at=panels.LATER)
    with pytest.raises(Refused) as early:
        recognise(held, actor=city, at=panels.LATER)
    assert early.value.refusals[0].code == "notice_not_over"
    (row,) = recognise(held, actor=city, at=OVER)
    assert (row.status, notice.number) == ("approved", "GS2026000001")
    assert Achievement.objects.get(application=row).stage == panels.STAGE
    assert Batch.objects.get(pk=held.pk).state == "finished"
    assert list(fact_faults(limit=9)) == []


def test_the_draw_takes_nobody_who_is_tied_and_publishes_the_seed_that_was_fixed_before(city, staff, held):
    person = panels.ready()
    own = panels.expert(city, employer_uscc=person.enterprise.uscc)
    group = panels.expert(city, group=[person.enterprise.uscc])
    tied = panels.expert(city)
    declare_interest(tied, person.enterprise, reason="顾问", actor=city, at=make.NOW)
    free = [panels.expert(city) for _ in range(2)]
    row = panels.sent(person, staff)
    with pytest.raises(Refused) as refused:
        panels.drawn(held, city)
    assert refused.value.refusals[0].code == "too_few_experts"
    free.append(panels.expert(city, "life"))
    made = panels.drawn(held, city)
    assert {each.expert for each in made} == set(free)
    said = LedgerEntry.objects.filter(subject=f"panel:{row.number}", verb="panel.drawn").get().payload
    assert all(f"account:{each.pk}" in said for each in (own, group, tied))
    opened = LedgerEntry.objects.get(verb="batch.opened").payload
    seed = Batch.objects.get(pk=held.pk).seed
    assert seed not in opened
    assert seed in LedgerEntry.objects.get(verb="batch.drawn").payload
    with pytest.raises(NotPossible):
        panels.drawn(held, city)


@pytest.mark.parametrize("wrong", [-1, 101, 9.505, float("nan"), "9", None])
def test_a_score_that_is_none_changes_nothing(wrong, case, city, held):
    panels.drawn(held, city)
    row = seats(case)[0]
    given = panels.points(row, policy=Given(wrong, "理由"))
    with pytest.raises(Refused) as refused:
        keep_scores(row, given, hand_in=True, actor=row.expert, at=make.NOW)
    assert [refusal.field for refusal in refused.value.refusals] == ["scores.policy.points"]
    assert not Score.objects.exists()


def test_a_sheet_is_handed_in_whole_with_reasons_by_its_expert_once(case, city, held):
    panels.drawn(held, city)
    row, other, _third = seats(case)
    kept = keep_scores(row, {"policy": Given(8)}, hand_in=False, actor=row.expert, at=make.NOW)
    assert kept.state == "assigned"
    with pytest.raises(Refused) as refused:
        keep_scores(row, {"policy": Given(8)}, hand_in=True, actor=row.expert, at=make.NOW)
    fields = {refusal.field for refusal in refused.value.refusals}
    assert {"scores.policy.reason", "scores.audit.points"} <= fields
    with pytest.raises(NotAllowed):
        keep_scores(row, panels.points(row), hand_in=True, actor=other.expert, at=make.NOW)
    panels.score(row)
    for hand_in in (True, False):
        with pytest.raises(NotPossible) as twice:
            keep_scores(row, panels.points(row, "0.5"), hand_in=hand_in, actor=row.expert, at=make.NOW)
        assert twice.value.refusals[0].code == "scored_before"
    assert {str(score.points) for score in row.scores.filter(item__code="policy")} == {"8.00"}


def test_scores_are_sealed_until_the_last_one_is_in(case, city, held):
    panels.drawn(held, city)
    first, second, third = seats(case)
    panels.score(first, "0.9")
    panels.score(second, "0.6")
    assert not is_open_to(first)
    assert not PanelResult.objects.exists()
    panels.score(third, "0.8")
    assert is_open_to(first)
    result = PanelResult.objects.get()
    assert (str(result.total), str(result.spread), result.is_disputed) == ("76.67", "30.00", True)
    lines = by_item(result).items
    assert [len(line.points) for line in lines] == [3] * SheetItem.objects.filter(sheet=panels.SHEET).count()
    assert published(case) is None  # nothing for the enterprise before the notice


def test_who_steps_back_is_followed_by_the_next_of_the_draw(case, city, held):
    panels.drawn(held, city)
    row = seats(case)[0]
    with pytest.raises(Refused):
        recuse(row, reason=" ", actor=row.expert, at=make.NOW)
    with pytest.raises(NotAllowed):
        recuse(row, reason="代为回避", actor=seats(case)[1].expert, at=make.NOW)
    recuse(row, reason="曾为该企业授课", actor=row.expert, at=make.NOW)
    assert [(each.place, each.state) for each in seats(case)] == [
        (1, "recused"), (2, "assigned"), (3, "assigned"), (4, "assigned"),
    ]  # fmt: skip
    assert row.expert not in {each.expert for each in seats(case)[1:]}
    assert not Evaluation.objects.visible_to(row.expert).exists()
    with pytest.raises(NotPossible):
        panels.score(row)
    overdue = seats(case)[1]
    recuse(overdue, reason="逾期未评分，更换", actor=city, at=make.NOW)
    assert seats(case)[-1].place == 5


def test_a_tie_declared_after_the_draw_keeps_the_expert_out(case, city, held):
    panels.drawn(held, city)
    row = seats(case)[0]
    declare_interest(row.expert, case.enterprise, reason="亲属", actor=city, at=make.NOW)
    with pytest.raises(NotAllowed):
        panels.score(row)


def test_results_are_confirmed_all_at_once_or_not_at_all(case, city, staff, held):
    second = panels.sent(panels.ready(), staff)
    panels.drawn(held, city)
    for row in seats(case):
        panels.score(row)
    held.refresh_from_db()
    with pytest.raises(Refused) as refused:
        publish_results(held, actor=city, at=make.NOW)
    assert second.number in refused.value.refusals[0].message
    case.refresh_from_db()
    assert case.status == "evaluating"
    for row in seats(second):
        panels.score(row, "0.5")
    notice = publish_results(held, actor=city, at=panels.LATER)
    assert notice.lines.count() == 2
    with pytest.raises(Refused):
        recognise(held, actor=city, at=OVER)  # one failed: its rejection needs its reasons
    recognise(held, comment="未达到合格线", actor=city, at=OVER)
    case.refresh_from_db()
    second.refresh_from_db()
    assert (case.status, second.status) == ("approved", "rejected")
    assert list(fact_faults(limit=9)) == []


def test_an_appeal_holds_only_its_own_application_and_a_granted_one_is_evaluated_again(case, city, staff, held):
    second = panels.sent(panels.ready(), staff)
    panels.drawn(held, city)
    for row in (*seats(case), *seats(second)):
        panels.score(row, "0.4" if row.application_id == case.pk else "0.9")
    for _ in range(3):
        panels.expert(city)  # a second sitting takes nobody of the first
    held.refresh_from_db()
    publish_results(held, actor=city, at=panels.LATER)
    person = case.created_by
    with pytest.raises(Refused):
        make.step(case, "object", person, at=panels.LATER)
    with pytest.raises(Refused) as late:
        make.step(case, "object", person, at=OVER, remark=WORDS)
    assert late.value.refusals[0].code == "appeal_late"
    row = make.step(case, "object", person, at=panels.LATER, remark=WORDS)
    assert {move.action for move in allowed_moves(row, city)} == {"close_notice", "recommend"}
    decided = recognise(held, actor=city, at=OVER)
    assert [each.pk for each in decided] == [second.pk]
    assert Batch.objects.get(pk=held.pk).state == "closed"
    row = make.step(row, "recommend", city, at=OVER, remark=WORDS)
    first = {each.expert for each in seats(case)}
    again = draw_panels(held, actor=city, at=OVER)
    assert {each.sitting for each in again} == {2}
    assert first.isdisjoint({each.expert for each in again})
    for each in seats(case)[3:]:
        panels.score(each, "0.9", at=OVER)
    notice = publish_results(held, actor=city, at=OVER)
    assert [line.application_id for line in notice.lines.all()] == [case.pk]
    recognise(held, actor=city, at=OVER + timedelta(days=30))
    assert Achievement.objects.filter(application=case).exists()
    assert Batch.objects.get(pk=held.pk).state == "finished"
    assert list(fact_faults(limit=9)) == []


def test_a_dismissed_appeal_leaves_the_result_and_is_not_repeated(case, city, held):
    held = panels.scored(case, city, "0.4", "0.4", "0.4")
    publish_results(held, actor=city, at=panels.LATER)
    row = make.step(case, "object", case.created_by, at=panels.LATER, remark=WORDS)
    row = make.step(row, "close_notice", city, at=panels.LATER, remark=WORDS)
    with pytest.raises(Refused) as again:
        make.step(row, "object", case.created_by, at=panels.LATER, remark=WORDS)
    assert again.value.refusals[0].code == "appealed_before"
    with pytest.raises(Refused) as passed:
        make.step(row, "grant", city, at=OVER)
    assert passed.value.refusals[0].code == "result_below_line"
    row = make.step(row, "reject", city, at=OVER, remark=WORDS)
    assert row.status == "rejected"
    assert Decision.objects.filter(application=row, decides=True).count() == 3


def test_an_expert_who_came_to_work_for_it_after_the_draw_does_not_score(case, city, held):
    panels.drawn(held, city)
    employed, adviser, free = seats(case)
    firm = make.organisation()
    make.advising(case.enterprise, firm)
    for row, news in ((employed, {"employer_uscc": case.enterprise.uscc}), (adviser, {"organisation": firm})):
        profile = row.expert.expert
        for name, value in news.items():
            setattr(profile, name, value)
        keep_expert(profile, actor=city, at=make.NOW)
        with pytest.raises(NotAllowed) as barred:
            panels.score(row)
        assert barred.value.refusals[0].code == "own_interest"
        assert not Score.objects.filter(evaluation=row).exists()
        recuse(row, reason="利害关系", actor=row.expert, at=make.NOW)
    assert panels.score(free).state == "scored"


def test_an_officer_who_is_tied_to_the_enterprise_takes_no_expert_off(case, city, held):
    panels.drawn(held, city)
    tied = make.account("city_reviewer")
    declare_interest(tied, case.enterprise, reason="亲属", actor=city, at=make.NOW)
    row = seats(case)[0]
    with pytest.raises(NotAllowed) as barred:
        recuse(row, reason="另请高明", actor=tied, at=make.NOW)
    assert barred.value.refusals[0].code == "own_interest"
    assert recuse(row, reason="出国", actor=city, at=make.NOW).state == "recused"


def test_an_expert_of_the_first_sitting_reads_its_own_result_after_the_second(case, city, held):
    for _ in range(3):
        panels.expert(city)
    held = panels.scored(case, city, "0.8", "0.8", "0.8")
    publish_results(held, actor=city, at=panels.LATER)
    row = make.step(case, "object", case.created_by, at=panels.LATER, remark=WORDS)
    make.step(row, "recommend", city, at=panels.LATER, remark=WORDS)
    for again in draw_panels(held, actor=city, at=panels.LATER):
        panels.score(again, "0.5")
    early, late = seats(case)[0], seats(case)[-1]
    assert (result_of(early).sitting, result_of(late).sitting) == (1, 2)
    assert result_of(early).total > result_of(late).total


def test_what_is_altered_behind_the_ledger_is_named(case, city, held):
    panels.scored(case, city)
    Score.objects.filter(evaluation__application=case, item__code="policy").update(points="10")
    (fault,) = fact_faults(limit=9)
    assert f"panel:{case.number}" in fault.reason
