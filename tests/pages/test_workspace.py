"""The applicant's room: registering, where the enterprise stands, what is missing next."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from certification.models import Application, Rulebook
from certification.services.achievements import end_achievement
from enterprises.identifiers import with_check_character
from enterprises.models import Enterprise
from enterprises.roles import Role
from tests import factories as make
from tests.pages.visiting import visitor, words

pytestmark = pytest.mark.django_db
REGISTER = "/workspace/register/"


def asked(**changes: str) -> dict[str, str]:
    return {"uscc": make.credit_code(), "name": "常州星河精密有限公司", "township": make.TOWN, **changes}


def test_workspace_asks_a_stranger_to_sign_in() -> None:
    answer = Client().get("/workspace/")
    assert answer.status_code == 302
    assert answer.url == "/accounts/login/?next=/workspace/"


@pytest.mark.parametrize("role", [Role.TOWNSHIP_REVIEWER, Role.CITY_REVIEWER, Role.MONITOR, Role.AUDITOR])
def test_workspace_is_for_applicants_only(role: str) -> None:
    assert visitor(make.account(role)).get("/workspace/").status_code == 403


def test_an_account_without_enterprise_is_asked_to_register_it() -> None:
    client = visitor(make.account(Role.APPLICANT))
    answer = client.get("/workspace/", follow=True)
    assert answer.redirect_chain == [(REGISTER, 302)]
    assert "统一社会信用代码" in words(answer)
    assert "校验位不符的确认理由" not in words(answer)


def test_registering_normalises_a_full_width_and_lower_case_code() -> None:
    account, code = make.account(Role.APPLICANT), make.credit_code()
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code.lower())
    answer = visitor(account).post(REGISTER, asked(uscc=f" {wide[:8]} {wide[8:]}"), follow=True)
    account.refresh_from_db()
    assert account.enterprise is not None
    assert account.enterprise.uscc == code
    assert "企业已登记建档" in words(answer)


def test_a_wrong_check_character_is_explained_and_everything_typed_is_kept() -> None:
    account, good = make.account(Role.APPLICANT), make.credit_code()
    wrong = good[:-1] + ("1" if good[-1] != "1" else "2")
    answer = visitor(account).post(REGISTER, asked(uscc=wrong, contact_name="王五"))
    assert answer.status_code == 400
    assert f"应为“{good[-1]}”" in words(answer)
    assert "请对照营业执照核对" in words(answer)
    assert f'value="{wrong}"' in answer.content.decode()
    assert 'value="王五"' in answer.content.decode()
    assert not Enterprise.objects.filter(uscc=wrong).exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"uscc": "123"}, "应为 18 位，现为 3 位"),
        ({"uscc": "91320411MA2455XHIO"}, "不使用字符“I、O”"),
        ({"name": "常"}, "企业名称至少 2 个字"),
        ({"name": "常" * 121}, "最多 120 字，现 121 字"),
        ({"township": ""}, "未填所在乡镇（街道）"),
        ({"township": "999999999"}, "区划代码“999999999”不存在"),
        ({"established_on": "2999-01-01"}, "晚于今天"),
        ({"established_on": "昨天"}, "请填写日期"),
        ({"industry": "C34845678"}, "最多 6 字"),
        ({"contact_phone": "1" * 31}, "最多 30 字"),
    ],
)
def test_bad_registration_is_refused_with_its_reason(changes: dict[str, str], said: str) -> None:
    account = make.account(Role.APPLICANT)
    answer = visitor(account).post(REGISTER, asked(**changes))
    assert answer.status_code == 400
    assert said in words(answer)
    account.refresh_from_db()
    assert account.enterprise is None


def test_all_reasons_are_given_at_once() -> None:
    answer = visitor(make.account(Role.APPLICANT)).post(REGISTER, asked(uscc="1", name="", township=""))
    said = words(answer)
    assert all(reason in said for reason in ("应为 18 位", "企业名称至少 2 个字", "未填所在乡镇（街道）"))


def test_a_registered_code_is_a_conflict_with_a_remedy() -> None:
    there = make.enterprise()
    answer = visitor(make.account(Role.APPLICANT)).post(REGISTER, asked(uscc=there.uscc))
    assert answer.status_code == 409
    assert f"统一社会信用代码 {there.uscc} 的企业已登记" in words(answer)
    assert "联系所在乡镇（街道）" in words(answer)


def test_an_applicant_states_no_official_fact_when_registering() -> None:
    account = make.account(Role.APPLICANT)
    visitor(account).post(REGISTER, asked(innovation_tier="leading", uscc_override_reason="就是它"))
    account.refresh_from_db()
    assert account.enterprise is not None
    assert account.enterprise.innovation_tier == "none"
    assert account.enterprise.uscc_override_reason == ""


def test_an_applicant_cannot_confirm_a_wrong_check_character() -> None:
    good = with_check_character("91320412MA9876543")
    wrong = good[:-1] + ("1" if good[-1] != "1" else "2")
    answer = visitor(make.account(Role.APPLICANT)).post(REGISTER, asked(uscc=wrong, uscc_override_reason="就是它"))
    assert answer.status_code == 400


def test_a_new_enterprise_sees_that_cultivation_is_open_and_what_comes_after() -> None:
    said = words(visitor(make.applicant()).get("/workspace/"))
    assert "现在可以申报" in said
    assert "申报条件已满足" in said
    assert "贯标承诺书（盖章）" in said
    assert "须先取得“入库培育”" in said
    assert "管理者代表任命书" in said


def test_a_wait_says_from_which_day() -> None:
    of, today = make.enterprise(), timezone.localdate()
    make.achievement(of, "guanbiao.cultivation", today - timedelta(days=3))
    said = words(visitor(make.applicant(of)).get("/workspace/"))
    assert "满 1 个月后方可申报" in said
    assert "可申报" in said
    assert "申报贯标实施" not in said


def test_missing_contact_is_named_with_the_way_to_fill_it_in() -> None:
    of = make.enterprise()
    Enterprise.objects.filter(pk=of.pk).update(contact_name="", contact_phone="")
    answer = visitor(make.applicant(of)).get("/workspace/")
    assert "企业档案缺联系人和联系电话" in words(answer)
    assert f"/enterprises/{of.uscc}/amend/" in answer.content.decode()


def test_achievements_are_listed_with_their_ledger_numbers_ended_ones_too() -> None:
    of, city = make.enterprise(), make.account(Role.CITY_REVIEWER)
    held = make.achievement(of, "guanbiao.implementation", date(2018, 5, 1))
    gone = make.achievement(of, "guanbiao.certification", date(2019, 6, 1), certificate_number="ZX-1")
    end_achievement(gone, reason="withdrawn", ended_on=date(2021, 1, 1), ground="企业申请", actor=city, at=make.NOW)
    said = words(visitor(make.applicant(of)).get("/workspace/"))
    assert f"台账第 {held.ledger_number} 号" in said
    assert f"台账第 {gone.ledger_number} 号" in said
    assert "ZX-1" in said
    assert "注销 2021-01-01" in said
    assert "2018-05-01 取得" in said


def test_the_phone_number_is_masked_on_the_card() -> None:
    answer = visitor(make.applicant()).get("/workspace/")
    assert "138****0000" in words(answer)
    assert "13800000000" not in answer.content.decode()


def test_opening_an_application_starts_a_draft_and_goes_there() -> None:
    account = make.applicant()
    answer = visitor(account).post("/workspace/applications/", {"stage": "guanbiao.cultivation"})
    row = Application.objects.get(enterprise=account.enterprise)
    assert (answer.status_code, answer.url, row.status) == (302, f"/applications/{row.number}/", "draft")


def test_opening_it_twice_goes_on_with_the_first() -> None:
    account = make.applicant()
    client = visitor(account)
    for _ in range(2):
        answer = client.post("/workspace/applications/", {"stage": "guanbiao.cultivation"}, follow=True)
    assert Application.objects.filter(enterprise=account.enterprise).count() == 1
    assert "请在此继续办理" in words(answer)


@pytest.mark.parametrize("stage", ["project.strategy", "guanbiao.nothing", ""])
def test_a_stage_that_is_not_applied_for_cannot_be_opened(stage: str) -> None:
    answer = visitor(make.applicant()).post("/workspace/applications/", {"stage": stage})
    assert answer.status_code == 409
    assert "目前不受理在线申报" in words(answer)
    assert not Application.objects.exists()


def test_a_closed_year_opens_nothing() -> None:
    Rulebook.objects.filter(in_force_to__isnull=True).update(in_force_to=timezone.localdate() - timedelta(days=1))
    client = visitor(make.applicant())
    assert "目前不受理在线申报" in words(client.get("/workspace/"))
    assert client.post("/workspace/applications/", {"stage": "guanbiao.cultivation"}).status_code == 409


def test_a_stage_that_was_reached_cannot_be_opened_again() -> None:
    of = make.enterprise()
    make.achievement(of, "guanbiao.cultivation", date(2020, 1, 1))
    answer = visitor(make.applicant(of)).post("/workspace/applications/", {"stage": "guanbiao.cultivation"})
    assert answer.status_code == 409
    assert "已于 2020-01-01 取得" in words(answer)


def test_an_account_without_enterprise_opens_nothing() -> None:
    answer = visitor(make.account(Role.APPLICANT)).post("/workspace/applications/", {"stage": "guanbiao.cultivation"})
    assert answer.status_code == 409
    assert "尚未登记企业" in words(answer)


def test_the_workspace_asks_the_same_number_of_questions_for_one_and_three_applications(
    django_assert_max_num_queries: object,
) -> None:
    account = make.applicant()
    client = visitor(account)
    client.get("/workspace/")
    with django_assert_max_num_queries(72) as first:  # type: ignore[operator]
        client.get("/workspace/")
    for year in (2019, 2020, 2021):
        make.achievement(account.enterprise, "guanbiao.certification", date(year, 1, 1))
    with django_assert_max_num_queries(len(first)):  # type: ignore[operator]
        client.get("/workspace/")
