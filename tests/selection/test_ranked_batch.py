"""A batch decided by rank, from its terms to the recognition; what is refused on the way, and what the ledger names."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from certification.audit_panels import panel_faults
from certification.errors import Duplicate, NotAllowed, NotPossible, Refused
from certification.models import Achievement, Application, Batch, BatchTerms, NoticeLine, Seal
from certification.selection.eligibility import Asked, Kind
from certification.services.achievements import end_achievement
from certification.services.batches import change_batch, close_batch, open_batch, plan_of
from certification.services.door import Remark, obstacles
from certification.services.frozen_copies import freeze_copy, keep_setting
from certification.services.late_entries import grant_late_entry
from certification.services.panels import draw_panels
from certification.services.public_notices import publish_results, recognise
from certification.services.recommendations import rank_recommended, unit_list
from certification.services.sealing import seal
from certification.services.selection_terms import keep_terms
from enterprises.roles import Role
from enterprises.services.interests import declare_interest
from ledger.models import LedgerEntry
from tests import factories as make
from tests import panels, ranked
from tests.ranked import RULES, SETTING

pytestmark = pytest.mark.django_db
OVER = make.NOW + timedelta(days=30)


@pytest.fixture
def staff():
    return make.reviewers()


def codes(refused):
    return [each.code for each in refused.value.refusals]


def verbs():
    return list(LedgerEntry.objects.filter(subject="batch:2026-M").order_by("number").values_list("verb", flat=True))


def test_a_batch_opens_only_with_terms_that_fit_its_sheet(staff):
    city = staff["city"]
    bare = ranked.planned(city, terms=None)
    with pytest.raises(Refused) as refused:
        open_batch(bare, actor=city, at=make.NOW)
    assert codes(refused) == ["terms_missing"]
    keep_terms(bare, RULES, actor=city, at=make.NOW)
    change_batch(bare, replace(plan_of(bare), sheet="sample-2026"), actor=city, at=make.NOW)
    with pytest.raises(Refused) as refused:
        open_batch(bare, actor=city, at=make.NOW)
    assert "item_unknown" in codes(refused)


def test_every_change_before_the_opening_is_a_version_on_record(staff):
    row = ranked.planned(staff["city"])
    keep_terms(row, replace(RULES, setting=replace(SETTING, quota=3)), actor=staff["city"], at=make.NOW)
    assert [(each.version, each.reason) for each in row.terms.all()] == [(1, ""), (2, "")]
    assert verbs() == ["batch.changed", "batch.terms_set", "batch.terms_set"]
    with pytest.raises(NotPossible) as refused:
        keep_terms(row, replace(RULES, setting=replace(SETTING, quota=3)), actor=staff["city"], at=make.NOW)
    assert codes(refused) == ["nothing_changed"]


def test_everything_that_is_wrong_with_terms_is_said_at_once(staff):
    wrong = replace(
        RULES,
        setting=replace(SETTING, weights={**SETTING.weights, "use": Decimal(41)}, cut_off=Decimal(101)),
        eligibility=(Asked(Kind.CREDIT), Asked(Kind.REACHED)),
        recommended={"nowhere": 3},
        ties=("fact:advantages", "earlier"),
    )
    with pytest.raises(Refused) as refused:
        keep_terms(ranked.planned(staff["city"]), wrong, actor=staff["city"], at=make.NOW)
    assert codes(refused) == [
        *("rule_stages", "weights_off_whole", "points_out_of_range", "unit_unknown"),
        *("tie_rule_unknown", "tie_rule_open"),
    ]


def test_after_the_opening_a_change_says_why_and_nobody_else_makes_one(staff):
    row, changed = ranked.opened(staff["city"]), replace(RULES, setting=replace(SETTING, quota=9))
    for reason in ("", "因" * 301):
        with pytest.raises(Refused) as refused:
            keep_terms(row, changed, reason=reason, actor=staff["city"], at=make.NOW)
        assert codes(refused) == ["reason_length"]
    keep_terms(row, changed, reason="市政府专题会议纪要 2026-8", actor=staff["city"], at=make.NOW)
    assert BatchTerms.objects.get(batch=row, version=2).reason == "市政府专题会议纪要 2026-8"
    with pytest.raises(NotAllowed):
        keep_terms(row, RULES, reason="x", actor=staff["district"], at=make.NOW)


def test_a_stage_without_ranking_has_no_terms(staff):
    with pytest.raises(NotPossible) as refused:
        keep_terms(panels.batch(staff["city"]), RULES, reason="x", actor=staff["city"], at=make.NOW)
    assert codes(refused) == ["not_ranked_stage"]


def test_who_does_not_meet_the_rules_cannot_submit_and_reads_why(staff):
    ranked.opened(staff["city"])
    person = make.applicant(make.enterprise(industry="C3489"))
    draft = make.filled(person, stage=ranked.STAGE)
    (refusal,) = obstacles(draft, "submit", actor=person, at=make.NOW)
    assert (refusal.code, refusal.rule) == ("not_eligible_reached", "公告第二条")
    make.achievement(person.enterprise, "project.strategy", make.NOW.date() - timedelta(9))
    assert make.step(draft, "submit", person).batch.code == "2026-M"


def test_the_facts_that_it_rests_on_are_asked_again_at_the_grant(staff):
    batch, rows = ranked.frozen(staff, "0.9", "0.8")
    seal(batch, ranked.tried(batch, staff["city"]).pk, actor=staff["city"], at=panels.LATER)
    publish_results(batch, actor=staff["city"], at=panels.LATER)
    held = Achievement.objects.get(enterprise=rows[0].enterprise, stage=ranked.REACHED)
    said = {"reason": "revoked", "ended_on": panels.LATER.date(), "ground": "弄虚作假"}
    end_achievement(held, **said, actor=staff["city"], at=panels.LATER)
    with pytest.raises(Refused) as refused:
        recognise(batch, actor=staff["city"], at=OVER)
    assert codes(refused) == ["not_eligible_reached"]
    assert rows[0].number in refused.value.refusals[0].message
    assert not Achievement.objects.filter(stage=ranked.STAGE).exists()


def test_after_the_window_only_a_granted_late_entry_lets_in_and_only_until_the_draw(staff):
    city = staff["city"]
    batch, late, other = ranked.opened(city), ranked.ready(), ranked.ready()
    drafts = [make.filled(person, stage=ranked.STAGE) for person in (late, other)]
    after = make.NOW + timedelta(days=21)
    assert [each.code for each in obstacles(drafts[0], "submit", actor=late, at=after)] == ["window_closed"]
    grant_late_entry(batch, late.enterprise, until=after.date(), reason="系统故障，有记录", actor=city, at=make.NOW)
    close_batch(batch, actor=city, at=after)
    assert make.step(drafts[0], "submit", late, at=after).batch == batch
    assert [each.code for each in obstacles(drafts[1], "submit", actor=other, at=after)] == ["window_closed"]
    Batch.objects.filter(pk=batch.pk).update(drawn_at=after)
    with pytest.raises(NotPossible) as refused:
        grant_late_entry(batch, other.enterprise, until=after.date(), reason="x", actor=city, at=after)
    assert codes(refused) == ["seed_public"]


def test_a_late_entry_names_a_later_day_and_a_reason_once_and_by_nobody_with_a_tie(staff):
    city, batch, of = staff["city"], ranked.opened(staff["city"]), make.enterprise()
    until = batch.closes_on + timedelta(1)
    with pytest.raises(Refused) as refused:
        grant_late_entry(batch, of, until=batch.closes_on, reason=" ", actor=city, at=make.NOW)
    assert codes(refused) == ["until_past", "reason_length"]
    grant_late_entry(batch, of, until=until, reason="系统故障", actor=city, at=make.NOW)
    with pytest.raises(Duplicate):
        grant_late_entry(batch, of, until=until, reason="再准", actor=city, at=make.NOW)
    tied = make.enterprise()
    declare_interest(city, tied, reason="亲属任职", actor=make.account(Role.SECURITY_ADMIN), at=make.NOW)
    with pytest.raises(NotAllowed):
        grant_late_entry(batch, tied, until=until, reason="x", actor=city, at=make.NOW)


def test_a_unit_sends_on_what_it_ranked_within_its_quota(staff):
    batch = ranked.opened(staff["city"], terms=replace(RULES, recommended={"wujin": 2}))
    first, second, third = [ranked.at_unit(ranked.ready(), staff) for _ in range(3)]
    unit = staff["district"]
    assert [each.code for each in obstacles(first, "recommend", actor=unit, at=make.NOW)] == ["not_ranked"]
    with pytest.raises(Refused) as refused:
        rank_recommended(batch, [first.number, second.number, third.number], actor=unit, at=make.NOW)
    assert codes(refused) == ["over_quota"]
    rank_recommended(batch, [second.number, first.number], actor=unit, at=make.NOW)
    assert make.step(second, "recommend", unit).level == "city"
    rank_recommended(batch, [third.number], actor=unit, at=make.NOW)
    held = unit_list(batch, unit)
    assert [(each.application.number, each.rank) for each in (*held.sent, *held.ranked)] == [
        (second.number, 1),
        (third.number, 2),
    ]
    assert [each.number for each in held.unranked] == [first.number]
    for actor, number in ((staff["city"], third.number), (make.reviewers(unit="xinbei")["district"], third.number)):
        with pytest.raises(Refused):
            rank_recommended(batch, [number], actor=actor, at=make.NOW)


def test_a_quota_is_not_lowered_below_what_is_recommended(staff):
    batch = ranked.opened(staff["city"])
    rows = [ranked.at_unit(ranked.ready(), staff) for _ in range(2)]
    rank_recommended(batch, [row.number for row in rows], actor=staff["district"], at=make.NOW)
    with pytest.raises(Refused) as refused:
        keep_terms(batch, replace(RULES, recommended={"wujin": 1}), reason="压缩", actor=staff["city"], at=make.NOW)
    assert codes(refused) == ["quota_below_recommended"]
    assert "2 家" in refused.value.refusals[0].message


def test_a_copy_is_frozen_when_every_result_is_in(staff):
    for _ in range(4):
        panels.expert(staff["city"])
    batch = ranked.opened(staff["city"])
    (row,) = ranked.sent([ranked.at_unit(ranked.ready(), staff)], staff)
    close_batch(batch, actor=staff["city"], at=make.NOW)
    draw_panels(batch, actor=staff["city"], at=make.NOW)
    with pytest.raises(Refused) as refused:
        freeze_copy(batch, actor=staff["city"], at=make.NOW)
    assert codes(refused) == ["result_missing"]
    for seat in row.evaluations.select_related("application__batch__sheet", "expert"):
        panels.score(seat)
    made = freeze_copy(batch, actor=staff["city"], at=make.NOW)
    (kept,) = made.content
    assert kept["code"] == row.number
    assert kept["facts"] == {"own_ip_share": "62.5", "valid_inventions": "12"}
    assert kept["unit"] == "wujin"
    assert len(kept["scores"]) == 3


def test_the_sealed_setting_decides_who_is_granted_and_who_not(staff):
    city = staff["city"]
    batch, rows = ranked.frozen(staff, "0.7", "0.9", "0.8")
    with pytest.raises(NotPossible) as refused:
        publish_results(batch, actor=city, at=panels.LATER)
    assert codes(refused) == ["not_sealed"]
    sealed = seal(batch, ranked.tried(batch, city).pk, actor=city, at=panels.LATER)
    assert sealed.chosen == [rows[1].number, rows[2].number]
    publish_results(batch, actor=city, at=panels.LATER)
    lines = {line.application.number: line for line in NoticeLine.objects.select_related("application")}
    assert [(lines[row.number].place, lines[row.number].is_in) for row in rows] == [(3, False), (1, True), (2, True)]
    recognise(batch, comment="未列入入围名单", actor=city, at=OVER)
    assert [Application.objects.get(pk=row.pk).status for row in rows] == ["rejected", "approved", "approved"]
    assert set(Achievement.objects.filter(stage=ranked.STAGE).values_list("application", flat=True)) == {
        rows[1].pk,
        rows[2].pk,
    }
    assert verbs()[-5:] == ["batch.frozen", "batch.setting_kept", "batch.sealed", "batch.noticed", "batch.finished"]


def test_of_two_officers_who_seal_two_settings_one_is_first(staff):
    city, other = staff["city"], make.account(Role.CITY_REVIEWER)
    batch, _rows = ranked.frozen(staff, "0.7", "0.9", "0.8")
    one, two = ranked.tried(batch, city, "甲"), ranked.tried(batch, other, "乙", quota=1)
    seal(batch, one.pk, actor=city, at=panels.LATER)
    with pytest.raises(NotPossible) as refused:
        seal(batch, two.pk, reason="另一方案", actor=other, at=panels.LATER)
    assert codes(refused) == ["sealed_before"]
    assert "甲" in refused.value.refusals[0].message
    said = {"chosen": [], "salt": "", "sealed_at": panels.LATER, "sealed_by": other}
    with pytest.raises(IntegrityError), transaction.atomic():
        Seal.objects.create(batch=batch, setting=two, **said)
    for late in (
        lambda: ranked.tried(batch, city, "丙"),
        lambda: freeze_copy(batch, actor=city, at=panels.LATER),
        lambda: keep_terms(batch, replace(RULES, ties=("lot",)), reason="x", actor=city, at=panels.LATER),
    ):
        with pytest.raises(NotPossible):
            late()


def test_a_setting_that_departs_from_the_terms_is_sealed_with_its_reason_as_a_new_version(staff):
    batch, rows = ranked.frozen(staff, "0.7", "0.9", "0.8")
    chosen = ranked.tried(batch, staff["city"], cut_off=Decimal(80), quota=None, edge=Decimal(5))
    with pytest.raises(Refused) as refused:
        seal(batch, chosen.pk, actor=staff["city"], at=panels.LATER)
    assert codes(refused) == ["reason_length"]
    sealed = seal(batch, chosen.pk, reason="专题会议确定分数线", actor=staff["city"], at=panels.LATER)
    assert sealed.chosen == [rows[1].number, rows[2].number][: len(sealed.chosen)]
    last = batch.terms.order_by("version").last()
    assert (last.version, last.reason, last.content["setting"]["cut_off"]) == (2, "专题会议确定分数线", "80")


def test_a_setting_has_a_name_of_its_own_and_makes_up_the_whole(staff):
    batch, _rows = ranked.frozen(staff, "0.7")
    ranked.tried(batch, staff["city"], "甲")
    with pytest.raises(Duplicate):
        ranked.tried(batch, staff["city"], " 甲 ")
    with pytest.raises(Refused) as refused:
        keep_setting(batch, "", replace(SETTING, quota=-1), actor=staff["city"], at=panels.LATER)
    assert codes(refused) == ["quota_out_of_range", "name_length"]
    with pytest.raises(NotPossible) as refused:
        seal(batch, 0, actor=staff["city"], at=panels.LATER)
    assert codes(refused) == ["setting_unknown"]


def test_a_granted_appeal_is_measured_by_the_seal_and_costs_nobody_a_place(staff):
    city = staff["city"]
    for _ in range(4):
        panels.expert(city)
    batch, rows = ranked.frozen(staff, "0.7", "0.9", "0.8")
    seal(batch, ranked.tried(batch, city).pk, actor=city, at=panels.LATER)
    publish_results(batch, actor=city, at=panels.LATER)
    row = Application.objects.get(pk=rows[0].pk)
    row = make.step(row, "object", row.created_by, at=panels.LATER, remark=Remark("材料未被采信"))
    row = make.step(row, "recommend", city, at=panels.LATER, remark=Remark("申诉成立"))
    draw_panels(batch, actor=city, at=panels.LATER)
    for seat in row.evaluations.filter(sitting=2).select_related("application__batch__sheet", "expert"):
        panels.score(seat, "0.85")
    publish_results(batch, actor=city, at=panels.LATER)
    line = NoticeLine.objects.filter(application=row).latest("pk")
    assert (line.place, line.is_in) == (2, True)
    recognise(batch, actor=city, at=OVER)
    assert {Application.objects.get(pk=each.pk).status for each in rows} == {"approved"}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE certification_batchterms SET content = '{}'",
        "UPDATE certification_recommended SET rank = 9",
        "UPDATE certification_frozencopy SET content = '[]'",
        "UPDATE certification_triedsetting SET name = '乙'",
        "UPDATE certification_seal SET chosen = '[]'",
        "UPDATE certification_lateentry SET until = '2030-01-01'",
        "UPDATE certification_noticeline SET place = 7",
        "DELETE FROM certification_seal",
    ],
)
def test_what_is_changed_with_sql_is_named(staff, sql):
    city = staff["city"]
    batch, _rows = ranked.frozen(staff, "0.9")
    seal(batch, ranked.tried(batch, city).pk, actor=city, at=panels.LATER)
    publish_results(batch, actor=city, at=panels.LATER)
    assert list(panel_faults()) == []
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert ["batch:2026-M" in each.reason for each in panel_faults()] == [True]
