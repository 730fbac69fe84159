"""Third-party certificates over the API: the same services, the same refusals, files handed back as they came."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from certification.models import Achievement
from enterprises.roles import Role
from tests import factories as make

from .asking import V1, codes, get, post
from .conftest import As

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(as_: As) -> APIClient:
    return as_(make.account(Role.CITY_REVIEWER))


def stated(**said: str) -> dict[str, str]:
    there, by = make.enterprise(), make.body()
    fixed = {"number": "CERT-000001", "enterprise": there.uscc, "holder": there.name, "body": by.pk}
    return {**make.CERTIFICATE, **fixed, **said}


def test_a_certificate_is_recorded_suspended_restored_and_renewed(city: APIClient) -> None:
    made = post(city, "certificates/", said := stated())
    assert (made["standing"], made["surveillance_due_on"], made["attention"]) == ("valid", "2026-01-10", ["overdue"])
    path = f"certificates/{made['number']}/"
    for kind, on, standing in (("suspend", "2025-06-01", "suspended"), ("restore", "2025-07-01", "valid")):
        after = post(city, f"{path}events/", {"kind": kind, "on": on, "reason": "认证机构通知"})
        assert after["standing"] == standing
    following = {name: value for name, value in said.items() if name != "enterprise"}
    following |= {
        "number": "CERT-000002",
        "applied_on": "2026-09-01",
        "issued_on": "2026-11-01",
        "expires_on": "2029-10-31",
    }
    new = post(city, f"{path}events/", {"kind": "renew", "reason": "再认证决定", "certificate": following})
    assert (new["number"], new["replaces"], new["standing"]) == ("CERT-000002", made["number"], "valid")
    assert get(city, path)["standing"] == "superseded"
    assert [row["number"] for row in get(city, "certificates/", standing="valid")["results"]] == ["CERT-000002"]
    assert get(city, "certificates/", attention="overdue")["results"] == []


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"edition": "GB/T 29490-2013", "applied_on": "2025-01-01"}, "edition", "edition_closed"),
        ({"expires_on": "2025-01-09"}, "expires_on", "expires_before_issue"),
        ({"number": "证书"}, "number", "number_form"),
        ({"system_since": "2025-01-01"}, "issued_on", "system_too_young"),
    ],
)
def test_what_cannot_be_names_its_field(city: APIClient, said: dict[str, str], field: str, code: str) -> None:
    problem = post(city, "certificates/", stated(**said), 400)
    assert (problem["errors"][0]["field"], codes(problem)) == (field, {code})
    assert not Achievement.objects.exists()


def test_events_that_cannot_be_are_409_or_400(city: APIClient) -> None:
    path = f"certificates/{make.certificate().number}/events/"
    assert codes(post(city, path, {"kind": "restore", "on": "2025-06-01", "reason": "x"}, 409)) == {"not_possible"}
    assert codes(post(city, path, {"kind": "withdraw", "on": "2035-06-01", "reason": "x"}, 400)) == {"event_day"}
    post(city, path, {"kind": "explode", "on": "2025-06-01", "reason": "x"}, 400)
    post(city, path, {"kind": "renew", "reason": "x"}, 400)
    post(city, path, {"kind": "suspend", "reason": "x"}, 400)


def test_scan_and_screenshot_come_back_as_they_were_sent(city: APIClient) -> None:
    number = make.certificate().number
    path = f"{V1}/certificates/{number}/"
    assert city.get(f"{path}pdf/").status_code == 404
    sent = {"file": SimpleUploadedFile("证书.pdf", make.PDF)}
    assert city.post(f"{path}pdf/", sent, format="multipart").status_code == 201
    assert city.get(f"{path}pdf/").content == make.PDF
    shot = {"file": SimpleUploadedFile("查询.pdf", make.PDF), "result": "differs", "note": "有效期不同"}
    answer = city.post(f"{path}lookups/", shot, format="multipart")
    assert answer.status_code == 201, answer.content
    (check,) = answer.json()["lookups"]
    assert (check["result"], check["note"]) == ("differs", "有效期不同")
    assert city.get(check["screenshot"]).content == make.PDF
    bad = {"file": SimpleUploadedFile("证书.pdf", b"no pdf")}
    assert city.post(f"{path}pdf/", bad, format="multipart").status_code == 400


def test_an_event_recorded_in_error_is_corrected_and_a_renewal_annulled(city: APIClient) -> None:
    said = stated()
    number = post(city, "certificates/", said)["number"]
    events = f"certificates/{number}/events/"
    given = {"kind": "suspend", "on": "2026-06-01", "reason": "通知"}
    wrong = post(city, events, given)["events"][0]["ledger_number"]
    lacking = post(city, events, {"kind": "correct", "on": "2026-11-20", "reason": "误记"}, status=400)
    assert [each["field"] for each in lacking["errors"]] == ["corrects"]
    made = post(city, events, {"kind": "correct", "on": "2026-11-20", "reason": "误记", "corrects": wrong})
    assert (made["standing"], [each["is_corrected"] for each in made["events"]]) == ("valid", [True, False])
    assert made["events"][1]["corrects"] == wrong
    unknown = post(
        city, events, {"kind": "correct", "on": "2026-11-20", "reason": "误记", "corrects": 2**62}, status=400
    )
    assert [each["code"] for each in unknown["errors"]] == ["event_unknown"]


def test_another_holder_needs_its_reason(city: APIClient) -> None:
    said = stated(holder="常州另一家有限公司")
    refused = post(city, "certificates/", said, status=400)
    assert [each["code"] for each in refused["errors"]] == ["holder_differs"]
    assert post(city, "certificates/", {**said, "holder_reason": "集团证书"})["holder_reason"] == "集团证书"


def test_what_is_due_within_days_and_until_when_it_is_converted(city: APIClient) -> None:
    old = {"edition": "GB/T 29490-2013", "applied_on": "2024-10-01", "issued_on": "2025-02-01"}
    post(city, "certificates/", stated(**old, expires_on="2028-01-31"))
    with time_machine.travel(datetime(2025, 12, 20, 2, tzinfo=UTC), tick=False):
        for days, count in ((30, 0), (43, 1), (400, 1)):  # the surveillance is due by 2026-02-01
            found = get(city, "certificates/", due_within=days, count="exact")
            assert (found["count"], len(found["results"])) == (count, count)
        [row] = get(city, "certificates/", attention="converting")["results"]
        assert (row["convert_by"], row["attention"]) == ("2025-12-31", ["due_soon", "converting"])
        assert get(city, f"certificates/{row['number']}/")["convert_by"] == "2025-12-31"
    for wrong in ("0", "-3", "1101", "soon"):
        refused = get(city, "certificates/", 400, due_within=wrong)
        assert [error["field"] for error in refused["errors"]] == ["due_within"]
    assert get(city, "certificates/", 400, due_within=30, issuer="bureau")["status"] == 400
