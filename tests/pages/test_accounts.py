"""Signing in and out, the lock after failures, and one's own password."""

import pytest
from django.test import Client

from enterprises.models import Account
from enterprises.services.accounts import reset_password

from ..factories import NOW, PASSWORD, account, applicant, reviewers
from .reading import text_of
from .world import sign_in

LOGIN = "/accounts/login/"
NEW_PASSWORD = "another-Long-Passw0rd"


def try_login(client: Client, username: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def first_pages(db) -> list[tuple[Account, str]]:
    staff = reviewers()
    return [
        (applicant(), "/workspace/"),
        (staff["township"], "/reviews/"),
        (staff["district"], "/reviews/"),
        (staff["city"], "/reviews/"),
        (account("monitor"), "/monitor/"),
        (account("plan_manager"), "/monitor/"),
        (account("system_admin"), "/admin/"),
        (account("security_admin"), "/admin/"),
        (account("auditor"), "/admin/"),
        (account("expert"), "/"),
    ]


def test_each_role_begins_where_its_work_is(db):
    for person, page in first_pages(db):
        answer = try_login(Client(), person.username)
        assert (person.role, answer.status_code, answer.url) == (person.role, 302, page)
        assert Client().get(page).status_code in (200, 302)


def test_login_goes_on_to_the_page_asked_for_but_never_elsewhere(db):
    person = account("monitor")
    assert try_login(Client(), person.username, next="/enterprises/").url == "/enterprises/"
    for elsewhere in ("https://example.org/", "//example.org/", "javascript:alert(1)", "/\\example.org"):
        assert try_login(Client(), person.username, next=elsewhere).url == "/monitor/"


def test_login_answers_the_same_for_unknown_wrong_and_disabled(db):
    known, disabled = account("monitor"), account("auditor")
    Account.objects.filter(pk=disabled.pk).update(is_active=False)
    answers = [
        try_login(Client(), known.username, "wrong"),
        try_login(Client(), "nobody", "wrong"),
        try_login(Client(), disabled.username, PASSWORD),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({text_of(answer) for answer in answers}) == 1
    assert "用户名或密码不正确" in text_of(answers[0])


@pytest.mark.parametrize("known", [True, False])
def test_five_failures_lock_known_and_unknown_alike(db, known):
    username = account("monitor").username if known else "nobody"
    client = Client()
    answers = [try_login(client, username, "wrong").status_code for _ in range(4)]
    locked = try_login(client, username, "wrong")
    assert (answers, locked.status_code) == ([200] * 4, 429)
    assert locked["Retry-After"] == "900"
    assert "请在 15 分钟后再试" in text_of(locked)
    assert username not in text_of(locked)
    assert try_login(client, username).status_code == 429


def test_a_success_forgets_earlier_failures(db):
    person, client = account("monitor"), Client()
    for _ in range(3):
        for _ in range(4):
            try_login(client, person.username, "wrong")
        assert try_login(client, person.username).status_code == 302
        client.logout()


def test_signing_in_changes_the_session_key(db):
    person, client = account("monitor"), Client()
    client.get("/i18n/")
    client.session.save()
    before = client.session.session_key
    try_login(client, person.username)
    assert client.session.session_key != before


def test_signing_out_ends_the_session_and_needs_a_post(db):
    client = sign_in(account("monitor"))
    assert client.get("/accounts/logout/").status_code == 405
    assert client.get("/monitor/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/monitor/").status_code == 302


def test_someone_signed_in_is_sent_on_from_the_login_page(db):
    assert sign_in(account("monitor")).get(LOGIN).url == "/monitor/"


def test_forms_refuse_a_request_from_elsewhere(db):
    client = Client(enforce_csrf_checks=True)
    answer = try_login(client, account("monitor").username)
    assert answer.status_code == 403
    assert "页面已过期" in text_of(answer)


def change(client: Client, old: str, new: str, again: str | None = None):
    fields = {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
    return client.post("/accounts/password/", fields)


def test_password_change_ends_other_sessions_and_keeps_this_one(db):
    person = account("monitor")
    here, there = sign_in(person), sign_in(person)
    assert change(here, PASSWORD, NEW_PASSWORD).status_code == 302
    assert here.get("/monitor/").status_code == 200
    assert there.get("/monitor/").status_code == 302
    assert try_login(Client(), person.username, NEW_PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", NEW_PASSWORD, None, "旧密码"),
        (PASSWORD, "short1", None, "密码太短，至少 10 个字符"),
        (PASSWORD, "12345678901234", None, "数字"),
        (PASSWORD, NEW_PASSWORD, "different-Long-1", "密码"),
    ],
)
def test_password_change_says_what_is_wrong_and_changes_nothing(db, old, new, again, said):
    person = account("monitor")
    answer = change(sign_in(person), old, new, again)
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert Account.objects.get(pk=person.pk).check_password(PASSWORD)


def test_an_account_with_a_given_password_is_led_to_change_it(db):
    person = account("monitor")
    Account.objects.filter(pk=person.pk).update(must_change_password=True)
    client = Client()
    assert try_login(client, person.username).url == "/accounts/password/"
    assert "首次登录" in text_of(client.get("/accounts/password/"))
    change(client, PASSWORD, NEW_PASSWORD)
    assert not Account.objects.get(pk=person.pk).must_change_password


@pytest.mark.parametrize("given_by_another", [False, True])
def test_the_current_password_is_no_new_one(db, given_by_another):
    person = account("monitor")
    Account.objects.filter(pk=person.pk).update(must_change_password=given_by_another)
    answer = change(sign_in(person), PASSWORD, PASSWORD)
    assert answer.status_code == 200
    assert "新密码不能与当前密码相同；请换一个未在本账户使用的密码" in text_of(answer)
    assert Account.objects.get(pk=person.pk).must_change_password is given_by_another


def test_a_password_that_an_officer_sets_is_not_compared_with_the_current_one(db):
    person = account("applicant")
    reset_password(person, PASSWORD, actor=account("system_admin"), at=NOW)
    assert Account.objects.get(pk=person.pk).must_change_password


def test_password_page_is_for_those_signed_in(client, db):
    assert client.get("/accounts/password/").url == "/accounts/login/?next=/accounts/password/"


def test_demo_accounts_are_named_in_the_demo_only(client, db, settings):
    person = account("monitor")
    Account.objects.filter(pk=person.pk).update(is_demo=True, username="jiance")
    settings.DEMO_DATA = False
    assert "jiance" not in text_of(client.get(LOGIN))
    settings.DEMO_DATA = True
    assert "jiance 监测员" in text_of(client.get(LOGIN))


def test_account_menu_shows_role_and_scope(db):
    page = text_of(sign_in(account("district_reviewer", unit="wujin")).get("/"))
    assert "角色 辖市区审核员 范围 武进区" in page


def test_navigation_offers_what_the_role_may_open(db):
    def offered(person: Account) -> list[str]:
        client = sign_in(person)
        return [item.url for item in client.get("/notices/").context["navigation"]]

    for person, _ in first_pages(db):
        for url in offered(person):
            assert sign_in(person).get(url).status_code == 200, (person.role, url)
