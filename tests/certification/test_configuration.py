"""Calendar, divisions, editions, rulebooks and marks of plans are official facts: each change is on record."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from certification.audit import fact_faults
from certification.errors import NotAllowed, NotPossible, Refused
from certification.models import CalendarDay, Edition, ModuleItem, Plan, Rulebook, StageRule
from certification.reference import load_reference
from certification.services.calendar_days import drop_day, keep_day
from certification.services.editions import drop_edition, keep_edition
from certification.services.plan_marks import set_marks
from certification.services.rulebook_changes import (
    copy_rulebook,
    drop_rulebook,
    drop_stage_rule,
    keep_rulebook,
    keep_stage_rule,
)
from enterprises.models import Division, DivisionUnit
from enterprises.reference import load_places
from enterprises.roles import Role
from enterprises.services.divisions import keep_division
from enterprises.services.rows import Rows
from ledger.contents import content_faults, record_loaded
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from tests import factories as make

pytestmark = pytest.mark.django_db
EDITION = "GB/T 29490-2023"


def latest_book() -> Rulebook:
    return Rulebook.objects.order_by("-in_force_from")[0]


def new_day(**who):
    return keep_day(CalendarDay(day=date(2027, 1, 4), is_working=False, name="元旦", source="通知"), **who)


def lost_day(**who):
    return drop_day(CalendarDay.objects.get(pk=date(2026, 10, 10)), **who)


def longer_menu(**who):
    module = ModuleItem.objects.get(edition=EDITION, code="7.1")
    module.title = "获取与登记"
    return keep_edition(Edition.objects.get(pk=EDITION), modules=Rows([module]), **who)


def new_edition(**who):
    row = Edition(code="T/X 1-2027", title="新标准", in_force_from=date(2027, 1, 1))
    return keep_edition(row, modules=Rows([ModuleItem(code="1", chapter="1", title="总则", edition=row)]), **who)


def other_title(**who):
    book = latest_book()
    book.title = "新名称"
    return keep_rulebook(book, **who)


def longer_wait(**who):
    rule = StageRule.objects.get(rulebook=latest_book(), stage="guanbiao.implementation")
    wait = rule.waits.get()
    wait.months = 7
    return keep_stage_rule(rule, parts=Rows([wait]), **who)


def lost_stage(**who):
    return drop_stage_rule(StageRule.objects.get(rulebook=latest_book(), stage="guanbiao.implementation"), **who)


def copied(**who):
    return copy_rulebook(latest_book(), in_force_from=date(2027, 1, 1), **who)


def lost_book(**who):
    return drop_rulebook(Rulebook.objects.order_by("in_force_from")[0], **who)


def ended_division(**who):
    row = Division.objects.get(pk=make.TOWN)
    row.valid_to = date(2027, 12, 31)
    return keep_division(row, **who)


def other_unit(**who):
    last = DivisionUnit.objects.get(division=make.TOWN, valid_to=None)
    last.valid_to = date(2026, 12, 31)
    following = DivisionUnit(unit_id="jingkai", valid_from=date(2027, 1, 1))
    return keep_division(Division.objects.get(pk=make.TOWN), units=Rows([last, following]), **who)


def other_mark(**who):
    return set_marks(Plan.objects.get(pk="13th"), at_risk_below=Decimal("0.75"), is_closed=False, **who)


CITY = Role.CITY_REVIEWER
CHANGES: dict[str, tuple[Callable, str, str, str]] = {
    "day": (new_day, CITY, "calendar.changed", "calendar:2027"),
    "lost day": (lost_day, CITY, "calendar.changed", "calendar:2026"),
    "menu": (longer_menu, CITY, "edition.changed", f"edition:{EDITION}"),
    "edition": (new_edition, CITY, "edition.changed", "edition:T/X 1-2027"),
    "title": (other_title, CITY, "rulebook.changed", "rulebook:2026:2026-01-01"),
    "wait": (longer_wait, CITY, "rulebook.changed", "rulebook:2026:2026-01-01"),
    "lost stage": (lost_stage, CITY, "rulebook.changed", "rulebook:2026:2026-01-01"),
    "copy": (copied, CITY, "rulebook.changed", "rulebook:2027:2027-01-01"),
    "lost book": (lost_book, CITY, "rulebook.changed", "rulebook:2016:2016-01-01"),
    "division": (ended_division, CITY, "division.changed", f"division:{make.TOWN}"),
    "unit": (other_unit, CITY, "division.changed", f"division:{make.TOWN}"),
    "mark": (other_mark, Role.PLAN_MANAGER, "plan.marks_set", "plan:13th"),
}


def faults() -> list[int]:
    return [fault.number for fault in fact_faults(limit=20)]


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_one_entry_that_the_fact_agrees_with(name):
    change, role, verb, subject = CHANGES[name]
    officer = make.account(role)
    before = LedgerEntry.objects.count()
    change(actor=officer, at=make.NOW)
    entry = LedgerEntry.objects.order_by("-number")[0]
    assert LedgerEntry.objects.count() == before + 1
    assert (entry.verb, entry.subject, entry.actor, entry.role) == (verb, subject, officer.code, role)
    assert faults() == []


@pytest.mark.parametrize("name", CHANGES)
def test_nobody_else_changes_it(name):
    change, mine, _, _ = CHANGES[name]
    others = [make.account(role) for role in Role.values if role != mine]
    before = LedgerEntry.objects.count()
    for other in others:
        with pytest.raises(NotAllowed):
            change(actor=other, at=make.NOW)
    assert LedgerEntry.objects.count() == before
    assert faults() == []


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_without_its_entry_does_not_happen(name, monkeypatch):
    change, role, _, _ = CHANGES[name]

    def broken(*args, **kwargs):
        raise RuntimeError("no entry")

    monkeypatch.setattr("ledger.contents.record", broken)
    with pytest.raises(RuntimeError):
        change(actor=make.account(role), at=make.NOW)
    assert faults() == []


ALTERATIONS = {
    "day worked": "UPDATE certification_calendarday SET is_working = TRUE WHERE day = '2026-10-01'",
    "day gone": "DELETE FROM certification_calendarday WHERE day = '2026-10-10'",
    "day added": "INSERT INTO certification_calendarday (day, is_working, name, source) VALUES"
    " ('2026-11-23', FALSE, '', '')",
    "year gone": "DELETE FROM certification_calendarday WHERE day < '2011-01-01'",
    "division ended": f"UPDATE enterprises_division SET valid_to = '2020-01-01' WHERE code = '{make.TOWN}'",
    "unit": f"UPDATE enterprises_divisionunit SET unit_id = 'jingkai' WHERE division_id = '{make.TOWN}'",
    "unit days": f"UPDATE enterprises_divisionunit SET valid_to = '2020-01-01' WHERE division_id = '{make.TOWN}'",
    "module": "UPDATE certification_moduleitem SET obligatory = FALSE WHERE obligatory",
    "module gone": "DELETE FROM certification_moduleitem WHERE code = '7.1'",
    "minimum": "UPDATE certification_edition SET minimum_chosen_modules = 0",
    "time limit": "UPDATE certification_routestep SET decide_days = 99",
    "guidance": "UPDATE certification_stagerule SET guidance = ''",
    "closed": "UPDATE certification_rulebook SET in_force_to = '2026-06-30' WHERE in_force_to IS NULL",
    "mark": "UPDATE certification_plan SET at_risk_below = 0.1",
    "plan over": "UPDATE certification_plan SET is_closed = TRUE",
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_alteration_by_sql_is_named(name):
    with connection.cursor() as cursor:
        cursor.execute(ALTERATIONS[name])
    assert faults()
    assert all(number > 0 for number in faults())


def test_a_fact_added_by_sql_is_named():
    CalendarDay.objects.create(day=date(2031, 1, 1), is_working=False, name="元旦")
    assert [(fault.number, fault.reason) for fault in fact_faults(limit=5)] == [
        (0, "变更节假日与调休：calendar:2031 没有台账条目")
    ]


def test_a_rulebook_given_another_first_day_is_the_same_fact():
    book = latest_book()
    book.year, book.in_force_from = 2027, date(2027, 3, 1)
    keep_rulebook(book, actor=make.account(CITY), at=make.NOW)
    assert faults() == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE certification_rulebook SET in_force_from = '2026-01-01', year = 2026 WHERE year = 2027")
    assert faults()


@pytest.fixture
def frozen():
    person = make.applicant()
    make.step(make.filled(person), "submit", person)
    make.achievement(person.enterprise, "guanbiao.cultivation", date(2026, 1, 1))
    return latest_book()


@pytest.mark.parametrize("name", ["menu", "title", "wait", "lost stage"])
def test_what_is_frozen_is_refused_with_the_reason(frozen, name):
    change, role, _, _ = CHANGES[name]
    with pytest.raises(NotPossible, match="冻结"):
        change(actor=make.account(role), at=make.NOW)
    assert faults() == []


def test_a_stage_does_not_leave_a_frozen_rulebook_for_another(frozen):
    copy = copied(actor=make.account(CITY), at=make.NOW)
    rule = StageRule.objects.get(rulebook=frozen, stage="guanbiao.implementation")
    StageRule.objects.filter(rulebook=copy, stage=rule.stage).delete()
    rule.rulebook = copy
    with pytest.raises(NotPossible, match="冻结"):
        keep_stage_rule(rule, actor=make.account(CITY), at=make.NOW)


def test_what_is_in_use_is_not_removed():
    city = make.account(CITY)
    make.draft(make.applicant())
    with pytest.raises(NotPossible, match="不能删除"):
        drop_rulebook(latest_book(), actor=city, at=make.NOW)
    rule = StageRule.objects.get(rulebook=latest_book(), stage="guanbiao.cultivation")
    with pytest.raises(NotPossible, match="不能删除"):
        drop_stage_rule(rule, actor=city, at=make.NOW)
    with pytest.raises(NotPossible, match="不能删除"):
        drop_edition(Edition.objects.get(pk=EDITION), actor=city, at=make.NOW)
    new = new_edition(actor=city, at=make.NOW)
    drop_edition(new, actor=city, at=make.NOW)
    assert faults() == []


def turned_division(**who):
    row = Division.objects.get(pk=make.TOWN)
    row.valid_from, row.valid_to = date(2020, 1, 2), date(2020, 1, 1)
    return keep_division(row, **who)


def turned_unit(**who):
    period = DivisionUnit(unit_id="jingkai", valid_from=date(2020, 1, 2), valid_to=date(2020, 1, 1))
    return keep_division(Division.objects.get(pk=make.TOWN), units=Rows([period]), **who)


def two_units(**who):
    period = DivisionUnit(unit_id="jingkai", valid_from=date(2020, 1, 1))
    return keep_division(Division.objects.get(pk=make.TOWN), units=Rows([period]), **who)


def turned_book(**who):
    book = latest_book()
    book.in_force_to = date(2020, 1, 1)
    return keep_rulebook(book, **who)


def impossible_mark(**who):
    return set_marks(Plan.objects.get(pk="13th"), at_risk_below=Decimal("1.01"), is_closed=False, **who)


@pytest.mark.parametrize(
    ("change", "role", "code"),
    [
        (turned_division, CITY, "division_turned"),
        (turned_unit, CITY, "unit_turned"),
        (two_units, CITY, "units_overlap"),
        (turned_book, CITY, "rulebook_turned"),
        (impossible_mark, Role.PLAN_MANAGER, "share_out_of_range"),
    ],
)
def test_what_contradicts_itself_is_refused_whole(change, role, code):
    officer = make.account(role)
    before = LedgerEntry.objects.count()
    with pytest.raises(Refused) as refused:
        change(actor=officer, at=make.NOW)
    assert [refusal.code for refusal in refused.value.refusals] == [code]
    assert LedgerEntry.objects.count() == before
    assert faults() == []


def test_loading_again_adds_nothing():
    before = LedgerEntry.objects.count()
    load_places(at=make.NOW)
    load_reference(at=make.NOW)
    assert LedgerEntry.objects.count() == before


def test_what_was_there_before_its_kind_of_entry_is_recorded_once():
    verb, there = Verb.TOTALS_REPAIRED, {"a": {"n": 1}, "b": {"n": 2}}
    record_loaded(verb, there, [], at=make.NOW)
    assert list(content_faults(verb, there)) == []
    later = {**there, "c": {}, "d": {}}
    record_loaded(verb, later, ["c"], at=make.NOW)
    assert [fault.reason for fault in content_faults(verb, later)] == ["修复汇总数：d 没有台账条目"]
