"""Logging in, staying within limits, logging out; browsers and their CSRF token."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from knox.models import AuthToken
from rest_framework.test import APIClient

from certification.models import Job
from enterprises.roles import Role
from tests import factories
from tests.devices import with_device
from tests.factories import NOW, PASSWORD

from .asking import V1, codes, get, post
from .conftest import As

pytestmark = pytest.mark.django_db
TOKEN = f"{V1}/auth/token/"


def test_token_is_given_for_a_password_and_kept_as_a_digest(stranger: APIClient) -> None:
    account = factories.applicant()
    given = post(stranger, "auth/token/", {"username": account.username, "password": PASSWORD}, 200)
    assert given["expires_at"] == "2026-11-20T20:00:00+08:00"
    row = AuthToken.objects.get(user=account)
    assert given["token"] not in (row.digest, row.token_key)
    account.refresh_from_db()
    assert account.last_login == NOW


@pytest.mark.parametrize("extra", [{"otp": "123456"}, {}])
def test_token_form_is_checked(stranger: APIClient, extra: dict[str, str]) -> None:
    account = factories.applicant()
    body = {"username": account.username, "password": PASSWORD} | extra
    post(stranger, "auth/token/", body, 200)
    post(stranger, "auth/token/", body | {"role": "city_reviewer"}, 400)
    assert codes(post(stranger, "auth/token/", {}, 400)) == {"required"}


def test_unknown_and_known_accounts_get_the_same_refusal(stranger: APIClient) -> None:
    account = factories.applicant()
    inactive = factories.applicant()
    inactive.is_active = False
    inactive.save()
    known = stranger.post(TOKEN, {"username": account.username, "password": "wrong"}, format="json")
    unknown = stranger.post(TOKEN, {"username": "nobody", "password": "wrong"}, format="json")
    closed = stranger.post(TOKEN, {"username": inactive.username, "password": PASSWORD}, format="json")
    assert known.status_code == unknown.status_code == closed.status_code == 401
    assert known.content == unknown.content == closed.content
    assert known["WWW-Authenticate"] == "Token"


def test_five_failures_lock_the_account_for_fifteen_minutes(stranger: APIClient, clock: time_machine.Traveller) -> None:
    account = factories.applicant()
    wrong = {"username": account.username, "password": "wrong"}
    statuses = [stranger.post(TOKEN, wrong, format="json").status_code for _ in range(5)]
    assert statuses == [401, 401, 401, 401, 429]
    right = {"username": account.username, "password": PASSWORD}
    locked = stranger.post(TOKEN, right, format="json")
    assert locked.status_code == 429
    assert locked["Retry-After"] == "900"
    assert locked["Content-Type"] == "application/problem+json"
    clock.move_to(NOW + timedelta(minutes=16))
    assert stranger.post(TOKEN, right, format="json").status_code == 200


def test_many_tries_from_one_address_are_throttled_before_any_hashing(
    stranger: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses = [
        stranger.post(TOKEN, {"username": f"nobody-{n}", "password": "wrong"}, format="json").status_code
        for n in range(60)
    ]
    assert set(statuses) == {401}
    monkeypatch.setattr("api.tokens.authenticate", lambda *args, **kwargs: pytest.fail("a password was looked at"))
    throttled = stranger.post(TOKEN, {"username": "nobody", "password": "wrong"}, format="json")
    assert throttled.status_code == 429
    assert 1 <= int(throttled["Retry-After"]) <= 60


def test_account_that_must_change_its_password_gets_no_token(stranger: APIClient) -> None:
    account = factories.applicant()
    account.must_change_password = True
    account.save()
    problem = post(stranger, "auth/token/", {"username": account.username, "password": PASSWORD}, 403)
    assert codes(problem) == {"password_change_required"}


def test_oldest_token_goes_beyond_the_limit(stranger: APIClient, clock: time_machine.Traveller) -> None:
    account = factories.applicant()
    limit = settings.REST_KNOX["TOKEN_LIMIT_PER_USER"]
    for minute in range(limit + 3):
        clock.move_to(NOW + timedelta(minutes=minute))
        post(stranger, "auth/token/", {"username": account.username, "password": PASSWORD}, 200)
    assert AuthToken.objects.filter(user=account).count() == limit


@pytest.mark.parametrize(
    "header", ["Token nonsense", "Token", "Token a b", "Token \xff\xfe", "Token " + "a" * 9000, "Token %00", "Token -"]
)
def test_wrong_tokens_are_401(stranger: APIClient, header: str) -> None:
    stranger.credentials(HTTP_AUTHORIZATION=header)
    answer = stranger.get(f"{V1}/enterprises/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("header", ["", "Bearer abc", "Basic abc"])
def test_without_a_token_private_addresses_are_401(stranger: APIClient, header: str) -> None:
    stranger.credentials(HTTP_AUTHORIZATION=header)
    assert get(stranger, "enterprises/", 401)["detail"] == "请先登录，或提供访问令牌"


def test_token_expires(as_: As, clock: time_machine.Traveller) -> None:
    client = as_(factories.applicant())
    get(client, "enterprises/")
    clock.move_to(NOW + timedelta(hours=10, seconds=1))
    get(client, "enterprises/", 401)


def test_token_of_a_closed_account_is_401(as_: As) -> None:
    account = factories.applicant()
    client = as_(account)
    account.is_active = False
    account.save()
    get(client, "enterprises/", 401)


def test_logout_ends_the_token_at_once(as_: As) -> None:
    client = as_(factories.applicant())
    post(client, "auth/logout/", {}, 204)
    get(client, "enterprises/", 401)


def browser(role: str) -> APIClient:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(factories.account(role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_browser_session_reads_and_writes_with_its_csrf_token() -> None:
    client = browser(Role.PLAN_MANAGER)
    get(client, "enterprises/")
    refused = post(client, "totals/recount/", {}, 403)
    assert "CSRF" in refused["detail"]
    assert not Job.objects.exists()
    client.cookies["csrftoken"] = "a" * 32
    post(client, "totals/recount/", {}, 202, **{"X-CSRFToken": "a" * 32})
    assert Job.objects.count() == 1


def test_browser_session_logs_out() -> None:
    client = browser(Role.MONITOR)
    client.cookies["csrftoken"] = "a" * 32
    post(client, "auth/logout/", {}, 204, **{"X-CSRFToken": "a" * 32})
    get(client, "enterprises/", 401)


def test_answers_are_kept_by_no_cache(as_: As) -> None:
    answer = as_(factories.applicant()).get(f"{V1}/enterprises/")
    assert answer["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answer


def test_token_needs_the_second_step_where_one_is_set_up(stranger: APIClient, clock: time_machine.Traveller) -> None:
    account = factories.account("monitor")
    _secret, recovery = with_device(account)
    given = {"username": account.username, "password": PASSWORD}
    assert codes(post(stranger, "auth/token/", given, 401)) == {"otp_required"}
    assert codes(post(stranger, "auth/token/", given | {"otp": "nonsense"}, 401)) == {"wrong_code"}
    post(stranger, "auth/token/", given | {"otp": recovery[0]}, 200)
    assert codes(post(stranger, "auth/token/", given | {"otp": recovery[0]}, 401)) == {"wrong_code"}


def test_staff_without_a_device_get_no_token_where_it_is_required(stranger: APIClient, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    account = factories.account("monitor")
    given = {"username": account.username, "password": PASSWORD}
    assert codes(post(stranger, "auth/token/", given, 403)) == {"second_factor_required"}
