"""The exports of the API: the rows of the list, for those who see the list, and a job where they are many."""

from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict

from certification.exports import jobs
from certification.exports.jobs import queue_export
from certification.exports.listings import LISTINGS
from certification.exports.making import order
from certification.models import Job
from certification.tasks import discard_exports, run_job
from enterprises.models import Account, AuditEvent, EventKind
from enterprises.roles import Role
from tests import factories
from tests.api.asking import V1, client_of, codes, get
from tests.api.conftest import As
from tests.factories import FAR_TOWN, NOW, OTHER_TOWN, TOWN
from tests.scene import ORDER, Scene, make_scene

from .taking import FORMS, body, book, csv_rows, taken

pytestmark = pytest.mark.django_db
LISTED = {"enterprises": ("enterprises/", "uscc"), "applications": ("applications/", "number")}


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


@pytest.mark.parametrize("name", ORDER[1:])
@pytest.mark.parametrize("kind", LISTED)
def test_export_holds_the_rows_of_the_list(scene: Scene, kind: str, name: str) -> None:
    client, (path, key) = client_of(scene.callers[name]), LISTED[kind]
    listed = get(client, path, count="exact")
    for form in FORMS:
        rows = taken(client, kind, form)
        assert [row[key] for row in rows] == [row[key] for row in listed["results"]]
        assert len(rows) == listed["count"]


FILTERED = [
    ("enterprises", {"search": "试验"}),
    ("enterprises", {"reporting_unit": "liyang"}),
    ("enterprises", {"ordering": "-uscc", "township": TOWN, "is_high_tech": "false"}),
    ("enterprises", {"stage": "guanbiao.cultivation"}),
    ("enterprises", {"certified": "none", "innovation_tier": "none"}),
    ("applications", {"status": "submitted"}),
    ("applications", {"assigned_to_me": "true", "ordering": "id"}),
    ("applications", {"step": "township", "stage": "guanbiao.cultivation", "overdue": "false"}),
]


@pytest.mark.parametrize(("kind", "filters"), FILTERED)
def test_filters_and_order_are_those_of_the_list(as_: As, kind: str, filters: dict[str, str]) -> None:
    staff = factories.reviewers()
    factories.approved(factories.applicant(), staff)
    for town in (TOWN, OTHER_TOWN, FAR_TOWN):
        other = factories.applicant(factories.enterprise(township=town))
        factories.step(factories.filled(other), "submit", other)
    path, key = LISTED[kind]
    for client in map(as_, staff.values()):
        listed = get(client, path, **filters)["results"]
        assert [row[key] for row in taken(client, kind, **filters)] == [row[key] for row in listed]


BAD = [
    {"nothing": "1"},
    {"page_size": "50"},
    {"stage": "'; DROP TABLE"},
    {"search": "a\x00b"},
    {"reporting_unit": "%00"},
    {"search": "x" * 1000},
    {"ordering": "contact_phone"},
    {"is_high_tech": "maybe"},
]


@pytest.mark.parametrize("query", BAD)
@pytest.mark.parametrize("form", FORMS)
def test_bad_filter_is_named_and_nothing_is_made(as_: As, form: str, query: dict[str, str]) -> None:
    answer = as_(factories.account(Role.CITY_REVIEWER)).get(f"{V1}/exports/enterprises.{form}", query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == next(iter(query))
    assert not Job.objects.exists()


@pytest.mark.parametrize("path", ["audit/", "exports/audit.csv"])
def test_an_address_with_the_zone_of_a_link_is_none(as_: As, path: str) -> None:
    answer = as_(factories.account(Role.AUDITOR)).get(f"{V1}/{path}", {"address": "fe80::1%常州"})
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, ["address"])


@pytest.mark.parametrize("path", ["enterprises.pdf", "enterprises", "nothing.csv", "enterprises.csv/", "..%2fx.csv"])
def test_what_is_no_export_is_404(as_: As, path: str) -> None:
    assert as_(factories.account(Role.CITY_REVIEWER)).get(f"{V1}/exports/{path}").status_code == 404


def test_doubled_parameter_is_400(as_: As) -> None:
    client = as_(factories.account(Role.CITY_REVIEWER))
    assert client.get(f"{V1}/exports/enterprises.csv?stage=x&stage=y").status_code == 400


def test_file_says_what_it_is_and_nothing_of_what_is_inside(as_: As, settings: Any) -> None:
    factories.enterprise(name="常州星河有限公司")
    city = factories.account(Role.CITY_REVIEWER)
    answer = as_(city).get(f"{V1}/exports/enterprises.xlsx", {"search": "星河"})
    name = "%E8%BE%96%E5%86%85%E4%BC%81%E4%B8%9A-2026-11-20.xlsx"
    assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    notes = {row[0]: row[1] for row in book(body(answer)).worksheets[1].iter_rows(values_only=True)}
    assert notes["导出人"] == f"{city.username} · 市局审核员"
    assert (notes["行数"], notes["筛选条件"], notes["导出时间"]) == ("1", "search = 星河", "2026-11-20 10:00:00")
    assert "演示数据" not in notes
    settings.DEMO_DATA = True
    answer = as_(city).get(f"{V1}/exports/enterprises.xlsx")
    assert "-%E6%BC%94%E7%A4%BA%E6%95%B0%E6%8D%AE-2026" in answer["Content-Disposition"]
    assert "演示数据" in {row[0] for row in book(body(answer)).worksheets[1].iter_rows(values_only=True)}


def test_export_speaks_the_language_of_the_request(as_: As) -> None:
    client = as_(factories.account(Role.CITY_REVIEWER))
    factories.enterprise()
    answer = client.get(f"{V1}/exports/enterprises.csv", headers={"Accept-Language": "en"})
    header, row = csv_rows(body(answer))
    assert "Unified social credit code" in header
    assert "Wujin District" in row


def test_each_export_leaves_one_event(as_: As) -> None:
    factories.enterprise(name="常州星河有限公司")
    city = factories.account(Role.CITY_REVIEWER)
    taken(as_(city), "enterprises", search="星河", stage="guanbiao.cultivation")
    [event] = AuditEvent.objects.filter(kind=EventKind.EXPORTED)
    assert (event.account, event.path) == (city, f"{V1}/exports/enterprises.csv")
    assert event.detail == {
        "list": "enterprises",
        "format": "csv",
        "filters": ["search", "stage:guanbiao.cultivation"],
        "rows": 0,
    }


@pytest.fixture
def few(settings: Any) -> None:
    """A request waits for two rows at most."""
    settings.EXPORT_DIRECT_ROWS = 2


def long_list(rows: int = 3) -> Account:
    for _ in range(rows):
        factories.enterprise()
    return factories.account(Role.CITY_REVIEWER)


@pytest.mark.parametrize("form", FORMS)
def test_long_list_is_a_job_with_progress_and_a_file(few: None, as_: As, form: str) -> None:
    client = as_(long_list())
    answer = client.get(f"{V1}/exports/enterprises.{form}", {"ordering": "-id"})
    assert (answer.status_code, answer["Location"]) == (202, f"/api/v1/jobs/{answer.json()['job']}/")
    key = answer.json()["job"]
    assert codes(get(client, f"exports/files/{key}/", 409)) == {"export_not_done"}
    run_job(key)
    job = get(client, f"jobs/{key}/")
    assert (job["state"], job["done"], job["total"], job["result"]["rows"]) == ("done", 3, 3, 3)
    file = client.get(f"{V1}/exports/files/{key}/")
    content = body(file)
    assert len(content) == job["result"]["size"]
    assert ".".join(["2026-11-20", form]) in file["Content-Disposition"]
    rows = csv_rows(content) if form == "csv" else list(book(content).worksheets[0].values)
    listed = get(client, "enterprises/", ordering="-id")["results"]
    assert [row[0] for row in rows[1:]] == [row["uscc"] for row in listed]
    assert AuditEvent.objects.filter(kind=EventKind.EXPORTED, account=job_owner(key)).count() == 1


def job_owner(key: str) -> Account:
    owner = Job.objects.get(pk=key).owner
    assert owner is not None
    return owner


def queued(account: Account, kind: str = "enterprises", **filters: str) -> Job:
    given = QueryDict(mutable=True)
    given.update(filters)
    return queue_export(order(kind, "csv", given, account=account, at=NOW))


def test_asking_again_gives_the_job_that_is_under_way(few: None, as_: As) -> None:
    client = as_(long_list())
    first, again = (client.get(f"{V1}/exports/enterprises.csv").json()["job"] for _ in range(2))
    assert first == again
    assert client.get(f"{V1}/exports/enterprises.xlsx").json()["job"] != first


def test_one_account_has_few_exports_under_way(few: None, as_: As) -> None:
    client = as_(long_list())
    for code in ("id", "-id", "uscc"):
        assert client.get(f"{V1}/exports/enterprises.csv?ordering={code}").status_code == 202
    assert codes(get(client, "exports/enterprises.csv", 409, ordering="-uscc")) == {"exports_under_way"}
    assert Job.objects.count() == settings.EXPORT_JOBS_AT_ONCE


def test_file_is_its_owners_alone(few: None, as_: As) -> None:
    key = queued(long_list()).pk
    run_job(str(key))
    for role in (Role.CITY_REVIEWER, Role.AUDITOR):
        other = as_(factories.account(role))
        absent = other.get(f"{V1}/exports/files/00000000-0000-4000-8000-000000000000/")
        assert other.get(f"{V1}/exports/files/{key}/").content == absent.content
        assert absent.status_code == 404
    recount = factories.account(Role.PLAN_MANAGER)
    job = Job.objects.create(kind="recount", owner=recount, created_at=NOW)
    assert as_(recount).get(f"{V1}/exports/files/{job.pk}/").status_code == 404


def test_right_is_asked_again_at_the_download(few: None, as_: As) -> None:
    account = long_list()
    key = queued(account).pk
    run_job(str(key))
    Account.objects.filter(pk=account.pk).update(role=Role.MONITOR, scope_kind="unit", unit_id="liyang")
    moved = Account.objects.get(pk=account.pk)
    assert codes(get(client_of(moved), f"exports/files/{key}/", 403)) == {"scope_changed"}
    client = client_of(moved)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert client.get(f"{V1}/exports/files/{key}/").status_code == 401
    assert not AuditEvent.objects.filter(kind=EventKind.EXPORTED).exists()


def test_scope_changed_before_the_worker_came_leaves_no_file(as_: As) -> None:
    account = long_list()
    key = queued(account).pk
    Account.objects.filter(pk=account.pk).update(role=Role.MONITOR, scope_kind="unit", unit_id="liyang")
    run_job(str(key))
    job = Job.objects.get(pk=key)
    assert (job.state, job.result) == ("failed", None)
    assert not jobs.path_of(key).exists()


def test_full_disk_leaves_no_half_file(as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device", "/secret/place")

    key = queued(long_list()).pk
    monkeypatch.setattr("certification.exports.store.os.fsync", full)
    run_job(str(key))
    job = Job.objects.get(pk=key)
    assert (job.state, "/secret" in job.message) == ("failed", False)
    assert [path.name for path in jobs.path_of(key).parent.iterdir() if key.hex in path.name] == []


def test_files_go_when_their_time_is_over(as_: As, clock: Any) -> None:
    account = long_list()
    key = queued(account).pk
    run_job(str(key))
    assert discard_exports() == 0
    clock.move_to(NOW.replace(month=12))
    assert discard_exports() >= 0
    jobs.discard_old(at=NOW.replace(year=2100))
    assert not jobs.path_of(key).exists()
    assert codes(get(as_(account), f"exports/files/{key}/", 409)) == {"export_gone"}


def test_every_list_has_a_name_and_its_columns() -> None:
    for kind, listing in LISTINGS.items():
        assert kind == listing.kind
        names = [str(column.name) for column in listing.columns]
        assert len(set(names)) == len(names) > 1
        on_page = [column.code for column in listing.columns.on_page]
        assert on_page == [column.code for column in listing.columns if column.code in on_page]
