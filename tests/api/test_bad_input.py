"""Hostile input to the API: a problem that names field, value and remedy in both languages; nothing is changed."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import URLPattern
from rest_framework.test import APIClient

from api.urls import v1
from certification.models import Application
from enterprises.models import Enterprise
from enterprises.roles import Role
from tests import factories
from tests.keeping import nothing_changes
from tests.scene import make_scene

from .asking import V1, client_of, codes, get, patch, post
from .conftest import As
from .test_scopes import address

pytestmark = pytest.mark.django_db
ENTERPRISES = f"{V1}/enterprises/"
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def city(as_: As) -> APIClient:
    factories.enterprise()
    return as_(factories.account(Role.CITY_REVIEWER))


def refused(client: APIClient, ask: Callable[[dict[str, str]], Any], status: int) -> dict[str, Any]:
    """The problem in Chinese; in English it is the same one, in English; neither leaves anything but its trace."""
    problems = []
    for language in ("zh-hans", "en"):
        with nothing_changes():
            answer = ask({"Accept-Language": language})
        assert answer.status_code == status, answer.content.decode()
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["Content-Language"] == language
        problems.append(answer.json())
    chinese, english = problems
    assert CHINESE.search(chinese["detail"])
    assert not CHINESE.search(english["title"])
    both = [[(reason["field"], reason["code"]) for reason in problem.get("errors", [])] for problem in problems]
    assert both[0] == both[1]
    return chinese


@pytest.mark.parametrize(
    ("query", "field", "shown"),
    [
        ("page_size=1e9", "page_size", "1e9"),
        ("page_size=1e400", "page_size", "1e400"),
        ("page_size=NaN", "page_size", "NaN"),
        ("page_size=50&page_size=50", "page_size", "50&50"),
        ("ordering=contact_phone", "ordering", "contact_phone"),
        ("ordering=-password", "ordering", "-password"),
        ("ordering=id,uscc", "ordering", "id,uscc"),
        ("search=%00", "search", "?"),
        ("search=" + "%25" * 10_000, "search", "%%"),
        ("search=" + "*" * 10_000, "search", "**"),
        ("search=" + "_" * 10_000, "search", "__"),
        ("search=%ED%A0%80%1B", "search", ""),
        ("stage=a&stage=b", "stage", "a&b"),
        ("count=EXACT", "count", "EXACT"),
        ("certified=valid%00", "certified", "valid?"),
        ("x" * 5_000 + "=1", "x" * 40, "x" * 40),
    ],
)
def test_hostile_queries_name_field_value_and_remedy(city: APIClient, query: str, field: str, shown: str) -> None:
    problem = refused(city, lambda headers: city.get(f"{ENTERPRISES}?{query}", headers=headers), 400)
    [reason] = problem["errors"]
    assert reason["field"] == field
    assert shown in reason["message"]
    assert len(reason["message"]) < 120
    assert CHINESE.search(reason["remedy"])


@pytest.mark.parametrize("text", ["'; DROP TABLE x; --", '"', "'" * 50, "%%", "__", "**", "\\", "%' OR '1'='1", "𠀀𠀁"])
def test_searches_are_taken_literally(city: APIClient, text: str) -> None:
    with nothing_changes(refused=0):
        assert get(city, "enterprises/", search=text, count="exact")["count"] == 0


def test_wildcards_do_not_widen_a_search(city: APIClient) -> None:
    name = Enterprise.objects.get().name
    assert get(city, "enterprises/", search=name[:4], count="exact")["count"] == 1
    for text in (f"{name[0]}%", f"{name[0]}_", f"{name[0]}*", "%" + name[1]):
        assert get(city, "enterprises/", search=text, count="exact")["count"] == 0


def cursor_of(client: APIClient, path: str, **query: str) -> str:
    found = get(client, path, page_size="1", **query)["next"]
    return str(re.search("cursor=([^&]+)", found)[1])


def test_cursors_of_another_list_order_or_hand_are_refused(as_: As) -> None:
    for _ in range(3):
        factories.step(factories.filled(of := factories.applicant()), "submit", of)
    city = as_(factories.account(Role.CITY_REVIEWER))
    own = cursor_of(city, "enterprises/", ordering="id")
    foreign = [
        cursor_of(city, "enterprises/", ordering="-id"),
        cursor_of(city, "enterprises/", ordering="uscc"),
        cursor_of(city, "applications/", ordering="id"),
        cursor_of(city, "divisions/"),
        own[:-1], own + "x", own.replace("%3A", "%00%3A"), "1", "a:b", ":" * 600,
    ]  # fmt: skip
    for cursor in foreign:
        path = f"{ENTERPRISES}?ordering=id&page_size=1&cursor={cursor}"
        problem = refused(city, lambda headers, path=path: city.get(path, headers=headers), 400)
        assert [reason["field"] for reason in problem["errors"]] == ["cursor"], cursor
    assert len(city.get(f"{ENTERPRISES}?ordering=id&page_size=1&cursor={own}").json()["results"]) == 1


def test_a_cursor_is_its_owners_alone(as_: As) -> None:
    for _ in range(3):
        factories.enterprise()
    cursor = cursor_of(as_(factories.account(Role.CITY_REVIEWER)), "enterprises/")
    for other in (factories.applicant(), factories.account(Role.CITY_REVIEWER)):
        client = as_(other)
        path = f"{ENTERPRISES}?page_size=1&cursor={cursor}"
        problem = refused(client, lambda headers, client=client, path=path: client.get(path, headers=headers), 400)
        assert [reason["field"] for reason in problem["errors"]] == ["cursor"]


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_another_method_is_refused_with_its_caller_on_the_trail(city: APIClient, method: str) -> None:
    refused(city, lambda headers: getattr(city, method)(ENTERPRISES, headers=headers), 405)


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b'{"name": "' + b"a" * 52_000_000 + b'"}', 413, None),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400, "json_too_deep"),
        (b"[" * 10_000 + b"]" * 10_000, 400, "json_too_deep"),
        (b'{"uscc": "a", "uscc": "b"}', 400, "json_duplicate_key"),
        (b'{"fields": {"a": {"b": 1, "b": 2}}}', 400, "json_duplicate_key"),
        (b'{"name": -Infinity}', 400, "json_invalid"),
        (b'{"name": 1e400}', 400, None),
        (b'{"name": "\xff\xfe"}', 400, "encoding"),
        (b'{"name": "\\udc00\\ud800"}', 400, "control_characters"),
        (b"\xef\xbb\xbf{", 400, "json_invalid"),
        (b"{}" * 2, 400, "json_invalid"),
    ],
    ids=["50 MB", "10 000 deep", "10 000 lists", "double key", "double key inside", "infinite", "1e400", "no UTF-8",
         "surrogates", "mark of order", "two bodies"],
)  # fmt: skip
def test_hostile_bodies_change_nothing(city: APIClient, content: bytes, status: int, code: str | None) -> None:
    def ask(headers: dict[str, str]) -> Any:
        return city.generic("POST", ENTERPRISES, content, content_type="application/json", headers=headers)

    problem = refused(city, ask, status)
    assert code is None or codes(problem) == {code}


@pytest.mark.parametrize(
    "value", [1e308, -1, 10**30, True, [], {}, "1e400", "NaN", "９", " ", "x" * 70_000, {"$ne": 1}, [[[]]], None, 0.1]
)
def test_values_of_a_form_are_refused_or_kept_as_they_are(as_: As, value: Any) -> None:
    row = factories.draft(applicant := factories.applicant())
    answer = as_(applicant).patch(f"{V1}/applications/{row.number}/", {"fields": {"employees": value}}, format="json")
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert [reason["field"] for reason in answer.json()["errors"]] == ["employees"]
        assert Application.objects.get().fields == {}
    else:
        assert Application.objects.get().fields in ({}, {"employees": 9}, {"employees": ""}, {"employees": value})


@pytest.mark.parametrize(
    "headers",
    [
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-HTTP-Method": "PATCH"},
        {"X-Method-Override": "PUT"},
    ],
)
def test_no_header_makes_another_method_of_a_request(city: APIClient, headers: dict[str, str]) -> None:
    with nothing_changes(refused=0):
        answer = city.get(ENTERPRISES, headers=headers)
    assert "results" in answer.json()
    with nothing_changes():
        assert codes(post(city, "enterprises/", {"_method": "DELETE"}, 400, **headers)) >= {"unknown_field"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": "zh" * 5_000},
        {"Accept-Language": ",".join(f"x{n};q=0.{n}" for n in range(3_000))},
        {"Accept-Language": "\xff;q=1e400"},
        {"Accept": "text/html;q=nan"},
        {"If-None-Match": '"' * 10_000},
        {"Range": "bytes=0-99999999999999999999"},
        {"X-Forwarded-For": "a" * 10_000},
        {"User-Agent": "\x00\x1b[31m"},
        {"Cookie": "sessionid=" + "a" * 10_000},
    ],
)
def test_junk_in_headers_is_ignored(city: APIClient, headers: dict[str, str]) -> None:
    with nothing_changes(refused=0):
        assert city.get(ENTERPRISES, headers=headers).status_code == 200


@pytest.mark.parametrize("key", ["k" * 10_000, "a\x00b", "a\x1bb", "a\tb", "é"])
def test_hostile_idempotency_keys_are_refused(city: APIClient, key: str) -> None:
    def ask(headers: dict[str, str]) -> Any:
        return city.post(ENTERPRISES, {}, format="json", headers={**headers, "Idempotency-Key": key})

    problem = refused(city, ask, 400)
    assert [(reason["field"], reason["code"]) for reason in problem["errors"]] == [("Idempotency-Key", "key_invalid")]


@pytest.mark.parametrize("token", ["Token", "Token ", "Token a b", "Token " + "a" * 10_000, "Token \x00", "Bearer x"])
def test_junk_for_a_token_is_401(token: str) -> None:
    answer = APIClient().get(ENTERPRISES, headers={"Authorization": token})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_two_edits_at_once_are_one(as_: As) -> None:
    applicant = factories.applicant()
    client, path = as_(applicant), f"enterprises/{applicant.enterprise.uscc}/"
    tag = client.get(f"{V1}/{path}")["ETag"]
    patch(client, path, {"industry": "C3979"}, **{"If-Match": tag})
    with nothing_changes():
        patch(client, path, {"industry": "C3980"}, 412, **{"If-Match": tag})


@pytest.mark.parametrize(
    "path",
    [
        "enterprises/../../admin/", "enterprises/%2e%2e/%2e%2e/", "enterprises//", "enterprises/%252e/", "%0d%0aX: y/",
        "enterprises/91350100M000100Y43%00/", "enterprises/91350100M000100Y43%0a/", "evidence/%F0%9F%92%A9/",
        "applications/SQ2026000001;a=b/", "applications/SQ２０２６０００００１/", "totals/" + "a" * 5_000 + "/series/",
        "exports/enterprises.csv%00.xlsx", "exports/../enterprises.csv", "exports/enterprises.pdf",
    ],
)  # fmt: skip
def test_tricks_with_paths_lead_nowhere(city: APIClient, path: str) -> None:
    problem = refused(city, lambda headers: city.get(f"{V1}/{path}", headers=headers), 404)
    assert "errors" not in problem


QUESTIONS = ("verify/",)  # any file may be handed in, and is told what it is


def writing() -> list[tuple[str, str]]:
    found = []
    for pattern in v1:
        assert isinstance(pattern, URLPattern)
        found += [(method, str(pattern.pattern)) for method in pattern.callback.cls.operations if method != "GET"]
    return found


@pytest.mark.parametrize(("method", "pattern"), writing())
def test_every_writing_address_survives_every_body(method: str, pattern: str) -> None:
    """As everyone whom it lets in: wrong kinds, wrong shapes, broken files; never a 5xx, nothing changed."""
    scene = make_scene()
    bodies = [
        (b"", "application/json"), (b"\x00", "application/json"), (b"[[]]", "application/json"),
        (json.dumps({"a" * 9: "b" * 9}).encode(), "application/json"), (b"<a/>", "application/xml"),
        (b"a=1", "application/x-www-form-urlencoded"), (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../a\x00.pdf"\r\n\r\nMZ\r\n--x--',
         "multipart/form-data; boundary=x"), (b"{}", "application/json; charset=utf-7"), (b"{}", "\xff/\xfe"),
    ]  # fmt: skip
    if pattern in ("auth/logout/", "totals/recount/") or method == "DELETE" or "verif" in pattern:
        bodies = [body for body in bodies if body[0] not in (b"", b"{}")]
    for name in ("own", "town", "city", "manager", "auditor"):
        client = client_of(scene.callers[name])
        for content, kind in bodies:
            answer = client.generic(method, address(scene, pattern), content, content_type=kind)
            assert answer.status_code < 500, (name, content, kind)
            is_answered = method == "DELETE" or content == b"" or pattern in QUESTIONS
            assert answer.status_code >= 400 or is_answered, (name, content, kind)
