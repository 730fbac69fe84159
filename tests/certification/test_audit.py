"""Facts altered, removed or added with SQL are named by the ledger number that says otherwise."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from certification.audit import fact_faults
from certification.models import Achievement, Application, Decision, Document, FieldRule
from certification.services.achievements import end_achievement
from enterprises.services.accounts import create_account
from enterprises.services.amendments import relocate
from enterprises.services.qualifications import end_high_tech, grant_high_tech
from ledger.models import LedgerEntry
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    """One approved application, one imported-like achievement that was revoked."""
    qiye, staff = make.applicant(), make.reviewers()
    row = make.approved(qiye, staff)
    other = make.achievement(make.enterprise(), "guanbiao.evaluation", date(2018, 6, 1))
    end_achievement(
        other,
        reason="revoked",
        ended_on=date(2020, 1, 1),
        ground="第十二条：弄虚作假",
        actor=staff["city"],
        at=make.NOW,
    )
    return row, Achievement.objects.get(application=row), other


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def numbers():
    return [fault.number for fault in fact_faults(limit=10)]


def letter(fact):
    """The number of the letter that granted it."""
    return Document.objects.filter(achievement=fact.ledger_number).values_list("ledger_number", flat=True)


def test_untouched_facts_agree_with_the_ledger(story, capsys):
    assert numbers() == []
    call_command("verify_ledger")
    assert "台账完整" in capsys.readouterr().out


@pytest.mark.parametrize(
    "column",
    [
        "effective_on = '2001-01-01'",
        "stage = 'project.strategy'",
        "was_high_tech = TRUE",
        "reporting_unit_id = 'liyang'",
        "recorded_at = '2001-01-01 00:00:00+00:00'",
        "application_id = NULL",
    ],
)
def test_altered_achievement_is_named(story, column, capsys):
    _, fact, _ = story
    sql(f"UPDATE certification_achievement SET {column} WHERE id = %s", fact.pk)
    # Without its application, it is the approval that lacks its achievement, and the letter with it.
    apart = "application_id" in column
    assert numbers() == [fact.ledger_number - apart, *letter(fact)] if apart else [fact.ledger_number]
    with pytest.raises(SystemExit) as left:
        call_command("verify_ledger")
    assert left.value.code == 1
    assert f"第 {numbers()[0]} 号" in capsys.readouterr().out


def test_achievement_tied_to_another_application_is_named(story):
    _, fact, other = story
    Achievement.objects.filter(pk=fact.pk).update(application=None)
    Achievement.objects.filter(pk=other.pk).update(application=fact.application)
    assert numbers() == [other.ledger_number, *letter(fact)]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL refuses a value of another kind")
@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("achievement", "effective_on", "x'00ff'"),
        ("achievement", "recorded_at", "''"),
        ("decision", "at", "'garbage'"),
        ("decision", "ledger_number", "'garbage'"),
        ("decision", "snapshot", "123"),
        ("decision", "defects", "'garbage'"),
        ("decision", "comment", "x'00ff'"),
        ("application", "fields", "'[]'"),
    ],
)
def test_value_that_its_column_cannot_mean_is_named(story, table, column, value, capsys):
    sql("PRAGMA ignore_check_constraints = ON")
    sql(f"UPDATE certification_{table} SET {column} = {value} WHERE id = (SELECT MIN(id) FROM certification_{table})")
    with pytest.raises(SystemExit) as left:
        call_command("verify_ledger")
    sql("PRAGMA ignore_check_constraints = OFF")
    assert left.value.code == 1
    assert "不符：" in capsys.readouterr().out


def test_deleted_and_added_achievements_are_named(story):
    _, fact, other = story
    Document.objects.filter(achievement=fact.ledger_number).update(achievement=None)
    Achievement.objects.filter(pk=fact.pk).delete()
    assert fact.ledger_number in numbers()
    Achievement.objects.filter(pk=other.pk).update(ledger_number=10**6)
    assert set(numbers()) >= {fact.ledger_number, other.ledger_number}


def test_undone_ending_is_named(story):
    _, _, other = story
    sql("UPDATE certification_achievement SET ended_on = NULL, ended_reason = '' WHERE id = %s", other.pk)
    assert len(numbers()) == 1


def test_altered_decision_and_status_are_named(story):
    row, _, _ = story
    approval = Decision.objects.get(application=row, action="approve")
    Decision.objects.filter(pk=approval.pk).update(to_status="rejected")
    assert approval.ledger_number in numbers()
    Decision.objects.filter(pk=approval.pk).update(to_status="approved")
    Application.objects.filter(pk=row.pk).update(status="rejected")
    assert numbers() == [approval.ledger_number]


@pytest.mark.parametrize("altered", [{"level": "city"}, {"turn": 7}])
def test_application_moved_to_another_level_is_named(altered):
    qiye, staff = make.applicant(), make.reviewers()
    row = make.step(make.filled(qiye), "submit", qiye)
    row = make.step(make.step(row, "accept", staff["township"]), "recommend", staff["township"])
    assert (row.turn, row.level) == (2, "district")
    assert numbers() == []
    Application.objects.filter(pk=row.pk).update(**altered)
    assert numbers() == [Decision.objects.filter(application=row).latest("ledger_number").ledger_number]


def test_deleted_decision_is_named(story):
    row, _, _ = story
    first = Decision.objects.filter(application=row).order_by("id").first()
    first.delete()
    assert first.ledger_number in numbers()


def test_changed_rule_of_a_frozen_rulebook_is_named(story):
    row, _, _ = story
    FieldRule.objects.filter(rule_id=row.rule_id, code="employees").update(maximum=5)
    said = LedgerEntry.objects.filter(number__in=numbers()).values_list("verb", flat=True)
    assert sorted(said) == ["rulebook.changed", "rulebook.frozen"]


def test_moved_place_and_stretched_high_tech_period_are_named(story):
    row, _, _ = story
    city = make.account("city_reviewer")
    words = {"actor": city, "at": make.NOW}
    relocate(row.enterprise, make.OTHER_TOWN, since=date(2024, 1, 1), **words)
    period = grant_high_tech(
        row.enterprise, certificate="", valid_from=date(2024, 1, 1), valid_to=date(2026, 1, 1), **words
    )
    end_high_tech(period, last_day=date(2025, 1, 1), reason="公告取消", **words)
    assert numbers() == []
    sql("UPDATE enterprises_hightechperiod SET valid_to = '2030-01-01'")
    assert len(numbers()) == 1
    sql("DELETE FROM enterprises_hightechperiod")
    assert len(numbers()) == 1
    sql("UPDATE enterprises_enterpriselocation SET reporting_unit_id = 'liyang' WHERE valid_to IS NULL")
    assert len(numbers()) >= 2


def test_enterprise_added_behind_the_ledger_is_named(story):
    row, _, _ = story
    sql("UPDATE enterprises_enterprise SET uscc = '91350100M000100Y43' WHERE id = %s", row.enterprise_id)
    assert any("91350100M000100Y43" in fault.reason for fault in fact_faults(limit=20))


ALTERATIONS = {
    "comment": "UPDATE certification_decision SET comment = '同意' WHERE action = 'return'",
    "defects": "UPDATE certification_decision SET defects = '[]' WHERE action = 'return'",
    "time": "UPDATE certification_decision SET at = '2020-01-01 00:00:00+00:00' WHERE action = 'approve'",
    "role": "UPDATE certification_decision SET role = 'auditor' WHERE action = 'approve'",
    "snapshot": "UPDATE certification_decision SET snapshot = '{}' WHERE action = 'submit'",
    "content": "UPDATE certification_application SET fields = '{}' WHERE status = 'approved'",
    "paper": "UPDATE certification_evidence SET sha256 = 'x'",
    "papers": "DELETE FROM certification_evidence",
    "ground": "UPDATE certification_achievement SET ended_ground = '无' WHERE ended_reason = 'revoked'",
    "target": "UPDATE certification_indicatorversion SET target = target * 2 WHERE opening IS NOT NULL",
    "opening": "UPDATE certification_indicatorversion SET opening = 1 WHERE opening IS NOT NULL",
    "thawed": "UPDATE certification_rulebook SET frozen_at = NULL, digest = ''",
    "menu": "UPDATE certification_edition SET minimum_chosen_modules = 0",
    "unit": "UPDATE enterprises_enterprise SET reporting_unit_id = 'liyang'",
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_every_alteration_by_sql_is_named(name):
    qiye, staff = make.applicant(), make.reviewers()
    row = make.step(make.filled(qiye), "submit", qiye)
    defects = ({"clause": "employees", "text": "人数有误"},)
    row = make.step(row, "return", staff["township"], remark=make.Remark("请补正", defects))
    row = make.step(row, "submit", qiye)
    for level, action in (("township", "recommend"), ("district", "recommend"), ("city", "approve")):
        row = make.step(make.step(row, "accept", staff[level]), action, staff[level])
    fact = Achievement.objects.get(application=row)
    ending = {"reason": "revoked", "ended_on": date(2026, 11, 20), "ground": "弄虚作假", "at": make.NOW}
    end_achievement(fact, actor=staff["city"], **ending)
    assert numbers() == []
    sql(ALTERATIONS[name])
    assert numbers()
    assert all(number > 0 for number in numbers())


def test_raised_role_is_named():
    person = create_account("neu", role="monitor", scope="city", password=make.PASSWORD, at=make.NOW)
    assert numbers() == []
    sql("UPDATE enterprises_account SET role = 'city_reviewer' WHERE id = %s", person.pk)
    assert len(numbers()) == 1
