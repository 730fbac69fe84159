"""A password of the staff is reset by two officers; that of an applicant by one, that of an officer on the server."""

import json
from typing import Any

import pytest
from django.test import Client

from certification.audit import fact_faults
from enterprises.errors import Duplicate, NotAllowed, NotPossible, Refused
from enterprises.models import Account, RoleGrant
from enterprises.roles import OFFICERS, Role
from enterprises.services.accounts import deactivate, reset_password
from enterprises.services.grants import confirm_grant, refuse_grant, request_reset, request_role
from ledger.models import LedgerEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
FIRST = "a-New-Long-Passw0rd"
STAFF = sorted(set(Role.values) - set(OFFICERS) - {Role.APPLICANT})


@pytest.fixture
def reviewer() -> Account:
    return make.account(Role.CITY_REVIEWER)


def ask(person: Account, actor: Account, **more: Any) -> RoleGrant:
    return request_reset(person, **{"password": FIRST, "reason": "遗忘密码", "actor": actor, "at": make.NOW, **more})


def codes(call: Any) -> set[str]:
    with pytest.raises(Refused) as refused:
        call()
    return {refusal.code for refusal in refused.value.refusals}


@pytest.mark.parametrize("role", STAFF)
def test_the_system_administrator_alone_sets_no_password_of_the_staff(role, sysadmin):
    person, before = make.account(role), LedgerEntry.objects.count()
    with pytest.raises(NotAllowed) as refused:
        reset_password(person, FIRST, actor=sysadmin, at=make.NOW)
    [refusal] = refused.value.refusals
    assert (refusal.code, "账户授权" in refusal.remedy) == ("staff_password", True)
    grant = ask(person, sysadmin)
    assert codes(lambda: confirm_grant(grant, actor=sysadmin, at=make.NOW)) == {"not_allowed"}
    person.refresh_from_db()
    assert (person.check_password(make.PASSWORD), person.must_change_password) == (True, False)
    assert LedgerEntry.objects.count() == before + 1


def test_a_reset_holds_from_the_confirmation_on(sysadmin, secadmin, reviewer):
    browser = Client()
    browser.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
    grant = ask(reviewer, sysadmin)
    assert browser.get("/reviews/").status_code == 200
    assert FIRST not in grant.password
    made = confirm_grant(grant, actor=secadmin, at=make.NOW)
    reviewer.refresh_from_db()
    assert made == reviewer
    assert (reviewer.check_password(FIRST), reviewer.must_change_password) == (True, True)
    assert (reviewer.role, reviewer.scope_kind, reviewer.is_active) == (Role.CITY_REVIEWER, "city", True)
    grant.refresh_from_db()
    assert (grant.state, grant.decided_by, grant.password) == ("confirmed", secadmin, "")
    assert browser.get("/reviews/").status_code == 302
    login = Client().post("/accounts/login/", {"username": reviewer.username, "password": FIRST})
    assert login.url == "/accounts/password/"


def test_request_and_reset_are_on_record_without_the_password(sysadmin, secadmin, reviewer):
    grant = ask(reviewer, sysadmin)
    kept = grant.password
    assert list(fact_faults(limit=5)) == []  # while it waits
    confirm_grant(grant, actor=secadmin, at=make.NOW)
    asked, done = LedgerEntry.objects.order_by("number")[LedgerEntry.objects.count() - 2 :]
    assert (asked.verb, asked.actor, asked.subject) == ("account.grant_requested", sysadmin.code, grant.code)
    said = json.loads(asked.payload)
    assert (said["kind"], said["account"], said["role"]) == ("reset", reviewer.code, "city_reviewer")
    assert (done.verb, done.actor, done.subject) == ("account.password_reset", secadmin.code, reviewer.code)
    assert (done.supersedes, json.loads(done.payload)) == (asked.number, {"requested_by": sysadmin.code})
    for entry in (asked, done):
        assert not {text for text in (FIRST, kept, "遗忘密码") if text in bytes(entry.canonical).decode()}
    assert list(fact_faults(limit=5)) == []


def test_a_refused_reset_changes_nothing_and_forgets_the_password(sysadmin, secadmin, reviewer):
    refused = refuse_grant(ask(reviewer, sysadmin), reason="本人未提出", actor=secadmin, at=make.NOW)
    reviewer.refresh_from_db()
    assert (refused.state, refused.password, reviewer.check_password(make.PASSWORD)) == ("refused", "", True)
    assert list(fact_faults(limit=5)) == []


@pytest.mark.parametrize("role", OFFICERS)
def test_no_officer_s_password_is_asked_for(role, sysadmin):
    officer = make.account(role)
    assert codes(lambda: ask(officer, sysadmin)) == {"officers_password"}
    assert codes(lambda: ask(sysadmin, sysadmin)) == {"own_account"}
    assert not RoleGrant.objects.exists()


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.SYSTEM_ADMIN}))
def test_nobody_else_asks_for_a_reset(role, reviewer):
    assert codes(lambda: ask(reviewer, make.account(role))) == {"not_allowed"}


def test_a_wrong_request_is_told_everything_at_once(sysadmin, reviewer):
    wrong = {"password": "short", "reason": " "}
    assert codes(lambda: ask(reviewer, sysadmin, **wrong)) == {"password_weak", "reason_missing"}
    assert codes(lambda: ask(make.applicant(), sysadmin)) == {"applicants_password"}
    ask(reviewer, sysadmin)
    with pytest.raises(Duplicate):
        request_role(reviewer, role=Role.MONITOR, scope="", reason="调任", actor=sysadmin, at=make.NOW)


def test_a_shut_account_gets_no_password(sysadmin, secadmin, reviewer):
    grant = ask(reviewer, sysadmin)
    deactivate(reviewer, actor=secadmin, at=make.NOW)
    with pytest.raises(NotPossible):
        confirm_grant(grant, actor=secadmin, at=make.NOW)
    reviewer.refresh_from_db()
    assert (reviewer.is_active, reviewer.check_password(make.PASSWORD)) == (False, True)
    refuse_grant(grant, reason="已停用", actor=secadmin, at=make.NOW)
    assert codes(lambda: ask(reviewer, sysadmin)) == {"inactive"}
