"""Sessions and tokens end with the password, the role and the account that they were given for."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from enterprises.models import Account
from enterprises.roles import Role
from enterprises.services.accounts import deactivate
from enterprises.services.grants import confirm_grant, request_reset, request_return, request_role
from enterprises.services.registration import Registration, register_enterprise
from tests import factories
from tests.factories import NOW, PASSWORD

from .asking import V1, get, post

pytestmark = pytest.mark.django_db
ANOTHER = "another-Long-Passw0rd"


def logged_in(account: Account) -> APIClient:
    client = APIClient()
    given = post(client, "auth/token/", {"username": account.username, "password": PASSWORD}, 200)
    client.credentials(HTTP_AUTHORIZATION=f"Token {given['token']}")
    return client


def in_browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def is_in(client: APIClient | Client) -> bool:
    return client.get(f"{V1}/enterprises/").status_code == 200


def own_change(account: Account) -> None:
    said = {"old_password": PASSWORD, "new_password1": ANOTHER, "new_password2": ANOTHER}
    assert in_browser(account).post("/accounts/password/", said).status_code == 302


def reset(account: Account) -> None:
    grant = request_reset(account, password=ANOTHER, reason="遗忘", actor=factories.account(Role.SYSTEM_ADMIN), at=NOW)
    confirm_grant(grant, actor=factories.account(Role.SECURITY_ADMIN), at=NOW)


def other_role(account: Account) -> None:
    grant = request_role(
        account, role=Role.PLAN_MANAGER, scope="", reason="调岗", actor=factories.account(Role.SYSTEM_ADMIN), at=NOW
    )
    confirm_grant(grant, actor=factories.account(Role.SECURITY_ADMIN), at=NOW)


def other_scope(account: Account) -> None:
    grant = request_role(
        account, role=account.role, scope="liyang", reason="调岗", actor=factories.account(Role.SYSTEM_ADMIN), at=NOW
    )
    confirm_grant(grant, actor=factories.account(Role.SECURITY_ADMIN), at=NOW)


def shut(account: Account) -> None:
    deactivate(account, actor=factories.account(Role.SECURITY_ADMIN), at=NOW)


def shut_and_back(account: Account) -> None:
    shut(account)
    account.refresh_from_db()
    grant = request_return(account, reason="复职", actor=factories.account(Role.SYSTEM_ADMIN), at=NOW)
    confirm_grant(grant, actor=factories.account(Role.SECURITY_ADMIN), at=NOW)


def shut_and_opened_by_sql(account: Account) -> None:
    shut(account)
    Account.objects.filter(pk=account.pk).update(is_active=True)


def role_by_sql(account: Account) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE enterprises_account SET role = 'plan_manager' WHERE id = %s", [account.pk])


ENDINGS = (own_change, reset, other_role, other_scope, shut, shut_and_back, shut_and_opened_by_sql, role_by_sql)


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_login_ends_with_what_it_was_given_for(ending: Callable[[Account], None]) -> None:
    account, somebody = factories.account(Role.MONITOR), factories.account(Role.MONITOR)
    token, session, others = logged_in(account), in_browser(account), logged_in(somebody)
    assert is_in(token)
    assert is_in(session)
    ending(account)
    assert not is_in(token)
    assert not is_in(session)
    assert is_in(others)


def test_a_new_login_holds_after_a_change() -> None:
    account = factories.account(Role.MONITOR)
    old = logged_in(account)
    other_role(account)
    account.refresh_from_db()
    new = logged_in(account)
    assert (is_in(old), is_in(new)) == (False, True)


def test_registering_ones_own_enterprise_ends_no_login() -> None:
    account = factories.account(Role.APPLICANT)
    token, session = logged_in(account), in_browser(account)
    asked = Registration(uscc=factories.credit_code(), name="常州自登科技有限公司", township=factories.TOWN)
    register_enterprise(asked, actor=account, at=NOW)
    assert get(token, "enterprises/")["results"]
    assert is_in(session)


def test_a_token_is_not_made_whole_by_another_beginning() -> None:
    account = factories.account(Role.MONITOR)
    token = logged_in(account)
    header = token._credentials["HTTP_AUTHORIZATION"]
    own_change(account)
    account.refresh_from_db()
    begun_anew = f"Token {account.get_session_auth_hash()[:10]}{header.removeprefix('Token ')[10:]}"
    token.credentials(HTTP_AUTHORIZATION=begun_anew)
    assert not is_in(token)
