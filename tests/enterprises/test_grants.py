"""Roles are granted by two officers; passwords and doors are on record."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from certification.audit import fact_faults
from enterprises.errors import Duplicate, NotAllowed, NotPossible, Refused
from enterprises.models import Account, RoleGrant
from enterprises.roles import Role
from enterprises.services.accounts import deactivate, reset_password
from enterprises.services.grants import (
    NewAccount,
    confirm_grant,
    open_account,
    refuse_grant,
    request_return,
    request_role,
)
from enterprises.services.registration import Registration, register_enterprise
from ledger.models import LedgerEntry
from ledger.record import SYSTEM
from tests import factories as make

pytestmark = pytest.mark.django_db
NEW = NewAccount("newcomer", Role.DISTRICT_REVIEWER, "wujin", make.PASSWORD, "新同事", "new@example.org")


@pytest.fixture
def monitor() -> Account:
    return make.account(Role.MONITOR)


def asking(actor: Account, **more: Any) -> dict[str, Any]:
    return {"reason": "岗位调整", "actor": actor, "at": make.NOW, **more}


def codes(call: Any) -> set[str]:
    with pytest.raises(Refused) as refused:
        call()
    return {refusal.code for refusal in refused.value.refusals}


def last_entries(count: int) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.order_by("-number")[:count])[::-1]


def faults() -> list[int]:
    return [fault.number for fault in fact_faults(limit=10)]


# --- a new account --------------------------------------------------------------------------------------


def test_a_new_account_is_there_only_when_a_second_officer_has_confirmed_it(sysadmin, secadmin):
    grant = open_account(NEW, **asking(sysadmin))
    assert isinstance(grant, RoleGrant)
    assert not Account.objects.filter(username="newcomer").exists()
    made = confirm_grant(grant, actor=secadmin, at=make.NOW + timedelta(hours=1))
    assert (made.role, made.unit_id, made.display_name, made.email) == (
        "district_reviewer",
        "wujin",
        "新同事",
        "new@example.org",
    )
    assert made.must_change_password
    assert made.check_password(make.PASSWORD)
    grant.refresh_from_db()
    assert (grant.state, grant.account, grant.decided_by, grant.password) == ("confirmed", made, secadmin, "")


def test_request_and_confirmation_are_on_record_without_personal_data(sysadmin, secadmin):
    grant = open_account(NEW, **asking(sysadmin, reason="接替王五"))
    made = confirm_grant(grant, actor=secadmin, at=make.NOW)
    asked, granted = last_entries(2)
    assert (asked.verb, asked.actor, asked.role) == ("account.grant_requested", sysadmin.code, "system_admin")
    assert (granted.verb, granted.subject, granted.actor) == ("account.granted", made.code, secadmin.code)
    assert granted.supersedes == asked.number == RoleGrant.objects.get().ledger_number
    role = {"role": "district_reviewer", "scope": "wujin", "scope_kind": "unit"}
    assert json.loads(granted.payload) == {**role, "requested_by": sysadmin.code}
    said = json.loads(asked.payload)
    assert len(said.pop("said")) == 64
    assert said == {**role, "kind": "account", "account": None}
    for entry in (asked, granted):
        for private in ("newcomer", "新同事", "example.org", "王五", made.password):
            assert private not in bytes(entry.canonical).decode()
    assert faults() == []


def test_an_applicants_account_is_opened_at_once(sysadmin):
    enterprise = make.enterprise()
    asked = NewAccount("qiye-x", Role.APPLICANT, enterprise.uscc, make.PASSWORD)
    made = open_account(asked, **asking(sysadmin))
    assert isinstance(made, Account)
    assert (made.enterprise, made.must_change_password) == (enterprise, True)
    assert last_entries(1)[0].actor == sysadmin.code
    assert faults() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"username": ""}, "username_form"),
        ({"username": "a b"}, "username_form"),
        ({"username": "x" * 65}, "username_form"),
        ({"role": "king"}, "role_unknown"),
        ({"scope": ""}, "scope_wrong"),
        ({"scope": "nowhere"}, "scope_wrong"),
        ({"password": "short"}, "password_weak"),
    ],
)
def test_a_wrong_request_is_refused_and_leaves_nothing(sysadmin, change, code):
    before = LedgerEntry.objects.count()
    fields = {name: getattr(NEW, name) for name in ("username", "role", "scope", "password")}
    assert code in codes(lambda: open_account(NewAccount(**{**fields, **change}), **asking(sysadmin)))
    assert (RoleGrant.objects.count(), LedgerEntry.objects.count()) == (0, before)


@pytest.mark.parametrize(("reason", "code"), [(" ", "reason_missing"), ("长" * 201, "reason_too_long")])
def test_a_request_needs_its_reason(sysadmin, reason, code):
    assert codes(lambda: open_account(NEW, **asking(sysadmin, reason=reason))) == {code}


def test_a_name_is_asked_for_once_and_not_taken(sysadmin, secadmin, monitor):
    open_account(NEW, **asking(sysadmin))
    with pytest.raises(Duplicate):
        open_account(NEW, **asking(sysadmin))
    taken = NewAccount(monitor.username, Role.AUDITOR, "", make.PASSWORD)
    assert codes(lambda: open_account(taken, **asking(sysadmin))) == {"username_taken"}
    Account.objects.filter(pk=monitor.pk).update(username="newcomer")
    assert codes(lambda: confirm_grant(RoleGrant.objects.get(), actor=secadmin, at=make.NOW)) == {"username_taken"}
    assert RoleGrant.objects.get().state == "waiting"


# --- who ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.SYSTEM_ADMIN}))
def test_nobody_else_asks(role, monitor):
    other = make.account(role)
    for call in (
        lambda: open_account(NEW, **asking(other)),
        lambda: request_role(monitor, role=Role.CITY_REVIEWER, scope="", **asking(other)),
        lambda: request_return(monitor, **asking(other)),
        lambda: reset_password(monitor, make.PASSWORD, actor=other, at=make.NOW),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert not RoleGrant.objects.exists()


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.SECURITY_ADMIN}))
def test_nobody_else_confirms_or_refuses(role, sysadmin):
    grant = open_account(NEW, **asking(sysadmin))
    for other in (make.account(role), sysadmin):
        with pytest.raises(NotAllowed):
            confirm_grant(grant, actor=other, at=make.NOW)
        with pytest.raises(NotAllowed):
            refuse_grant(grant, reason="不符", actor=other, at=make.NOW)
    assert RoleGrant.objects.get().state == "waiting"


def test_nobody_asks_for_themselves_or_confirms_their_own(sysadmin, secadmin):
    assert codes(lambda: request_role(sysadmin, role=Role.MONITOR, scope="", **asking(sysadmin))) == {"own_account"}
    grant = request_role(secadmin, role=Role.MONITOR, scope="", **asking(sysadmin))
    assert codes(lambda: confirm_grant(grant, actor=secadmin, at=make.NOW)) == {"own_grant"}
    # Whoever asked and has become the security administrator since, confirms nothing of it either.
    Account.objects.filter(pk=sysadmin.pk).update(role=Role.SECURITY_ADMIN)
    sysadmin.refresh_from_db()
    assert codes(lambda: confirm_grant(grant, actor=sysadmin, at=make.NOW)) == {"own_grant"}


def test_the_database_itself_wants_two_people(sysadmin):
    grant = open_account(NEW, **asking(sysadmin))
    account = make.account(Role.MONITOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.filter(pk=grant.pk).update(
            state="confirmed", decided_by=sysadmin, decided_at=make.NOW, account=account
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.filter(pk=grant.pk).update(state="confirmed", account=account)


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.AUDITOR}])
def test_a_request_of_someone_who_is_no_longer_in_office_lapses(sysadmin, secadmin, change):
    grant = open_account(NEW, **asking(sysadmin))
    Account.objects.filter(pk=sysadmin.pk).update(**change)
    assert codes(lambda: confirm_grant(grant, actor=secadmin, at=make.NOW)) == {"asker_gone"}
    assert not Account.objects.filter(username="newcomer").exists()


# --- another role ---------------------------------------------------------------------------------------


def test_another_role_holds_from_the_confirmation_on(sysadmin, secadmin, monitor):
    before = monitor.login_epoch
    grant = request_role(monitor, role=Role.TOWNSHIP_REVIEWER, scope=make.TOWN, **asking(sysadmin))
    monitor.refresh_from_db()
    assert monitor.role == Role.MONITOR
    confirm_grant(grant, actor=secadmin, at=make.NOW)
    monitor.refresh_from_db()
    assert (monitor.role, monitor.scope_kind, monitor.township_id) == ("township_reviewer", "township", make.TOWN)
    assert monitor.login_epoch == before + 1
    assert faults() == []


def test_another_scope_takes_the_place_of_the_first(sysadmin, secadmin):
    reviewer = make.account(Role.DISTRICT_REVIEWER, unit="wujin")
    grant = request_role(reviewer, role=reviewer.role, scope="liyang", **asking(sysadmin))
    confirm_grant(grant, actor=secadmin, at=make.NOW)
    reviewer.refresh_from_db()
    assert (reviewer.unit_id, reviewer.township_id) == ("liyang", None)
    same = {"role": reviewer.role, "scope": "liyang"}
    assert codes(lambda: request_role(reviewer, **same, **asking(sysadmin))) == {"role_unchanged"}


def test_a_refusal_changes_nothing_and_is_on_record(sysadmin, secadmin, monitor):
    grant = request_role(monitor, role=Role.CITY_REVIEWER, scope="", **asking(sysadmin))
    assert codes(lambda: refuse_grant(grant, reason="", actor=secadmin, at=make.NOW)) == {"reason_missing"}
    refused = refuse_grant(grant, reason="无任命文件", actor=secadmin, at=make.NOW)
    monitor.refresh_from_db()
    assert (refused.state, refused.refused_for, monitor.role) == ("refused", "无任命文件", Role.MONITOR)
    entry = last_entries(1)[0]
    assert (entry.verb, entry.subject, entry.supersedes) == ("account.grant_refused", grant.code, grant.ledger_number)
    assert "无任命文件" not in entry.payload
    for decide in (
        lambda: confirm_grant(grant, actor=secadmin, at=make.NOW),
        lambda: refuse_grant(grant, reason="又", actor=secadmin, at=make.NOW),
    ):
        assert codes(decide) == {"decided_already"}
    assert request_role(monitor, role=Role.CITY_REVIEWER, scope="", **asking(sysadmin)).state == "waiting"


# --- doors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_an_account_is_shut_at_once_by_either_officer(role, monitor):
    officer = make.account(role)
    deactivate(monitor, actor=officer, at=make.NOW)
    assert not Account.objects.get(pk=monitor.pk).is_active
    entry = last_entries(1)[0]
    assert (entry.verb, entry.subject, entry.actor) == ("account.deactivated", monitor.code, officer.code)
    assert codes(lambda: deactivate(monitor, actor=officer, at=make.NOW)) == {"inactive_already"}
    assert codes(lambda: deactivate(officer, actor=officer, at=make.NOW)) == {"own_account"}
    assert faults() == []


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}))
def test_nobody_else_shuts_an_account(role, monitor):
    with pytest.raises(NotAllowed):
        deactivate(monitor, actor=make.account(role), at=make.NOW)
    assert Account.objects.get(pk=monitor.pk).is_active


def test_a_shut_account_comes_back_by_two_officers(sysadmin, secadmin, monitor):
    assert codes(lambda: request_return(monitor, **asking(sysadmin))) == {"active"}
    deactivate(monitor, actor=secadmin, at=make.NOW)
    assert codes(lambda: request_role(monitor, role=Role.AUDITOR, scope="", **asking(sysadmin))) == {"inactive"}
    grant = request_return(monitor, **asking(sysadmin))
    assert not Account.objects.get(pk=monitor.pk).is_active
    confirm_grant(grant, actor=secadmin, at=make.NOW)
    assert Account.objects.get(pk=monitor.pk).is_active
    entry = last_entries(1)[0]
    assert (entry.verb, entry.subject, entry.supersedes) == (
        "account.reactivated",
        monitor.code,
        grant.ledger_number,
    )
    assert faults() == []


def test_a_role_asked_for_before_an_account_was_shut_does_not_open_it(sysadmin, secadmin, monitor):
    grant = request_role(monitor, role=Role.CITY_REVIEWER, scope="", **asking(sysadmin))
    deactivate(monitor, actor=secadmin, at=make.NOW)
    with pytest.raises(NotPossible):
        confirm_grant(grant, actor=secadmin, at=make.NOW)
    assert not Account.objects.get(pk=monitor.pk).is_active


def test_a_reset_password_of_an_applicant_is_on_record_and_must_be_changed(sysadmin):
    person = make.applicant()
    reset_password(person, "a-New-Long-Passw0rd", actor=sysadmin, at=make.NOW)
    person.refresh_from_db()
    assert person.must_change_password
    assert person.check_password("a-New-Long-Passw0rd")
    entry = last_entries(1)[0]
    assert (entry.verb, entry.subject, entry.actor, entry.payload) == (
        "account.password_reset",
        person.code,
        sysadmin.code,
        "{}",
    )
    assert codes(lambda: reset_password(person, "short", actor=sysadmin, at=make.NOW)) == {"password_weak"}


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_the_password_of_an_officer_is_not_reset_by_another(sysadmin, role):
    officer = make.account(role)
    asked = {"actor": sysadmin, "at": make.NOW}
    assert codes(lambda: reset_password(officer, "a-New-Long-Passw0rd", **asked)) == {"officers_password"}
    assert Account.objects.get(pk=officer.pk).check_password(make.PASSWORD)


# --- the server's console -------------------------------------------------------------------------------


def test_the_console_opens_the_first_accounts_and_says_so_in_the_ledger(settings):
    settings.ACCOUNT_PASSWORD = make.PASSWORD
    out = StringIO()
    call_command("account", "create", "first", "--role", "security_admin", stdout=out)
    made = Account.objects.get(username="first")
    entry = last_entries(1)[0]
    assert (entry.subject, entry.actor, entry.role) == (made.code, SYSTEM.code, "console")
    assert "已建立账户 first（安全管理员）" in out.getvalue()
    settings.ACCOUNT_PASSWORD = "another-Long-Passw0rd"
    call_command("account", "password", "first", stdout=out)
    made.refresh_from_db()
    assert made.check_password("another-Long-Passw0rd")
    assert made.must_change_password
    assert last_entries(1)[0].verb == "account.password_reset"
    with pytest.raises(CommandError, match="没有账户 nobody"):
        call_command("account", "password", "nobody")
    settings.ACCOUNT_PASSWORD = "short"
    with pytest.raises(CommandError, match="密码"):
        call_command("account", "password", "first")
    assert faults() == []


# --- the ledger's word ----------------------------------------------------------------------------------

ALTERATIONS = {
    "role": "UPDATE enterprises_account SET role = 'city_reviewer' WHERE username = %s",
    "unit": "UPDATE enterprises_account SET unit_id = 'liyang', scope_kind = 'unit' WHERE username = %s",
    "shut": "UPDATE enterprises_account SET is_active = FALSE WHERE username = %s",
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_account_altered_by_sql_is_named(monitor, name):
    with connection.cursor() as cursor:
        cursor.execute(ALTERATIONS[name], [monitor.username])
    entry = LedgerEntry.objects.get(subject=monitor.code)
    assert faults() == [entry.number]


def test_a_door_opened_by_sql_and_an_account_added_by_sql_are_named(secadmin, monitor):
    deactivate(monitor, actor=secadmin, at=make.NOW)
    shut = last_entries(1)[0]
    Account.objects.filter(pk=monitor.pk).update(is_active=True)
    assert faults() == [shut.number]
    Account.objects.create_user("smuggled", make.PASSWORD, role=Role.CITY_REVIEWER, scope_kind="city")
    assert [fault.reason for fault in fact_faults(limit=5) if fault.number == 0] == [
        f"账户 {Account.objects.get(username='smuggled').code} 没有授权的台账条目"
    ]


def test_an_applicant_bound_to_the_enterprise_that_it_registered_is_as_granted():
    person = make.account(Role.APPLICANT)
    asked = Registration(uscc=make.credit_code(), name="常州自登科技有限公司", township=make.TOWN)
    register_enterprise(asked, actor=person, at=make.NOW)
    assert faults() == []
    person.refresh_from_db()
    other = make.enterprise()
    Account.objects.filter(pk=person.pk).update(enterprise=other)
    assert len(faults()) == 1
