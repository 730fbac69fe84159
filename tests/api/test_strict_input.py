"""Bad input is answered with what is wrong, never with a 500."""

import json
from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from enterprises.models import Enterprise
from enterprises.roles import Role
from tests import factories
from tests.factories import TOWN

from .asking import V1, codes, get, post, upload
from .conftest import As

pytestmark = pytest.mark.django_db
ENTERPRISES = f"{V1}/enterprises/"
Check = Callable[[APIClient], None]


@pytest.fixture
def city(as_: As) -> APIClient:
    client = as_(factories.account(Role.CITY_REVIEWER))
    client.raise_request_exception = True
    return client


def raw(client: APIClient, content: bytes, content_type: str = "application/json") -> tuple[int, dict]:
    answer = client.generic("POST", ENTERPRISES, content, content_type=content_type)
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "json_invalid"),
        (b"nonsense", "json_invalid"),
        (b'{"a": NaN}', "json_invalid"),
        (b'{"a": Infinity}', "json_invalid"),
        (b'{"a": ' + b"9" * 5000 + b"}", "json_invalid"),
        (b'{"name": "a", "name": "b"}', "json_duplicate_key"),
        (b'{"name": "a\\u0000b"}', "control_characters"),
        (b'{"a\\u0000b": 1}', "control_characters"),
        (b'{"name": "\\ud800"}', "control_characters"),
        (b'{"name": "\\u001b[31m"}', "control_characters"),
        (b'{"a":' * 21 + b"1" + b"}" * 21, "json_too_deep"),
        (b"[" * 100_000, "json_too_deep"),
        (b"[" * 21 + b"]" * 21, "json_too_deep"),
        ('{"name": "名"}'.encode("gb18030"), "encoding"),
        (b"[]", "invalid"),
        (b'"text"', "invalid"),
        (b"null", "null"),
        (b"", "required"),
    ],
)
def test_malformed_json_is_400(city: APIClient, content: bytes, code: str) -> None:
    status, problem = raw(city, content)
    assert status == 400
    assert codes(problem) == {code}
    assert not Enterprise.objects.exists()


def test_twenty_levels_of_json_are_read(city: APIClient) -> None:
    status, problem = raw(city, b'{"a":' * 20 + b"1" + b"}" * 20)
    assert (status, codes(problem)) == (400, {"unknown_field"})


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "image/png"])
def test_other_content_types_are_415(city: APIClient, kind: str) -> None:
    status, problem = raw(city, b"{}", kind)
    assert status == 415
    assert kind in problem["detail"]


def test_json_in_another_charset_is_415(city: APIClient) -> None:
    assert raw(city, b"{}", "application/json; charset=gbk")[0] == 415


def test_json_for_an_upload_is_415(as_: As) -> None:
    applicant = factories.applicant()
    number = factories.draft(applicant).number
    post(as_(applicant), f"applications/{number}/evidence/", {"requirement": "x"}, 415)


def test_body_beyond_two_megabytes_is_413(city: APIClient) -> None:
    status, _ = raw(city, json.dumps({"name": "a" * 2_200_000}).encode())
    assert status == 413


def test_upload_beyond_twenty_megabytes_is_413(as_: As) -> None:
    applicant = factories.applicant()
    number = factories.draft(applicant).number
    client = as_(applicant)
    assert upload(client, number, "commitment_letter", b"%PDF-" + b"x" * 20 * 1024 * 1024).status_code == 413
    assert upload(client, number, "commitment_letter", b"%PDF-" + b"x" * 25 * 1024 * 1024).status_code == 413


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.pdf", b"", "file_empty"),
        ("程序.exe", b"MZ", "file_type"),
        ("改名.pdf", b"MZ not a pdf", "file_content"),
        ("改名.png", b"%PDF-1.4", "file_content"),
    ],
)
def test_wrong_files_are_400_and_leave_nothing(as_: As, name: str, content: bytes, code: str) -> None:
    applicant = factories.applicant()
    application = factories.draft(applicant)
    answer = upload(as_(applicant), application.number, "commitment_letter", content, name)
    assert answer.status_code == 400
    assert codes(answer.json()) == {code}
    assert not application.evidence.exists()


def test_multipart_that_breaks_off_is_400(as_: As) -> None:
    applicant = factories.applicant()
    number = factories.draft(applicant).number
    answer = as_(applicant).generic(
        "POST", f"{V1}/applications/{number}/evidence/", b"--x\r\nbroken", content_type="multipart/form-data"
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page_size=1e9", "page_size"),
        ("page_size=0", "page_size"),
        ("page_size=-1", "page_size"),
        ("page_size=201", "page_size"),
        ("page_size=99999999999999999999999", "page_size"),
        ("page_size=%EF%BC%95", "page_size"),
        ("cursor=abc", "cursor"),
        ("cursor=" + "a" * 700, "cursor"),
        ("ordering=contact_phone", "ordering"),
        ("search=%00", "search"),
        ("search=" + "a" * 200, "search"),
        ("search=a&search=b", "search"),
        ("is_high_tech=maybe", "is_high_tech"),
        ("stage=nonsense", "stage"),
        ("certified=perhaps", "certified"),
        ("reporting_unit='; DROP TABLE", "reporting_unit"),
        ("reporting_unit=%00", "reporting_unit"),
        ("count=all", "count"),
        ("no_such=1", "no_such"),
        ("a%00b=1", "a?b"),
        ("format=xml", "format"),
    ],
)
def test_wrong_query_parameters_are_400_and_named(city: APIClient, query: str, field: str) -> None:
    answer = city.get(f"{ENTERPRISES}?{query}")
    assert answer.status_code == 400
    [reason] = answer.json()["errors"]
    assert reason["field"] == field
    assert reason["remedy"]


def test_every_wrong_parameter_is_named_at_once(city: APIClient) -> None:
    problem = get(city, "enterprises/", 400, page_size="0", is_high_tech="x", other="1")
    assert {reason["field"] for reason in problem["errors"]} == {"page_size", "is_high_tech", "other"}


def test_search_of_a_nul_or_short_fragment_finds_nothing_or_is_400(city: APIClient) -> None:
    factories.enterprise()
    assert get(city, "enterprises/", search="常")["results"] == []
    get(city, "enterprises/", 400, search="常\0州")


def test_unknown_keys_of_a_body_are_400(city: APIClient) -> None:
    body = {
        "uscc": factories.credit_code(),
        "name": "常州星河有限公司",
        "township": TOWN,
        "is_demo": True,
        "version": 9,
    }
    problem = post(city, "enterprises/", body, 400)
    assert {(reason["field"], reason["code"]) for reason in problem["errors"]} == {
        ("is_demo", "unknown_field"),
        ("version", "unknown_field"),
    }


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"uscc": "91350100M000100Y44"}, "uscc", "uscc_checksum"),
        ({"uscc": "91350100M000100Y4Z"}, "uscc", "uscc_characters"),
        ({"uscc": "91350100M000100Y4"}, "uscc", "uscc_length"),
        ({"uscc": "91350100M000100YO3"}, "uscc", "uscc_characters"),
        ({"uscc": 91350100}, "uscc", "invalid"),
        ({"has_rd_institution": "true"}, "has_rd_institution", "invalid"),
        ({"has_rd_institution": 1}, "has_rd_institution", "invalid"),
        ({"uscc": None}, "uscc", "null"),
        ({"uscc": ["a"]}, "uscc", "invalid"),
        ({"name": ""}, "name", "blank"),
        ({"name": "星" * 121}, "name", "max_length"),
        ({"township": "999999999"}, "township", "unknown_division"),
        ({"township": "320405"}, "township", "division_ended"),
        ({"established_on": "2030-01-01"}, "established_on", "established_in_future"),
        ({"established_on": "2020-02-30"}, "established_on", "invalid"),
        ({"innovation_tier": "gold"}, "innovation_tier", "invalid_choice"),
        ({"industry": "C123456"}, "industry", "max_length"),
    ],
)
def test_wrong_registration_names_the_field(city: APIClient, changes: dict, field: str, code: str) -> None:
    body = {"uscc": "91350100M000100Y43", "name": "常州星河有限公司", "township": TOWN} | changes
    problem = post(city, "enterprises/", body, 400)
    assert [(reason["field"], reason["code"]) for reason in problem["errors"]] == [(field, code)]
    assert not Enterprise.objects.exists()


def test_full_width_and_lower_case_codes_are_the_same_enterprise(city: APIClient) -> None:
    body = {"uscc": "９１３５０１００ｍ０００１００ｙ４３", "name": "常州星河有限公司", "township": TOWN}
    assert post(city, "enterprises/", body)["uscc"] == "91350100M000100Y43"
    problem = post(city, "enterprises/", body | {"uscc": "91350100m000100y43"}, 409)
    assert codes(problem) == {"enterprise_exists"}


def test_checksum_is_overridden_by_a_reviewer_with_a_reason(city: APIClient) -> None:
    body = {"uscc": "91350100M000100Y44", "name": "常州星河有限公司", "township": TOWN}
    made = post(city, "enterprises/", body | {"uscc_override_reason": "营业执照原件核对无误"})
    assert made["uscc_override_reason"] == "营业执照原件核对无误"


@pytest.mark.parametrize(
    "path",
    [
        "nowhere/",
        "enterprises/abc/",
        "enterprises/91350100m000100y43/",
        "enterprises/%00/",
        "applications/SQ1/",
        "evidence/not-a-uuid/",
        "programmes/nonsense/",
        "plans/99th/indicators/",
        "totals/nonsense/series/",
        "jobs/00000000-0000-0000-0000-000000000000/",
    ],
)
def test_unknown_addresses_are_404_problems(city: APIClient, path: str) -> None:
    answer = city.get(f"{V1}/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "您要找的内容不存在，或不在您的权限范围内"


def test_address_without_its_last_slash_leads_to_it(stranger: APIClient) -> None:
    answer = stranger.get(f"{V1}/plans?x=1")
    assert (answer.status_code, answer["Location"]) == (301, f"{V1}/plans/?x=1")
    assert stranger.post(f"{V1}/auth/token").status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_405_with_the_allowed_ones(city: APIClient, method: str) -> None:
    answer = getattr(city, method)(ENTERPRISES)
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Allow"] == "GET, HEAD, POST"


def test_head_answers_as_get_without_a_body(city: APIClient) -> None:
    answer = city.head(ENTERPRISES)
    assert (answer.status_code, answer.content) == (200, b"")
