"""A certificate that cannot be, on the page and over the API: field, value and remedy are named, nothing changes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from certification.models import Achievement, Certificate, LookupCheck
from enterprises.roles import Role
from ledger.models import LedgerEntry
from tests import factories as make
from tests.api.asking import V1, client_of

from .visiting import visitor, words

pytestmark = pytest.mark.django_db
OLD = "GB/T 29490-2013"
WRONG = {
    "system ran under three months": ({"system_since": "2024-10-11"}, "issued_on", "2024-10-11", "system_too_young"),
    "used number": ({"number": "CERT-TAKEN"}, "number", "CERT-TAKEN", "number_used"),
    "expires before its issue": ({"expires_on": "2025-01-09"}, "expires_on", "2025-01-09", "expires_before_issue"),
    "body that advised": ({"body": "advised"}, "body", "辅导兼认证公司", "body_advised"),
    "2013 edition after its end": (
        {"edition": OLD, "applied_on": "2025-01-01"}, "edition", "2025-01-01", "edition_closed",
    ),
    "unknown body": ({"body": "某认证公司"}, "body", "某认证公司", "body_unknown"),
    "issued tomorrow": ({"issued_on": "2999-01-01", "expires_on": "2999-06-01"}, "issued_on", "2999-01-01",
                        "day_implausible"),
    "another route": ({"route": "back-door"}, "route", "back-door", "route_unknown"),
    "number of other signs": ({"number": "证书"}, "number", "证书", "number_form"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def the_day(time_machine):
    time_machine.move_to(make.NOW, tick=False)


@pytest.fixture
def city():
    return make.account(Role.CITY_REVIEWER)


@pytest.fixture
def there():
    """An enterprise, and what stands against the certificates of WRONG."""
    row, by = make.enterprise(), make.body(code="advised", name="辅导兼认证公司", is_adviser=True)
    make.advising(row, by)
    return row


def stated(said):
    by = make.body()
    if said.get("number") == "CERT-TAKEN":
        make.certificate(body=by, number="CERT-TAKEN")
    return {**make.CERTIFICATE, "number": "CERT-NEW", "body": by.pk, **said}


def kept():
    counted = (Certificate, Achievement, LookupCheck, LedgerEntry)
    return [model.objects.count() for model in counted]


@pytest.mark.parametrize("case", [case for case in WRONG if case != "another route"])
def test_the_page_says_what_is_wrong_where_it_was_typed(city, there, case):
    said, _field, value, _code = WRONG[case]
    asked = stated(said)
    before = kept()
    answer = visitor(city).post(f"/enterprises/{there.uscc}/certificates/", asked)
    assert answer.status_code in (400, 409)
    assert value in words(answer)
    assert kept() == before


@pytest.mark.parametrize("case", WRONG)
def test_the_api_names_field_value_and_remedy(city, there, case):
    said, field, value, code = WRONG[case]
    asked = {**stated(said), "enterprise": there.uscc}
    before = kept()
    answer = client_of(city).post(f"{V1}/certificates/", asked, format="json")
    assert answer.status_code in (400, 409)
    told = [each for each in answer.json()["errors"] if each["code"] == code]
    assert [each["field"] for each in told] == [field]
    assert value in told[0]["message"]
    assert told[0]["remedy"]
    assert kept() == before


def test_a_look_up_without_its_screenshot_is_refused(city):
    row = make.certificate()
    before = kept()
    page = visitor(city).post(f"/certificates/{row.number}/lookups/", {"result": "matches"})
    assert page.status_code == 400
    assert "查询截图 * 请选择文件后重新上传" in words(page)
    client: APIClient = client_of(city)
    path = f"{V1}/certificates/{row.number}/lookups/"
    (told,) = client.post(path, {"result": "matches"}, format="multipart").json()["errors"]
    assert (told["field"], told["code"], told["remedy"]) == ("file", "file_missing", "请上传查询页面的截图")
    sent = {"result": "matches", "file": SimpleUploadedFile("x.png", b"no picture")}
    assert client.post(path, sent, format="multipart").status_code == 400
    assert kept() == before
