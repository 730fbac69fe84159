"""Every edit leaves its before and after: of a file and of an application, with who, when and from where."""

from datetime import timedelta
from typing import Any

import pytest

from certification.errors import Refused
from certification.history.changes import application_changes, shown_application_change
from certification.history.compared import compared, pair, submissions
from certification.models import Application, ApplicationChange, Decision, Evidence
from certification.services.applications import save_draft
from certification.services.door import Remark
from certification.services.evidence import attach, take_off
from certification.services.rulebooks import rules_of
from enterprises.models import Account
from enterprises.origin import Channel, coming_from, origin
from ledger.models import LedgerEntry
from ledger.verify import verify
from tests import factories as make

pytestmark = pytest.mark.django_db
STAGE = "guanbiao.implementation"


@pytest.fixture
def staff() -> dict[str, Account]:
    return make.reviewers()


@pytest.fixture
def qiye() -> Account:
    account = make.applicant()
    assert account.enterprise is not None
    make.achievement(account.enterprise, "guanbiao.cultivation", make.NOW.date() - timedelta(days=800))
    return account


def returned(qiye: Account, staff: dict[str, Account]) -> Application:
    row = make.step(make.filled(qiye, stage=STAGE), "submit", qiye)
    return make.step(row, "return", staff["township"], remark=Remark("请更正"))


def rows(application: Application, reader: Account) -> list[Any]:
    return [
        shown_application_change(each, rules_of(application.rule_id), reader)
        for each in application_changes(application, reader)
    ]


def said(application: Application, reader: Account) -> list[tuple[str, str, str]]:
    return [(each.what, each.before, each.after) for each in rows(application, reader)]


# --- what an edit leaves --------------------------------------------------------------------------------


def test_an_edit_leaves_one_row_for_what_changed_and_none_for_what_did_not(qiye: Account) -> None:
    row = make.draft(qiye, stage=STAGE)
    save_draft(row, fields={"ip_staff": 3}, actor=qiye, at=make.NOW)
    save_draft(row, fields={"ip_staff": 3}, actor=qiye, at=make.NOW)
    (kept,) = ApplicationChange.objects.filter(application=row)
    assert (kept.part, kept.code, kept.before, kept.after, kept.times) == ("field", "ip_staff", "", "3", 1)
    assert (kept.actor, kept.at, kept.round) == (qiye, make.NOW, 0)


def test_saving_again_and_again_is_one_row_from_the_first_to_the_last(qiye: Account) -> None:
    row = make.draft(qiye, stage=STAGE)
    for minute, number in enumerate((1, 2, 3)):
        save_draft(row, fields={"ip_staff": number}, actor=qiye, at=make.NOW + timedelta(minutes=minute))
    (kept,) = ApplicationChange.objects.filter(application=row)
    assert (kept.before, kept.after, kept.times) == ("", "3", 3)
    assert (kept.first_at, kept.at) == (make.NOW, make.NOW + timedelta(minutes=2))


def test_another_person_or_another_place_is_another_row(qiye: Account) -> None:
    colleague = make.applicant(qiye.enterprise)
    row = make.draft(qiye, stage=STAGE)
    save_draft(row, fields={"ip_staff": 1}, actor=qiye, at=make.NOW)
    save_draft(row, fields={"ip_staff": 2}, actor=colleague, at=make.NOW)
    save_draft(row, fields={"ip_staff": 3}, actor=qiye, at=make.NOW)
    with coming_from(Channel.API, "192.0.2.7"):
        save_draft(row, fields={"ip_staff": 4}, actor=qiye, at=make.NOW)
    kept = ApplicationChange.objects.filter(application=row).order_by("id")
    assert [(each.before, each.after) for each in kept] == [("", "1"), ("1", "2"), ("2", "3"), ("3", "4")]
    assert [(each.channel, each.address) for each in kept][-1] == ("api", "192.0.2.7")


def test_modules_and_papers_leave_rows(qiye: Account) -> None:
    row = make.draft(qiye, stage=STAGE)
    save_draft(row, modules=["7.1"], actor=qiye, at=make.NOW)
    need = rules_of(row.rule_id).rule.evidence[0]
    paper = attach(row, requirement=need.code, filename="章程.pdf", content=make.PDF, actor=qiye, at=make.NOW)
    take_off(paper, actor=qiye, at=make.NOW)
    off, on, modules = rows(row, qiye)
    assert (on.what, on.before, on.after) == (need.label, "", "章程.pdf")
    assert (off.before, off.after) == ("章程.pdf", "")
    assert modules.what == "模块选择"
    assert "7.1" in modules.after
    assert "7.1" not in modules.before


def test_what_is_refused_leaves_nothing(qiye: Account) -> None:
    row = make.draft(qiye, stage=STAGE)
    with pytest.raises(Refused):
        save_draft(row, fields={"ip_staff": "x"}, actor=qiye, at=make.NOW)
    assert not ApplicationChange.objects.exists()


def test_history_is_not_in_the_ledger(qiye: Account, staff: dict[str, Account]) -> None:
    row = returned(qiye, staff)
    entries = LedgerEntry.objects.count()
    save_draft(row, fields={"plan_summary": "绝密计划"}, actor=qiye, at=make.NOW)
    assert LedgerEntry.objects.count() == entries
    assert verify().fault is None


# --- who sees what --------------------------------------------------------------------------------------


def test_reviewers_see_of_a_returned_application_what_was_submitted(qiye: Account, staff: dict[str, Account]) -> None:
    row = returned(qiye, staff)
    save_draft(row, fields={"plan_summary": "还没有提交"}, actor=qiye, at=make.NOW)
    assert "还没有提交" in str(said(row, qiye))
    assert "还没有提交" not in str(said(row, staff["township"]))
    make.step(row, "submit", qiye)
    assert ("实施计划概要", "按标准逐步实施", "还没有提交") in said(row, staff["township"])


def test_reviewers_never_see_what_was_typed_and_replaced(qiye: Account, staff: dict[str, Account]) -> None:
    colleague, row = make.applicant(qiye.enterprise), returned(qiye, staff)
    save_draft(row, fields={"plan_summary": "甲的说法"}, actor=qiye, at=make.NOW)
    save_draft(row, fields={"plan_summary": "乙的说法", "ip_staff": 4}, actor=colleague, at=make.NOW)
    save_draft(row, fields={"ip_staff": 3}, actor=qiye, at=make.NOW)
    need = rules_of(row.rule_id).rule.evidence[0]
    passing = attach(row, requirement=need.code, filename="误传.pdf", content=make.PDF, actor=qiye, at=make.NOW)
    take_off(passing, actor=qiye, at=make.NOW)
    make.step(row, "submit", qiye)
    seen = rows(row, staff["township"])
    since = [each for each in seen if "按标准逐步实施" in each.before]
    assert [(each.after, each.who) for each in since] == [("乙的说法", str(colleague))]
    text = str([(each.before, each.after) for each in seen])
    assert "甲的说法" not in text
    assert "误传" not in text
    assert [each.after for each in seen if each.code == "ip_staff"] == ["3 人"]  # of the first submission only
    assert "甲的说法" in str(said(row, qiye))


def test_a_draft_shows_reviewers_nothing(qiye: Account, staff: dict[str, Account]) -> None:
    row = make.filled(qiye, stage=STAGE)
    assert list(application_changes(row, staff["city"])) == []
    assert said(row, qiye) != []


def test_applicants_are_not_told_names_nor_addresses(qiye: Account, staff: dict[str, Account]) -> None:
    with coming_from(Channel.PAGE, "192.0.2.7"):
        row = make.step(make.filled(qiye, stage=STAGE), "submit", qiye)
    own, town, city = (rows(row, reader)[0] for reader in (qiye, staff["township"], staff["city"]))
    assert (own.who, own.channel_name, own.address) == (str(qiye), "网页", "")
    assert (town.who, town.address) == (str(qiye), "")
    assert city.address == "192.0.2.7"


# --- two submissions ------------------------------------------------------------------------------------


def test_two_submissions_are_compared_field_module_and_paper(qiye: Account, staff: dict[str, Account]) -> None:
    row = returned(qiye, staff)
    first, second, *_rest = rules_of(row.rule_id).rule.evidence
    old = Evidence.objects.get(application=row, requirement=first.code)
    take_off(old, actor=qiye, at=make.NOW)
    attach(row, requirement=first.code, filename="新章程.pdf", content=make.PDF + b"\n", actor=qiye, at=make.NOW)
    attach(row, requirement=second.code, filename="补充.pdf", content=make.PDF + b"\n\n", actor=qiye, at=make.NOW)
    save_draft(row, fields={"ip_staff": 9}, modules=["7.2"], actor=qiye, at=make.NOW)
    make.step(row, "submit", qiye)
    known = submissions(row)
    found = compared(row, *known, rules_of(row.rule_id))
    differences = [(each.label, each.before, each.after) for each in found.fields]
    assert differences == [("知识产权管理人员数", "3 人", "9 人")]
    assert [code for code, _title in found.modules_added] == ["7.2"]
    assert [code for code, _title in found.modules_dropped] == ["7.1"]
    papers = {each.code: (each.taken_off, each.added, each.is_replaced) for each in found.papers}
    assert papers == {
        first.code: (("材料.pdf",), ("新章程.pdf",), True),
        second.code: ((), ("补充.pdf",), False),
    }


def test_the_same_again_is_no_difference(qiye: Account, staff: dict[str, Account]) -> None:
    row = make.step(returned(qiye, staff), "submit", qiye)
    assert compared(row, *submissions(row), rules_of(row.rule_id)).is_empty


def test_any_two_can_be_compared_in_order_only(qiye: Account, staff: dict[str, Account]) -> None:
    row = returned(qiye, staff)
    for number in (5, 7):
        save_draft(row, fields={"ip_staff": number}, actor=qiye, at=make.NOW)
        row = make.step(row, "submit", qiye)
        if number == 5:
            row = make.step(row, "return", staff["township"], remark=Remark("再更正"))
    known = submissions(row)
    assert pair(known, None, None) == (2, 3)
    assert pair(known, 1, 3) == (1, 3)
    assert pair(known, 1, None) == (1, 3)
    for wrong in ((3, 1), (2, 2), (0, 1), (1, 4)):
        with pytest.raises(Refused):
            pair(known, *wrong)
    assert pair(known[:1], None, None) is None


# --- from where -----------------------------------------------------------------------------------------


def test_a_decision_keeps_from_where_it_was_made(qiye: Account, staff: dict[str, Account]) -> None:
    with coming_from(Channel.API, "2001:db8::7"):
        row = make.step(make.filled(qiye, stage=STAGE), "submit", qiye)
    made = Decision.objects.get(application=row)
    assert (made.channel, made.address) == ("api", "2001:db8::7")
    assert origin().channel is Channel.CONSOLE
