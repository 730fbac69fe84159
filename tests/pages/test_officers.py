"""The officers' page: one asks, another confirms; nobody else comes near it."""

import pytest
from django.test import Client

from certification.audit import fact_faults
from enterprises.models import Account, RoleGrant
from enterprises.roles import Role
from enterprises.services.grants import NewAccount, open_account, request_role
from ledger.models import LedgerEntry

from ..factories import NOW, PASSWORD, account, enterprise
from .reading import posted, row_with, text_of
from .world import sign_in

pytestmark = pytest.mark.django_db
PAGE = "/officers/grants/"
ASKING = ("account/", "role/", "return/")
NEW = {
    "username": "newcomer",
    "display_name": "新同事",
    "role": "district_reviewer",
    "scope": "wujin",
    "email": "",
    "password": PASSWORD,
    "reason": "岗位调整",
}


@pytest.fixture
def sysadmin():
    return account(Role.SYSTEM_ADMIN)


@pytest.fixture
def secadmin():
    return account(Role.SECURITY_ADMIN)


@pytest.fixture
def waiting(sysadmin):
    asked = NewAccount("newcomer", Role.DISTRICT_REVIEWER, "wujin", PASSWORD, "新同事")
    return open_account(asked, reason="岗位<b>调整</b>", actor=sysadmin, at=NOW)


def statuses(client: Client, key: int) -> dict[str, int]:
    gets = {part: client.get(PAGE + part).status_code for part in ("", *ASKING, f"{key}/")}
    posts = {part: client.post(PAGE + part).status_code for part in (f"{key}/confirm/", f"{key}/refuse/")}
    return gets | posts


def test_the_address_of_the_officers_leads_to_the_grants(sysadmin):
    answer = sign_in(sysadmin).get("/officers/")
    assert (answer.status_code, answer.url) == (302, PAGE)


def test_who_reaches_what(waiting, sysadmin):
    key = waiting.pk
    looks = {"": 200, f"{key}/": 200}
    nothing = dict.fromkeys(("", *ASKING, f"{key}/", f"{key}/confirm/", f"{key}/refuse/"), 403)
    expected = {
        Role.SYSTEM_ADMIN: nothing | looks | dict.fromkeys(ASKING, 200),
        Role.AUDITOR: nothing | looks,
        Role.SECURITY_ADMIN: nothing | looks | {f"{key}/confirm/": 302, f"{key}/refuse/": 400},
    }
    for role in Role.values:
        assert statuses(sign_in(account(role)), key) == expected.get(role, nothing), role
    assert set(statuses(Client(), key).values()) == {302}
    for part in (f"{key}/confirm/", f"{key}/refuse/"):
        assert sign_in(account(Role.SECURITY_ADMIN)).get(PAGE + part).status_code == 405
    assert sign_in(sysadmin).get(f"{PAGE}999/").status_code == 404


def test_a_new_account_goes_from_one_officer_to_the_other(sysadmin, secadmin):
    asker, confirmer = sign_in(sysadmin), sign_in(secadmin)
    assert "没有待确认的授权" in text_of(asker.get(PAGE))
    answer = asker.post(f"{PAGE}account/", NEW, follow=True)
    assert "待安全管理员确认后生效" in text_of(answer)
    assert not Account.objects.filter(username="newcomer").exists()
    row = row_with(confirmer.get(PAGE), "newcomer")
    for words in ("新同事", "新建账户", "辖市区审核员", "武进区 wujin", sysadmin.username, "待确认"):
        assert words in row
    key = RoleGrant.objects.get().pk
    assert "确认授权" in text_of(confirmer.get(f"{PAGE}{key}/"))
    assert "确认授权" not in text_of(asker.get(f"{PAGE}{key}/"))
    done = confirmer.post(f"{PAGE}{key}/confirm/", follow=True)
    assert "已确认，账户“newcomer”的授权自即时起生效" in text_of(done)
    assert "没有待确认的授权" in text_of(done)
    assert "已确认" in row_with(done, "newcomer")
    login = Client().post("/accounts/login/", {"username": "newcomer", "password": PASSWORD})
    assert login.url == "/accounts/password/"
    assert list(fact_faults(limit=3)) == []


def test_what_was_said_is_shown_as_text(waiting, secadmin):
    page = sign_in(secadmin).get(f"{PAGE}{waiting.pk}/").content.decode()
    assert "岗位&lt;b&gt;调整&lt;/b&gt;" in page
    assert waiting.password not in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": ""}, "用户名"),
        ({"username": "a b"}, "用户名"),
        ({"role": "king"}, "king"),
        ({"scope": "nowhere"}, "范围“nowhere”不适用于角色“辖市区审核员”"),
        ({"password": "short"}, "密码太短，至少 10 个字符"),
        ({"email": "x"}, "邮"),
        ({"reason": " "}, "请写明理由"),
        ({"reason": "长" * 201}, "理由最多 200 字，现 201 字"),
    ],
)
def test_a_wrong_request_is_answered_on_its_form(sysadmin, wrong, said):
    answer = sign_in(sysadmin).post(f"{PAGE}account/", {**NEW, **wrong})
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert not RoleGrant.objects.exists()
    assert PASSWORD not in answer.content.decode()


def test_an_empty_request_is_told_everything_at_once(sysadmin):
    answer = sign_in(sysadmin).post(f"{PAGE}account/", {})
    said = text_of(answer)
    assert answer.status_code == 400
    for reason in ("请填写用户名", "请选择角色", "未选角色，不能核对范围代码", "请填写密码", "请写明理由"):
        assert reason in said
    assert answer.content.decode().count('aria-invalid="true"') == 5


def test_everything_wrong_with_a_request_is_told_at_once(sysadmin):
    wrong = {"username": "a b", "scope": "nowhere", "email": "x", "password": "short", "reason": ""}
    said = text_of(sign_in(sysadmin).post(f"{PAGE}account/", {**NEW, **wrong}))
    for reason in ("范围“nowhere”不适用", "“x”不是电子邮箱地址", "密码太短", "请写明理由"):
        assert reason in said


def test_an_applicants_account_is_opened_at_once(sysadmin):
    asked = {**NEW, "role": "applicant", "scope": enterprise().uscc}
    assert "账户已建立" in text_of(sign_in(sysadmin).post(f"{PAGE}account/", asked, follow=True))
    assert Account.objects.get(username="newcomer").must_change_password


def test_another_role_is_asked_for_shown_beside_the_present_one_and_refused(sysadmin, secadmin):
    person = account(Role.DISTRICT_REVIEWER, unit="liyang")
    asker, confirmer = sign_in(sysadmin), sign_in(secadmin)
    asked = {"username": person.username, "role": "city_reviewer", "scope": "", "reason": "借调"}
    unknown = asker.post(f"{PAGE}role/", {**asked, "username": "nobody"})
    assert (unknown.status_code, "没有用户名为“nobody”的账户" in text_of(unknown)) == (400, True)
    assert asker.post(f"{PAGE}role/", asked).status_code == 302
    again = asker.post(f"{PAGE}role/", asked)
    assert (again.status_code, "已有待确认的申请" in text_of(again)) == (409, True)
    key = RoleGrant.objects.get().pk
    shown = text_of(confirmer.get(f"{PAGE}{key}/"))
    assert "现有角色 辖市区审核员 · 溧阳市" in shown
    assert "范围 全市" in shown
    empty = confirmer.post(f"{PAGE}{key}/refuse/", {"reason": ""})
    assert (empty.status_code, "请写明理由" in text_of(empty)) == (400, True)
    assert confirmer.post(f"{PAGE}{key}/refuse/", {"reason": "无任命文件"}).status_code == 302
    assert "无任命文件" in text_of(asker.get(f"{PAGE}{key}/"))
    late = confirmer.post(f"{PAGE}{key}/confirm/")
    assert (late.status_code, "已经办理" in text_of(late)) == (409, True)
    assert f'href="{PAGE}{key}/"' in late.content.decode()
    person.refresh_from_db()
    assert person.role == Role.DISTRICT_REVIEWER


def test_a_shut_account_comes_back_over_the_page(sysadmin, secadmin):
    person = account(Role.MONITOR)
    accounts = "/admin/enterprises/account/"
    shutting = {"action": "shut", "_selected_action": [person.pk, secadmin.pk]}
    answer = sign_in(secadmin).post(accounts, shutting, follow=True)
    assert "已停用账户" in text_of(answer)
    assert "不能停用自己的账户" in text_of(answer)
    assert [Account.objects.get(pk=one.pk).is_active for one in (person, secadmin)] == [False, True]
    assert "账户授权" in text_of(sign_in(sysadmin).get(accounts))
    asked = {"username": person.username, "reason": "复职"}
    assert sign_in(sysadmin).post(f"{PAGE}return/", asked).status_code == 302
    sign_in(secadmin).post(f"{PAGE}{RoleGrant.objects.get().pk}/confirm/")
    assert Account.objects.get(pk=person.pk).is_active


def test_many_decided_requests_turn_their_pages(sysadmin, secadmin):
    client = sign_in(secadmin)
    for _ in range(21):
        person = account(Role.MONITOR)
        grant = request_role(person, role=Role.EXPERT, scope="", reason="评审", actor=sysadmin, at=NOW)
        client.post(f"{PAGE}{grant.pk}/confirm/")
    assert client.get(PAGE).content.decode().count("评审专家") == 20
    assert client.get(PAGE, {"page": 2}).content.decode().count("评审专家") == 1
    assert client.get(PAGE, {"page": "x"}).status_code == 200


def test_the_administration_opens_no_account_and_opens_none_again(sysadmin):
    client, person = sign_in(sysadmin), account(Role.MONITOR)
    assert client.get("/admin/enterprises/account/add/").status_code == 403
    assert client.post("/admin/enterprises/account/add/", NEW).status_code == 403
    Account.objects.filter(pk=person.pk).update(is_active=False)
    change = f"/admin/enterprises/account/{person.pk}/change/"
    data = {**posted(client, change), "is_active": "on", "role": "city_reviewer", "must_change_password": ""}
    assert client.post(change, data).status_code == 302
    person.refresh_from_db()
    assert (person.is_active, person.role) == (False, Role.MONITOR)


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_an_officers_password_is_not_reset_in_the_administration(sysadmin, role):
    officer, client = account(role), sign_in(sysadmin)
    change = f"/admin/enterprises/account/{officer.pk}/change/"
    answer = client.post(change, {**posted(client, change), "new_password": "a-New-Long-Passw0rd"})
    assert answer.status_code == 200
    assert "三员的密码不能由他人在系统中重设" in text_of(answer)
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)
    assert not LedgerEntry.objects.filter(verb="account.password_reset").exists()


def test_a_password_of_the_staff_goes_from_one_officer_to_the_other(sysadmin, secadmin):
    person, client = account(Role.CITY_REVIEWER), sign_in(sysadmin)
    change = f"/admin/enterprises/account/{person.pk}/change/"
    alone = client.post(change, {**posted(client, change), "new_password": "a-New-Long-Passw0rd"})
    assert "请在“账户授权”中申请重置密码，由安全管理员确认" in text_of(alone)
    asked = {"username": person.username, "password": "a-New-Long-Passw0rd", "reason": "遗忘"}
    weak = client.post(f"{PAGE}reset/", {**asked, "password": "short"})
    assert (weak.status_code, "密码太短" in text_of(weak)) == (400, True)
    sent = client.post(f"{PAGE}reset/", asked, follow=True)
    assert "重置密码" in row_with(sent, person.username)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    shown = sign_in(secadmin).get(f"{PAGE}{RoleGrant.objects.get().pk}/")
    assert f"重置密码：{person.username}" in text_of(shown)
    assert RoleGrant.objects.get().password not in shown.content.decode()
    sign_in(secadmin).post(f"{PAGE}{RoleGrant.objects.get().pk}/confirm/")
    person.refresh_from_db()
    assert (person.check_password("a-New-Long-Passw0rd"), person.must_change_password) == (True, True)
