"""The audit trail: logins and refusals, one row each, and no way to change one."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from enterprises.models import Account, AuditEvent, EventKind
from enterprises.roles import Role
from enterprises.services.trail import note
from tests import factories as make
from tests.api.asking import client_of, get
from tests.pages.visiting import act, page, visitor, words

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def forgotten() -> None:
    cache.clear()


def trail(kind: EventKind) -> list[tuple[str | None, str, int | None]]:
    rows = AuditEvent.objects.filter(kind=kind).order_by("pk")
    return list(rows.values_list("account__username", "path", "status"))


def sign_in(client: Client, username: str, password: str = make.PASSWORD) -> None:
    client.post(LOGIN, {"username": username, "password": password}, REMOTE_ADDR="192.0.2.7")


def test_a_login_and_its_end_are_kept_with_role_and_address() -> None:
    person, client = make.account(Role.MONITOR), Client()
    sign_in(client, person.username)
    client.post("/accounts/logout/")
    assert trail(EventKind.LOGIN) == [(person.username, LOGIN, None)]
    assert trail(EventKind.LOGOUT) == [(person.username, "/accounts/logout/", None)]
    row = AuditEvent.objects.get(kind=EventKind.LOGIN)
    assert (row.role, row.address) == (Role.MONITOR, "192.0.2.7")


def test_a_token_is_a_login_too() -> None:
    person = make.account(Role.MONITOR)
    client = client_of(None)
    client.post("/api/v1/auth/token/", {"username": person.username, "password": make.PASSWORD}, format="json")
    client.post("/api/v1/auth/token/", {"username": person.username, "password": "wrong"}, format="json")
    assert trail(EventKind.LOGIN) == [(person.username, "/api/v1/auth/token/", None)]
    assert trail(EventKind.LOGIN_FAILED) == [(person.username, "/api/v1/auth/token/", None)]


@pytest.mark.parametrize("typed", ["My-Own-Passw0rd", "a\x00b", "x" * 500])
def test_a_name_that_nobody_has_is_not_kept(typed: str) -> None:
    sign_in(Client(), typed)
    row = AuditEvent.objects.filter(kind=EventKind.LOGIN_FAILED).last()
    assert row is None or row.account is None
    assert not any(typed[:64] in str(value) for each in AuditEvent.objects.values_list() for value in each)


def test_each_refusal_of_a_known_person_leaves_one_row_and_changes_nothing_else() -> None:
    applicant, other, staff = make.applicant(), make.applicant(), make.reviewers()
    row = make.step(make.filled(applicant), "submit", applicant)
    before = Account.objects.count(), row.version
    assert visitor(other).get(page(row)).status_code == 404
    assert visitor(applicant).get("/monitor/").status_code == 403
    assert act(visitor(staff["city"]), row, "accept").status_code >= 400
    get(client_of(other), f"applications/{row.number}/", 404)
    get(client_of(other), "ledger/", 403)
    kept = trail(EventKind.REFUSED)
    assert [(name, path) for name, path, _ in kept] == [
        (other.username, page(row)),
        (applicant.username, "/monitor/"),
        (staff["city"].username, page(row, "actions/")),
        (other.username, f"/api/v1/applications/{row.number}/"),
        (other.username, "/api/v1/ledger/"),
    ]
    assert [status for _, _, status in kept][:2] == [404, 403]
    row.refresh_from_db()
    assert (Account.objects.count(), row.version) == before


def test_what_goes_well_leaves_none_and_strangers_do_not_fill_the_trail() -> None:
    visitor(make.account(Role.MONITOR)).get("/monitor/")
    Client().get("/nothing-here/")
    for _ in range(20):
        client_of(None).get("/api/v1/enterprises/")
    assert trail(EventKind.REFUSED) == [(None, "/api/v1/enterprises/", 401)]


def test_the_database_refuses_to_change_or_delete_an_event() -> None:
    note(EventKind.LOGIN, request=None, account=make.account(Role.MONITOR), at=timezone.now())
    for statement in ("UPDATE enterprises_auditevent SET kind = 'logout'", "DELETE FROM enterprises_auditevent"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AuditEvent.objects.count() == 1


def test_a_request_is_answered_even_when_its_event_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(AuditEvent, "save", fail)
    assert visitor(make.applicant()).get("/monitor/").status_code == 403


def test_officers_look_for_events_by_kind_account_address_and_day() -> None:
    auditor, person = make.account(Role.AUDITOR), make.account(Role.MONITOR)
    now = timezone.now()
    for kind, days in ((EventKind.LOGIN, 0), (EventKind.LOGIN, 3), (EventKind.LOGOUT, 3)):
        note(kind, request=None, account=person, at=now - timedelta(days=days), path=f"/{kind}/{days}/")
    client = visitor(auditor)
    address = "/audit/?account=" + person.username
    today = timezone.localdate(now)
    assert "/login/0/" in words(client.get(f"{address}&kind=login"))
    assert "/logout/3/" not in words(client.get(f"{address}&kind=login"))
    said = words(client.get(f"{address}&until={today - timedelta(days=1)}"))
    assert "/login/3/" in said
    assert "/login/0/" not in said
    assert "没有符合条件的事项" in words(client.get(f"{address}&address=192.0.2.99"))
    found = get(client_of(auditor), "audit/", account=person.username, since=str(today))
    assert [row["path"] for row in found["results"]] == ["/login/0/"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("since=2026-02-30", "日期"),
        ("since=2026-02-02&until=2026-02-01", "早于"),
        ("address=here", "IP"),
        ("kind=x", ""),
    ],
)
def test_a_wrong_filter_is_named_and_shows_nothing(asked: str, said: str) -> None:
    answer = visitor(make.account(Role.SECURITY_ADMIN)).get(f"/audit/?{asked}")
    assert answer.status_code == 400
    assert said in words(answer)
    assert "请先更正查询条件" in words(answer)


def test_the_trail_turns_its_pages() -> None:
    person = make.account(Role.MONITOR)
    for number in range(120):
        note(EventKind.LOGIN, request=None, account=person, at=timezone.now(), path=f"/n{number:03}/")
    client = visitor(make.account(Role.AUDITOR))
    first = client.get(f"/audit/?account={person.username}")
    assert "/n119/" in words(first)
    assert "/n069/" not in words(first)
    second = client.get(f"/audit/?account={person.username}&after={first.context['page'].after}")
    assert "/n069/" in words(second)
    assert "/n070/" not in words(second)
    third = client.get(f"/audit/?account={person.username}&after={second.context['page'].after}")
    assert "/n000/" in words(third)
    assert not third.context["page"].after
    back = client.get(f"/audit/?account={person.username}&before={third.context['page'].before}")
    assert [row["path"] for row in back.context["page"].rows] == [row["path"] for row in second.context["page"].rows]


@pytest.mark.parametrize("role", [Role.CITY_REVIEWER, Role.SYSTEM_ADMIN, Role.MONITOR])
def test_nobody_else_reads_the_trail(role: str) -> None:
    assert visitor(make.account(role)).get("/audit/").status_code == 403


def test_the_trail_asks_the_same_few_questions_however_long(django_assert_max_num_queries) -> None:
    person, client = make.account(Role.MONITOR), visitor(make.account(Role.AUDITOR))
    for number in range(60):
        note(EventKind.LOGIN, request=None, account=person, at=timezone.now(), path=f"/{number}/")
    client.get("/audit/")
    with django_assert_max_num_queries(6):
        client.get(f"/audit/?since={date(2020, 1, 1)}")


@pytest.mark.parametrize("start", ["/api/v1/enterprises/", "/enterprises/"])
def test_a_refusal_is_kept_whatever_was_asked_for(start: str) -> None:
    """PostgreSQL takes no NUL: an address with one in it left nothing on the trail."""
    person, client = make.account(Role.MONITOR), Client()
    client.force_login(person)
    assert client.get(f"{start}%00a%0Ab/").status_code == 404
    assert trail(EventKind.REFUSED) == [(person.username, f"{start}?a?b/", 404)]
