"""Titles: the document beside the fact, what is refused, who may, what the ledger has, how they end."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from certification.audit import fact_faults
from certification.errors import NotAllowed, NotPossible, Refused
from certification.models import Achievement, Guidance, Reexamination, TitleDocument, TitleTerms
from certification.queries import timeline
from certification.services.achievements import end_achievement
from certification.services.title_expiry import expire_titles
from certification.services.title_terms import keep_terms
from certification.services.titles import Act, correct_title, end_title, record_title, state_of
from certification.title_checks import StatedTitle
from certification.title_life import Standing
from certification.titles import standing_on, visible_titles
from enterprises.models import DeclaredInterest
from enterprises.roles import Role
from ledger.models import LedgerEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = make.NOW.date()
SAID = StatedTitle(**make.TITLE)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def test_a_title_is_a_dated_fact_with_its_document_in_the_ledger():
    row = make.title()
    assert (row.stage, row.effective_on, row.reporting_unit_id) == (SAID.stage, SAID.effective_on, "wujin")
    assert row.title.reexamine_on == date(2026, 12, 1)  # 36 months, by the table
    verbs = LedgerEntry.objects.filter(enterprise=row.enterprise.uscc).order_by("number").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["achievement.recorded", "title.recorded"]
    assert "国知发" not in LedgerEntry.objects.get(number=row.title.ledger_number).payload
    assert list(fact_faults(limit=3)) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"effective_on": date(2026, 11, 21)}, {"title_day"}),
        ({"effective_on": date(1984, 1, 1)}, {"title_day", "before_established"}),
        ({"effective_on": date(2009, 12, 31)}, {"before_established"}),
        ({"effective_on": None}, {"field_missing"}),
        ({"document": "", "issued_by": "", "level": ""}, {"field_missing"}),
        ({"document": "文" * 81}, {"too_long"}),
        ({"stage": "guanbiao.evaluation"}, {"stage_unknown"}),
        ({"stage": "intensive.recognition"}, {"title_applied_for"}),
        ({"level": "world"}, {"level_unknown"}),
        ({"valid_until": date(2023, 12, 1)}, {"period_turned"}),
        ({"reexamine_on": date(2023, 12, 1)}, {"reexamination_early"}),
        ({"reexamine_on": date(2027, 1, 1)}, {"reexamination_late"}),
    ],
)
def test_what_cannot_be_of_a_title_is_refused_with_field_and_remedy(change, found):
    with pytest.raises(Refused) as refused:
        record_title(make.enterprise(), replace(SAID, **change), actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    assert codes(refused) == found
    assert all(refusal.field and refusal.message and refusal.remedy for refusal in refused.value.refusals)
    assert not Achievement.objects.exists()


def test_a_title_held_already_is_refused_and_a_year_is_guided_once():
    row, guided = make.title(), make.guided()
    with pytest.raises(Refused) as refused:
        make.title(row.enterprise, effective_on=date(2024, 1, 1))
    assert codes(refused) == {"title_held"}
    assert "2023-12-01" in str(refused.value)
    with pytest.raises(Refused) as refused:
        make.guided(guided.enterprise, effective_on=date(2026, 4, 1))
    assert codes(refused) == {"title_held"}
    make.guided(guided.enterprise, effective_on=date(2025, 4, 1), valid_until=date(2025, 12, 31))
    make.title(row.enterprise, stage="honour.national_demonstration")


def test_an_imported_fact_of_that_day_takes_the_document():
    bare = make.achievement(make.enterprise(), SAID.stage, SAID.effective_on)
    assert make.title(bare.enterprise).pk == bare.pk
    with pytest.raises(Refused) as refused:
        make.title(bare.enterprise)
    assert codes(refused) == {"title_held"}
    assert list(fact_faults(limit=3)) == []


def test_only_the_city_records_titles_and_nobody_of_their_own():
    row = make.title()
    for role in set(Role) - {Role.CITY_REVIEWER}:
        who = make.account(role)
        with pytest.raises(NotAllowed):
            record_title(make.enterprise(), SAID, actor=who, at=make.NOW)
        with pytest.raises(NotAllowed):
            make.reexamination(row, by=who)
        with pytest.raises(NotAllowed):
            make.guidance(row, by=who)
    tied = make.account(Role.CITY_REVIEWER)
    said = {"declared_by": tied, "declared_at": make.NOW, "reason": "亲属", "ledger_number": 10**6, "salt": ""}
    columns = {field.name for field in DeclaredInterest._meta.get_fields()}
    kept = {name: value for name, value in said.items() if name in columns}
    DeclaredInterest.objects.create(account=tied, enterprise=row.enterprise, **kept)
    for act in (lambda: make.reexamination(row, by=tied), lambda: end_title(row, "revoked", TODAY, act_of(tied))):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert codes(refused) == {"own_interest"}


def act_of(who, ground="依据文件撤销"):
    return Act(ground, who, make.NOW)


def test_a_correction_annuls_and_records_anew_in_one_transaction():
    row, city = make.title(), make.account(Role.CITY_REVIEWER)
    with pytest.raises(Refused):
        correct_title(row, replace(SAID, document=""), act_of(city, "文号抄错"))
    row.refresh_from_db()
    assert row.ended_reason == ""
    made = correct_title(row, replace(SAID, document="国知发运函〔2023〕109号"), act_of(city, "文号抄错"))
    row.refresh_from_db()
    assert (row.ended_reason, made.achievement_id == row.pk) == ("annulled", False)
    assert made.document == "国知发运函〔2023〕109号"
    assert list(fact_faults(limit=3)) == []


def test_a_title_is_revoked_with_ground_and_other_facts_are_none():
    row, city = make.title(), make.account(Role.CITY_REVIEWER)
    with pytest.raises(Refused) as refused:
        end_title(row, "revoked", TODAY, act_of(city, " "))
    assert codes(refused) == {"ground_missing"}
    end_title(row, "revoked", TODAY, act_of(city))
    row.refresh_from_db()
    assert state_of(row, on=TODAY).standing is Standing.REVOKED
    other = make.achievement(make.enterprise(), "guanbiao.evaluation", date(2020, 1, 1))
    with pytest.raises(NotPossible):
        end_title(other, "revoked", TODAY, act_of(city))


def test_a_passed_reexamination_opens_the_next_period():
    row = make.title()
    made = make.reexamination(row, valid_until=date(2029, 12, 31), document="国知办〔2026〕12号")
    assert (made.due_on, made.reexamine_on) == (date(2026, 12, 1), date(2029, 12, 1))
    state = state_of(Achievement.objects.get(pk=row.pk), on=TODAY)
    assert (state.standing, state.valid_until, state.due_on) == (Standing.VALID, date(2029, 12, 31), date(2029, 12, 1))
    assert "“国家知识产权优势企业”复核通过" in [event.title for event in timeline(row.enterprise)]
    assert list(fact_faults(limit=3)) == []


def test_failing_a_reexamination_revokes_the_title_at_once():
    row = make.title()
    make.reexamination(row, passed=False, words="核心专利已失效")
    row.refresh_from_db()
    said = (row.ended_reason, row.ended_on, row.ended_ground)
    assert said == ("revoked", date(2026, 11, 2), "核心专利已失效")
    assert list(fact_faults(limit=3)) == []
    with pytest.raises(NotPossible) as refused:
        make.reexamination(row)
    assert codes(refused) == {"not_held"}
    Achievement.objects.filter(pk=row.pk).update(ended_reason="", ended_on=None)
    assert any("没有撤销" in fault.reason or "终止" in fault.reason for fault in fact_faults(limit=5))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"examined_on": None, "passed": None, "words": ""}, {"field_missing"}),
        ({"examined_on": date(2026, 11, 21)}, {"examined_day"}),
        ({"examined_on": date(2023, 12, 1)}, {"examined_day"}),
        ({"passed": False, "valid_until": date(2029, 1, 1)}, {"failed_has_period"}),
        ({"valid_until": date(2026, 11, 2)}, {"period_turned"}),
        ({"valid_until": date(2027, 1, 1), "reexamine_on": date(2027, 1, 2)}, {"reexamination_late"}),
        ({"words": "好" * 301}, {"too_long"}),
    ],
)
def test_a_reexamination_that_cannot_be_is_refused(said, found):
    row = make.title()
    with pytest.raises(Refused) as refused:
        make.reexamination(row, **said)
    assert codes(refused) == found
    assert not Reexamination.objects.exists()


def test_what_is_not_reexamined_has_nothing_to_examine():
    row = make.title(stage="project.strategy")
    assert row.title.reexamine_on is None
    with pytest.raises(NotPossible) as refused:
        make.reexamination(row)
    assert codes(refused) == {"nothing_due"}


def test_guidance_is_recorded_within_its_year():
    row = make.guided()
    adviser = make.organisation()
    made = make.guidance(row, organisation=adviser.pk)
    assert made.organisation == adviser
    for said, found in (
        ({"on": date(2026, 3, 1)}, {"guidance_day"}),
        ({"on": date(2026, 11, 21)}, {"guidance_day"}),
        ({"by": "", "done": "", "on": None}, {"field_missing"}),
        ({"organisation": "nobody"}, {"adviser_unknown"}),
        ({"done": "指" * 2001}, {"too_long"}),
    ):
        with pytest.raises(Refused) as refused:
            make.guidance(row, **said)
        assert codes(refused) == found
    with pytest.raises(NotPossible) as refused:
        make.guidance(make.title())
    assert codes(refused) == {"not_guided"}
    end_title(row, "revoked", TODAY, act_of(make.account(Role.CITY_REVIEWER)))
    with pytest.raises(NotPossible) as refused:
        make.guidance(row)
    assert codes(refused) == {"not_held"}
    assert Guidance.objects.count() == 1
    assert list(fact_faults(limit=3)) == []


def test_guidance_of_a_year_may_be_recorded_after_it():
    row = make.guided(effective_on=date(2025, 3, 2), valid_until=date(2025, 12, 31))
    assert expire_titles(at=make.NOW) == 1
    assert make.guidance(row, on=date(2025, 12, 31)).on == date(2025, 12, 31)


def test_what_is_over_expires_and_what_awaits_its_reexamination_does_not():
    over = make.title(stage="project.strategy", valid_until=date(2025, 12, 31))
    waits = make.title(valid_until=date(2025, 12, 31))
    assert expire_titles(at=make.NOW) == 1
    over.refresh_from_db()
    assert (over.ended_reason, over.ended_on) == ("expired", date(2026, 1, 1))
    state = state_of(waits, on=TODAY)
    assert (state.standing, state.days_left) == (Standing.OVERDUE, (date(2025, 12, 31) - TODAY).days)
    assert expire_titles(at=make.NOW) == 0
    assert list(fact_faults(limit=3)) == []


def test_sql_says_of_every_title_what_its_life_says():
    city = make.account(Role.CITY_REVIEWER)
    make.title(stage="project.strategy", valid_until=date(2025, 12, 31))
    make.title(valid_until=date(2025, 12, 31))
    make.reexamination(make.title(), valid_until=date(2029, 12, 31))
    make.reexamination(make.title(), passed=False)
    make.achievement(make.enterprise(), "honour.national_advantage", date(2020, 1, 1))
    end_achievement(make.title(), reason="withdrawn", ended_on=TODAY, ground="企业放弃", actor=city, at=make.NOW)
    rows = list(standing_on(visible_titles(city), on=TODAY).prefetch_related("reexaminations"))
    assert len(rows) == 6
    for row in rows:
        state = state_of(row, on=TODAY)
        assert (row.standing, row.valid_until) == (state.standing.value, state.valid_until)
        assert row.ended_reason or row.due_on == state.due_on


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("title", "UPDATE certification_titledocument SET document = 'x'"),
        ("title", "UPDATE certification_titledocument SET valid_until = '2036-01-01'"),
        ("title", "UPDATE certification_titledocument SET level = 'city'"),
        ("title", "DELETE FROM certification_titledocument"),
        ("again", "UPDATE certification_reexamination SET words = 'x'"),
        ("again", "UPDATE certification_reexamination SET reexamine_on = '2036-01-01'"),
        ("again", "DELETE FROM certification_reexamination"),
        ("step", "UPDATE certification_guidance SET achieved = 'x'"),
        ("step", "UPDATE certification_guidance SET organisation_id = '{other}'"),
        ("step", "DELETE FROM certification_guidance"),
    ],
)
def test_a_title_changed_behind_the_ledger_is_named(table, change):
    row, guided, other = make.title(), make.guided(), make.organisation()
    again, step = make.reexamination(row), make.guidance(guided)
    with connection.cursor() as cursor:
        if "titledocument" in change:
            change += f" {'AND' if 'WHERE' in change else 'WHERE'} id = {row.title.pk}"
        cursor.execute(change.format(other=other.pk))
    number = {"title": row.title.ledger_number, "again": again.ledger_number, "step": step.ledger_number}[table]
    assert [fault.number for fault in fact_faults(limit=5)] == [number]


def test_intervals_are_data_of_the_city_and_on_record():
    row = TitleTerms.objects.get(pk="project.strategy")
    row.reexamine_months = 0
    with pytest.raises(Refused):
        keep_terms(row, actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    row.reexamine_months = 12
    with pytest.raises(NotAllowed):
        keep_terms(row, actor=make.account(Role.MONITOR), at=make.NOW)
    keep_terms(row, actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    made = make.title(stage="project.strategy", valid_until=None)
    assert made.title.reexamine_on == date(2024, 12, 1)
    assert list(fact_faults(limit=3)) == []
    TitleTerms.objects.filter(pk="project.strategy").update(reexamine_months=99)
    assert len(list(fact_faults(limit=3))) == 1


def test_a_document_is_kept_once_of_each_achievement():
    row = make.title()
    assert TitleDocument.objects.filter(achievement=row).count() == 1
