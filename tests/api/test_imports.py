"""The import bench over the API: handed in, looked at, confirmed, undone; every error by row and column."""

import csv
import io
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from certification.models import ImportFile, Job
from certification.tasks import run_job
from enterprises.models import Enterprise
from enterprises.roles import Role
from tests import factories

from .asking import V1, codes, get, hand_in, post
from .conftest import As

pytestmark = pytest.mark.django_db
HEADER = "uscc,name,township\n"
KEY = {"Idempotency-Key": "import-1"}


@pytest.fixture
def city(as_: As) -> APIClient:
    return as_(factories.account(Role.CITY_REVIEWER))


def rows(count: int) -> str:
    return "".join(f"{factories.credit_code()},常州试验{number}有限公司,320412100\n" for number in range(count))


def worked(client: APIClient, key: str) -> Any:
    """The import after its job was done."""
    run_job(str(ImportFile.objects.get(key=key).job_id))
    return get(client, f"imports/{key}/")


def handed_in(client: APIClient, content: str, **said: str) -> Any:
    answer = hand_in(client, HEADER + content, **said)
    assert answer.status_code == 202, answer.content.decode()
    assert answer["Location"] == f"/api/v1/imports/{answer.json()['id']}/"
    return worked(client, answer.json()["id"])


def test_a_table_goes_in_and_out_again(city: APIClient) -> None:
    file = handed_in(city, rows(3))
    assert (file["state"], file["dry_run"], file["rows"], file["new"], file["bad_rows"]) == ("checked", True, 3, 3, 0)
    assert file["job"]["state"] == "done"
    assert Enterprise.objects.count() == 0
    post(city, f"imports/{file['id']}/confirm/", {}, 202)
    file = worked(city, file["id"])
    assert (file["state"], Enterprise.objects.count()) == ("applied", 3)
    origins = get(city, f"imports/{file['id']}/rows/")["results"]
    assert [(row["line"], row["effect"]) for row in origins] == [(2, "new"), (3, "new"), (4, "new")]
    assert {row["ledger_number"] for row in origins} == set(range(file["first_ledger"], file["last_ledger"] + 1))
    sheet = get(city, f"imports/{file['id']}/closing/")
    assert (sheet["agrees"], sheet["is_compared"], sheet["total"]["on_record"]) == (True, True, 3)
    post(city, f"imports/{file['id']}/undo/", {}, 202)
    assert (worked(city, file["id"])["state"], Enterprise.objects.count()) == ("undone", 0)


def test_bad_rows_are_listed_and_come_back_as_a_file(city: APIClient) -> None:
    file = handed_in(city, rows(1) + "=1+1,常,320412100\n")
    assert (file["state"], file["bad_rows"], file["bad_cells"]) == ("checked", 1, 2)
    found = get(city, f"imports/{file['id']}/errors/")["results"]
    assert [(row["line"], row["column"], row["value"]) for row in found] == [
        (3, "统一社会信用代码", "=1+1"),
        (3, "企业名称", "常"),
    ]
    refused = post(city, f"imports/{file['id']}/confirm/", {}, 409)
    assert codes(refused) == {"bad_rows"}
    answer = city.get(f"{V1}/imports/{file['id']}/rejected/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox"
    table = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert table[0] == ["uscc", "name", "township", "原因"]
    assert table[1][:3] == ["'=1+1", "常", "320412100"]
    post(city, f"imports/{file['id']}/confirm/", {"skip_bad_rows": True}, 202)
    assert (worked(city, file["id"])["state"], Enterprise.objects.count()) == ("applied", 1)


def test_without_a_dry_run_a_sound_table_is_taken_at_once(city: APIClient) -> None:
    assert handed_in(city, rows(2), dry_run="false")["state"] == "applied"
    file = handed_in(city, rows(2) + "1,2,3\n", dry_run="false")
    assert (file["state"], [each["code"] for each in file["refusals"]]) == ("checked", ["bad_rows"])
    assert Enterprise.objects.count() == 2


def test_a_repeated_request_is_one_import(city: APIClient) -> None:
    content = HEADER + rows(2)

    def sent(text: str = content) -> Any:
        body = {"file": SimpleUploadedFile("a.csv", text.encode()), "kind": "enterprises"}
        return city.post(f"{V1}/imports/", body, format="multipart", headers=KEY)

    first, second, other = sent(), sent(), sent(content + rows(1))
    assert (first.status_code, second.status_code, other.status_code) == (202, 202, 409)
    assert second.json()["id"] == first.json()["id"]
    assert (ImportFile.objects.count(), Job.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("name", "content", "said", "status", "code"),
    [
        ("a.xlsm", "x", {}, 400, "file_type"),
        ("a.csv", "", {}, 400, "file_empty"),
        ("a.csv", "x", {"kind": "companies"}, 400, "invalid_choice"),
        ("a.csv", "x", {"dry_run": "perhaps"}, 400, "invalid"),
        ("a.csv", "x", {"more": "1"}, 400, "unknown_field"),
    ],
)
def test_what_cannot_be_is_refused(
    city: APIClient, name: str, content: str, said: dict[str, str], status: int, code: str
) -> None:
    answer = hand_in(city, content, name, **said)
    assert (answer.status_code, codes(answer.json())) == (status, {code})
    assert not ImportFile.objects.exists()


def test_a_table_that_is_too_large_is_413_before_it_is_read(city: APIClient) -> None:
    answer = city.post(
        f"{V1}/imports/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=settings.IMPORT_MAX_BYTES * 2,
    )
    assert answer.status_code == 413


def test_a_file_that_cannot_be_read_says_why(city: APIClient) -> None:
    answer = hand_in(city, "uscc,name,colour\n1,2,3\n")
    file = worked(city, answer.json()["id"])
    assert file["state"] == "unreadable"
    assert {each["code"] for each in file["refusals"]} == {"column_unknown", "column_missing"}
    post(city, f"imports/{file['id']}/confirm/", {}, 409)


def test_ties_are_named_when_undoing_is_not_possible(city: APIClient) -> None:
    file = handed_in(city, rows(2), dry_run="false")
    known = Enterprise.objects.order_by("id")[0]
    factories.draft(factories.applicant(known))
    post(city, f"imports/{file['id']}/undo/", {}, 202)
    file = worked(city, file["id"])
    assert (file["state"], file["refusals"][0]["code"]) == ("applied", "depended_on")
    ties = get(city, f"imports/{file['id']}/errors/")["results"]
    assert {(row["line"], row["value"], row["is_tie"]) for row in ties} == {(2, known.uscc, True)}


def test_the_auditor_looks_on(city: APIClient, as_: As) -> None:
    file = handed_in(city, rows(1))
    auditor = as_(factories.account(Role.AUDITOR))
    assert get(auditor, f"imports/{file['id']}/")["id"] == file["id"]
    assert hand_in(auditor, HEADER + rows(1)).status_code == 403
    post(auditor, f"imports/{file['id']}/confirm/", {}, 403)
