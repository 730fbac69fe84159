"""Headers on every answer, the length of a session, the language of a page."""

from datetime import UTC, datetime, timedelta

import pytest
import structlog
import time_machine
from django.test import Client

from enterprises.models import Account
from enterprises.roles import Role, ScopeKind

pytestmark = [pytest.mark.urls("tests.registry.urls"), pytest.mark.django_db]
MORNING = datetime(2016, 3, 1, 9, 0, tzinfo=UTC)
PATHS = {
    "/": 200,
    "/test/": 200,
    "/absent": 404,
    "/test/forbidden": 403,
    "/test/broken": 500,
    "/test/post-only": 405,
    "/static/vendor/bootstrap/css/bootstrap.min.css": 200,
    "/api/v1/absent/": 404,
    "/admin/": 302,
}


def signed_in(role: str, scope: str) -> Client:
    account = Account.objects.create_user("someone", "a-long-password", role=role, scope_kind=scope)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def applicant() -> Client:
    return signed_in(Role.APPLICANT, ScopeKind.NONE)


@pytest.fixture
def reviewer() -> Client:
    return signed_in(Role.CITY_REVIEWER, ScopeKind.CITY)


def is_signed_in(client: Client) -> bool:
    return client.get("/test/").content.decode().startswith("someone")


@pytest.mark.parametrize(("path", "status"), PATHS.items())
def test_every_answer_carries_the_browser_headers(path: str, status: int) -> None:
    response = Client(raise_request_exception=False).get(path)
    assert response.status_code == status
    policy = response.headers["Content-Security-Policy"]
    for rule in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in response.headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/enterprises/%00/", "/test/%0a", "/api/v1/enterprises/%00/"])
def test_there_is_nothing_at_an_address_with_control_characters(path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 404
    assert "Content-Security-Policy" in response.headers


def test_a_foreign_host_is_refused_with_the_same_headers() -> None:
    response = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize(("minutes", "stays"), [(14, True), (16, False), (40, False)])
def test_staff_session_ends_when_idle_15_minutes(reviewer: Client, minutes: int, stays: bool) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        assert is_signed_in(reviewer)
        clock.shift(timedelta(minutes=minutes))
        assert is_signed_in(reviewer) is stays


@pytest.mark.parametrize(("minutes", "stays"), [(16, True), (29, True), (31, False)])
def test_enterprise_session_ends_when_idle_30_minutes(applicant: Client, minutes: int, stays: bool) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        assert is_signed_in(applicant)
        clock.shift(timedelta(minutes=minutes))
        assert is_signed_in(applicant) is stays


def test_a_busy_session_ends_after_8_hours_all_the_same(reviewer: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        for _ in range(48):
            assert is_signed_in(reviewer)
            clock.shift(timedelta(minutes=10))
        clock.shift(timedelta(seconds=1))
        assert not is_signed_in(reviewer)


def test_an_ended_session_cannot_be_used_again(reviewer: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        assert is_signed_in(reviewer)
        cookie = reviewer.cookies["sessionid"].value
        clock.shift(timedelta(minutes=16))
        assert not is_signed_in(reviewer)
        thief = Client()
        thief.cookies["sessionid"] = cookie
        assert not is_signed_in(thief)


def test_what_a_signed_in_person_sees_is_kept_by_no_cache(reviewer: Client) -> None:
    assert "no-store" in reviewer.get("/test/").headers["Cache-Control"]
    assert "no-store" not in Client().get("/test/").headers.get("Cache-Control", "")


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP", "True-Client-IP"])
def test_the_log_has_the_address_that_the_server_saw(name: str) -> None:
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        Client(REMOTE_ADDR="192.0.2.7").get("/test/", headers={name: "198.51.100.9"})
    told = [line["ip"] for line in lines if line["event"] in ("request_started", "request_finished")]
    assert told == ["192.0.2.7", "192.0.2.7"]


def test_an_address_that_is_none_is_not_logged_as_one() -> None:
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        Client(REMOTE_ADDR="unix:").get("/test/")
    assert {line["ip"] for line in lines if line["event"].startswith("request_")} == {None}


def test_language_is_chinese_whatever_the_browser_prefers() -> None:
    response = Client().get("/test/", headers={"accept-language": "en-US,en;q=0.9"})
    assert "zh-hans 是" in response.content.decode()
    assert response.headers["Content-Language"] == "zh-hans"


@pytest.mark.parametrize(("chosen", "shown"), [("en", "en Yes"), ("zh-hans", "zh-hans 是"), ("xx", "zh-hans 是")])
def test_language_is_the_one_chosen(chosen: str, shown: str) -> None:
    client = Client()
    client.cookies["django_language"] = chosen
    assert shown in client.get("/test/").content.decode()


@pytest.mark.parametrize(
    ("preferred", "language"),
    [
        ("en", "en"),
        ("en-GB,en;q=0.9,zh;q=0.5", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("de", "zh-hans"),
        ("", "zh-hans"),
        (";;;q=,x" * 200, "zh-hans"),
    ],
)
def test_the_api_speaks_the_language_that_the_request_accepts(preferred: str, language: str) -> None:
    response = Client().get("/api/v1/absent/", headers={"accept-language": preferred})
    assert response.headers["Content-Language"] == language
    assert {"Cookie", "Accept-Language"} <= set(response.headers["Vary"].split(", "))
    assert (response.json()["title"] == "未找到") is (language == "zh-hans")


def test_a_language_chosen_on_the_pages_is_the_api_s_too() -> None:
    client = Client()
    client.cookies["django_language"] = "en"
    response = client.get("/api/v1/absent/", headers={"accept-language": "zh-CN"})
    assert response.headers["Content-Language"] == "en"
