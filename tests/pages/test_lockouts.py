"""Who is locked out, seen by both officers, released by one; and the day's summary at the top of the trail."""

import pytest
from django.test import Client
from django.utils import timezone

from enterprises.errors import NotAllowed, NotPossible
from enterprises.models import Account, AuditEvent, EventKind
from enterprises.roles import Role
from enterprises.services.lockouts import lockouts, release_lockout
from enterprises.services.trail import note
from tests import factories as make

from .visiting import visitor, words

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def fail(username: str, times: int, address: str = "192.0.2.7", browser: str = "one") -> None:
    for _ in range(times):
        said = {"username": username, "password": "wrong"}
        Client().post(LOGIN, said, REMOTE_ADDR=address, headers={"user-agent": browser})


@pytest.fixture
def person() -> Account:
    return make.account(Role.MONITOR)


def test_a_lockout_is_told_once_and_shown_until_it_is_released(person: Account) -> None:
    fail(person.username, 7)
    assert AuditEvent.objects.filter(kind=EventKind.LOCKED_OUT, account=person).count() == 1
    officer = make.account(Role.SECURITY_ADMIN)
    client = visitor(officer)
    [locked] = lockouts(at=timezone.now())
    assert (locked.account, locked.address) == (person, "192.0.2.7")
    said = words(client.get("/audit/"))
    assert "当前锁定的登录" in said
    assert "解除锁定" in said
    assert client.post(f"/audit/lockouts/{locked.key}/release/").status_code == 302
    assert lockouts(at=timezone.now()) == []
    event = AuditEvent.objects.get(kind=EventKind.LOCKOUT_RELEASED)
    assert (event.account, event.detail) == (officer, {"about": person.code, "address": "192.0.2.7"})
    answer = Client().post(LOGIN, {"username": person.username, "password": make.PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 302
    assert client.post(f"/audit/lockouts/{locked.key}/release/").status_code == 409


def test_failures_from_several_browsers_count_together_and_fewer_are_no_lockout(person: Account) -> None:
    fail(person.username, 4)
    assert lockouts(at=timezone.now()) == []
    fail(person.username, 1, browser="two")
    assert [locked.failures for locked in lockouts(at=timezone.now())] == [5]


def test_a_name_that_nobody_has_is_not_shown(person: Account) -> None:
    fail("My-Own-Passw0rd", 6)
    said = words(visitor(make.account(Role.SECURITY_ADMIN)).get("/audit/"))
    assert "没有这个账户的用户名（不显示）" in said
    assert "My-Own-Passw0rd" not in said


def test_the_auditor_sees_lockouts_and_releases_none(person: Account) -> None:
    fail(person.username, 6)
    said = words(visitor(make.account(Role.AUDITOR)).get("/audit/"))
    assert "当前锁定的登录" in said
    assert "解除锁定" not in said
    with pytest.raises(NotAllowed):
        release_lockout(1, actor=make.account(Role.SYSTEM_ADMIN), at=timezone.now())
    with pytest.raises(NotPossible):
        release_lockout(10**9, actor=make.account(Role.SECURITY_ADMIN), at=timezone.now())


def test_the_summary_counts_a_day_and_the_details_are_in_words(person: Account) -> None:
    detail = {"list": "enterprises", "rows": 120, "filters": ["stage", "unit"]}
    note(EventKind.EXPORTED, request=None, account=person, at=timezone.now(), detail=detail)
    answer = visitor(make.account(Role.AUDITOR)).get("/audit/")
    assert dict(answer.context["summary"])[EventKind.EXPORTED] == 1
    said = words(answer)
    for expected in ("最近 24 小时", "行数：120", "筛选：stage、unit"):
        assert expected in said
