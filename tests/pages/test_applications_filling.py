"""Filling in an application: drafts kept, wrong values refused and kept on the page, stale pages overwrite nothing."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from certification.models import Application, FieldRule, RouteStep, Rulebook, StageRule
from certification.services.applications import save_draft
from certification.services.door import Remark
from enterprises.models import Account
from enterprises.roles import Role
from tests import factories as make
from tests.pages.visiting import page, visitor, words

pytestmark = pytest.mark.django_db
CULTIVATION, IMPLEMENTATION = "guanbiao.cultivation", "guanbiao.implementation"


@pytest.fixture
def account() -> Account:
    return make.applicant()


@pytest.fixture
def draft(account: Account) -> Application:
    return make.draft(account)


@pytest.fixture
def second(account: Account) -> Application:
    """A draft of the second stage, which has modules."""
    make.achievement(account.enterprise, CULTIVATION, make.NOW.date() - timedelta(days=100))
    return make.draft(account, stage=IMPLEMENTATION)


def fresh(row: Application) -> Application:
    return Application.objects.get(pk=row.pk)


def test_the_form_has_the_fields_of_the_rule_with_labels_units_and_limits(account: Account, draft: Application) -> None:
    answer = visitor(account).get(page(draft))
    said = words(answer)
    assert all(label in said for label in ("法定代表人", "主营业务", "职工人数（人）", "辅导机构（如有）"))
    assert "整数，不小于 1，不大于 1000000" in said
    assert "300 字以内" in said
    assert "最多 40 字" in said
    assert said.count("选填") == 1


def test_a_stage_without_modules_has_three_steps(account: Account, draft: Application, second: Application) -> None:
    client = visitor(account)
    assert "模块选择" not in words(client.get(page(draft)))
    assert "模块选择" in words(client.get(page(second)))


def test_a_draft_may_be_incomplete_and_is_kept(account: Account, draft: Application) -> None:
    answer = visitor(account).post(
        page(draft, "fields/"), {"version": draft.version, "employees": "１２０", "planned_start_on": "2026年12月1日"}
    )
    assert answer.status_code == 302
    assert fresh(draft).fields["employees"] == 120
    assert fresh(draft).fields["planned_start_on"] == "2026-12-01"
    assert fresh(draft).version == draft.version + 1


def test_saving_goes_on_to_the_next_step_or_stays(account: Account, draft: Application) -> None:
    client = visitor(account)
    onward = client.post(page(draft, "fields/"), {"version": draft.version, "then": "next"})
    stay = client.post(page(draft, "fields/"), {"version": draft.version + 1, "then": "stay"})
    assert (onward.url, stay.url) == (page(draft, "evidence/"), page(draft, "fields/"))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("employees", "很多", "应为数字，现为“很多”"),
        ("employees", "12.5", "应为整数，现为“12.5”"),
        ("employees", "0", "不得小于 1人"),
        ("employees", "9" * 5000, "不得大于 1000000人"),
        ("employees", "1e999999999", "应为数字，现为“1e999999999”"),
        ("valid_patents", "-1", "不得小于 0件"),
        ("planned_start_on", "2026-02-30", "应为日期（如 2026-03-01），现为“2026-02-30”"),
        ("planned_start_on", "明年", "应为日期"),
        ("main_business", "字" * 301, "最多 300 字，现 301 字"),
    ],
)
def test_a_wrong_value_is_refused_and_kept_on_the_page(
    account: Account, draft: Application, field: str, typed: str, said: str
) -> None:
    sent = {"version": draft.version, "legal_representative": "张三", field: typed}
    answer = visitor(account).post(page(draft, "fields/"), sent)
    assert answer.status_code == 400
    assert said in words(answer)
    assert typed in answer.content.decode()
    assert 'value="张三"' in answer.content.decode()
    assert fresh(draft).fields == {}


def test_every_wrong_value_is_named_at_once(account: Account, draft: Application) -> None:
    sent = {"version": draft.version, "employees": "x", "valid_patents": "y", "planned_start_on": "z"}
    said = words(visitor(account).post(page(draft, "fields/"), sent))
    assert all(f"现为“{value}”" in said for value in "xyz")


def test_a_control_character_is_refused(account: Account, draft: Application) -> None:
    answer = visitor(account).post(
        page(draft, "fields/"), {"version": draft.version, "legal_representative": "张\x00三"}
    )
    assert answer.status_code == 400
    assert fresh(draft).fields == {}


def test_a_stale_page_overwrites_nothing_and_shows_what_is_saved(account: Account, draft: Application) -> None:
    save_draft(draft, fields={"legal_representative": "李四"}, actor=account, at=make.NOW)
    answer = visitor(account).post(page(draft, "fields/"), {"version": draft.version, "legal_representative": "张三"})
    assert answer.status_code == 409
    assert "已在别处修改" in words(answer)
    assert "现已保存的内容：李四" in words(answer)
    assert 'value="张三"' in answer.content.decode()
    assert fresh(draft).fields["legal_representative"] == "李四"


def test_a_page_without_its_version_saves_nothing(account: Account, draft: Application) -> None:
    answer = visitor(account).post(page(draft, "fields/"), {"legal_representative": "张三"})
    assert answer.status_code == 400
    assert "请刷新页面后重新填写" in words(answer)
    assert fresh(draft).fields == {}


def test_the_same_page_sent_twice_is_saved_once_and_no_error(account: Account, draft: Application) -> None:
    client = visitor(account)
    sent = {"version": draft.version, "legal_representative": "张三"}
    answers = [client.post(page(draft, "fields/"), sent).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert fresh(draft).version == draft.version + 1


def test_the_menu_shows_chapters_with_obligatory_modules_locked(account: Account, second: Application) -> None:
    answer = visitor(account).get(page(second, "modules/"))
    assert "第 7 章" in words(answer)
    assert answer.content.decode().count("必选</span>") == 5
    assert answer.content.decode().count(" checked disabled") == 5


def test_chosen_modules_are_kept_with_the_obligatory_ones(account: Account, second: Application) -> None:
    visitor(account).post(page(second, "modules/"), {"version": second.version, "modules": ["7.4", "7.2"]})
    assert fresh(second).modules == ["4", "5", "6", "7.2", "7.4", "9", "10"]


def test_a_module_outside_the_menu_is_refused(account: Account, second: Application) -> None:
    answer = visitor(account).post(page(second, "modules/"), {"version": second.version, "modules": ["7.1", "13"]})
    assert answer.status_code == 400
    assert "模块“13”不在菜单中" in words(answer)
    assert fresh(second).modules == second.modules


def test_a_stale_menu_overwrites_nothing(account: Account, second: Application) -> None:
    save_draft(second, modules=["7.3"], actor=account, at=make.NOW)
    answer = visitor(account).post(page(second, "modules/"), {"version": second.version, "modules": ["7.1"]})
    assert answer.status_code == 409
    assert "7.3" in fresh(second).modules
    assert "现已保存的内容：7.3 " in words(answer)
    assert ticks(answer) == ["7.1"]


def ticks(answer) -> list[str]:
    """The modules that the page shows ticked, beside the locked ones."""
    boxes = re.findall(r'name="modules" value="([^"]+)"( checked)?( disabled)?', answer.content.decode())
    return [code for code, is_checked, is_locked in boxes if is_checked and not is_locked]


def test_a_refused_menu_keeps_the_ticks_that_were_sent(account: Account, second: Application) -> None:
    answer = visitor(account).post(page(second, "modules/"), {"version": second.version, "modules": ["7.4", "13"]})
    assert (answer.status_code, ticks(answer)) == (400, ["7.4"])
    assert ticks(visitor(account).get(page(second, "modules/"))) == []


def test_the_checklist_names_everything_that_is_missing(account: Account, second: Application) -> None:
    said = words(visitor(account).get(page(second, "check/")))
    for wanted in ("请填写“管理者代表姓名及职务”", "至少再选 1 个模块", "缺材料：管理者代表任命书", "暂不能提交"):
        assert wanted in said


def test_a_complete_draft_opens_at_the_check_and_offers_to_submit(account: Account) -> None:
    row = make.filled(account)
    said = words(visitor(account).get(page(row)))
    assert "各项已齐，可以提交" in said
    assert "提交申报" in said


def test_missing_conditions_of_the_enterprise_stand_on_the_checklist(account: Account) -> None:
    row = make.filled(account)
    type(account.enterprise).objects.filter(pk=account.enterprise_id).update(contact_name="", contact_phone="")
    said = words(visitor(account).get(page(row)))
    assert "企业档案缺联系人和联系电话" in said
    assert "去补充" in said


@pytest.mark.parametrize("part", ["", "fields/", "modules/", "evidence/", "check/", "actions/"])
def test_another_enterprise_sees_no_draft(draft: Application, part: str) -> None:
    assert visitor(make.applicant()).get(page(draft, part)).status_code == 404


@pytest.mark.parametrize("role", [Role.TOWNSHIP_REVIEWER, Role.CITY_REVIEWER, Role.MONITOR])
def test_staff_see_no_draft(draft: Application, role: str) -> None:
    assert visitor(make.account(role)).get(page(draft)).status_code == 404


@pytest.mark.parametrize("part", ["fields/", "modules/", "evidence/", "check/"])
def test_a_reviewer_fills_in_nothing(account: Account, part: str) -> None:
    row = make.step(make.filled(account), "submit", account)
    client = visitor(make.account(Role.TOWNSHIP_REVIEWER))
    assert client.get(page(row, part)).status_code == 403
    assert client.post(page(row, part), {"version": row.version}).status_code == 403


def test_what_was_submitted_can_no_longer_be_filled_in(account: Account) -> None:
    row = make.step(make.filled(account), "submit", account)
    client = visitor(account)
    looked = client.get(page(row, "fields/"))
    assert (looked.status_code, looked.url) == (302, page(row))
    answer = client.post(page(row, "fields/"), {"version": row.version, "legal_representative": "换人"})
    assert answer.status_code == 409
    assert "该申报已提交，不能修改" in words(answer)
    assert fresh(row).fields["legal_representative"] == "张三"


def test_a_return_shows_every_defect_at_the_top_and_beside_its_field(account: Account) -> None:
    row = make.step(make.filled(account), "submit", account)
    staff = make.reviewers()
    defects = [
        {"clause": "employees", "text": "与年报不符"},
        {"clause": "evidence.commitment_letter", "text": "缺公章"},
        {"clause": "other", "text": "请补充说明"},
    ]
    make.step(row, "return", staff["township"], remark=Remark(comment="请一次补齐", defects=defects))
    client = visitor(account)
    fields, papers = words(client.get(page(row, "fields/"))), words(client.get(page(row, "evidence/")))
    for said in (fields, papers):
        assert all(text in said for text in ("请一次补齐", "与年报不符", "缺公章", "其他事项：请补充说明"))
    assert "须补正：与年报不符" in fields
    assert "须补正：缺公章" in papers
    assert "1 处须补正" in fields


def test_a_returned_application_opens_where_the_first_defect_is(account: Account) -> None:
    row = make.step(make.filled(account), "submit", account)
    defect = {"clause": "evidence.commitment_letter", "text": "缺公章"}
    make.step(row, "return", make.reviewers()["township"], remark=Remark(defects=[defect]))
    assert "上传所选文件" in words(visitor(account).get(page(row)))


def test_a_defect_says_whether_what_it_is_about_was_changed(account: Account) -> None:
    row = make.step(make.filled(account), "submit", account)
    defects = [{"clause": "employees", "text": "与年报不符"}, {"clause": "main_business", "text": "太笼统"}]
    row = make.step(row, "return", make.reviewers()["township"], remark=Remark(defects=defects))
    client = visitor(account)
    assert words(client.get(page(row))).count("尚未修改") == 2
    client.post(page(row, "fields/"), {**row.fields, "employees": "130", "version": row.version})
    said = words(client.get(page(row, "fields/")))
    assert "与年报不符 已修改" in said
    assert "太笼统 尚未修改" in said
    assert "1 处须补正" in said
    assert "补正前：120 人" in words(client.get(page(row, "check/")))


def test_a_clause_of_other_making_is_shown_as_it_is(account: Account) -> None:
    row = make.step(make.filled(account), "submit", account)
    defect = {"clause": "填报内容", "text": "请核对"}
    make.step(row, "return", make.reviewers()["township"], remark=Remark(defects=[defect]))
    assert "填报内容：请核对" in words(visitor(account).get(page(row)))


def close_the_year() -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Rulebook.objects.filter(in_force_to__isnull=True).update(in_force_to=yesterday)


def test_a_draft_of_a_stage_that_was_closed_says_so_and_can_still_be_read(account: Account) -> None:
    row = make.filled(account)
    close_the_year()
    said = words(visitor(account).get(page(row)))
    assert "目前不受理在线申报" in said
    assert "暂不能提交" in said
    assert "撤销草稿" in said


def test_a_draft_follows_the_rules_of_the_day(account: Account) -> None:
    row = make.filled(account)
    close_the_year()
    book = Rulebook.objects.create(year=2027, title="新规则", basis="试验", in_force_from=timezone.localdate())
    rule = StageRule.objects.create(rulebook=book, stage=CULTIVATION, basis="试验")
    RouteStep.objects.create(rule=rule, order=1, level="city", accept_days=5, decide_days=5)
    FieldRule.objects.create(rule=rule, code="employees", label="职工人数", kind="integer", minimum=200)
    FieldRule.objects.create(rule=rule, code="website", label="网址", kind="text")
    client = visitor(account)
    said = words(client.get(page(row, "fields/")))
    assert "网址" in said
    assert "主营业务" not in said
    answer = client.post(page(row, "fields/"), {"version": row.version, "employees": "250", "website": "无"})
    assert answer.status_code == 302
    assert fresh(row).fields == {"employees": 250, "website": "无"}
