"""Histories over the API."""

from typing import Any

import pytest

from certification.models import Application, ApplicationChange
from enterprises.models import Account, EnterpriseChange
from tests import factories

from .asking import act, codes, get, patch, upload
from .conftest import As

pytestmark = pytest.mark.django_db


@pytest.fixture
def qiye(db: None) -> Account:
    return factories.applicant()


@pytest.fixture
def staff(db: None) -> dict[str, Account]:
    return factories.reviewers()


@pytest.fixture
def row(qiye: Account) -> Application:
    return factories.filled(qiye)


def test_a_file_answers_its_changes_with_codes_and_words(as_: As, row: Application, staff: dict[str, Account]) -> None:
    path, city = f"enterprises/{row.enterprise.uscc}/", as_(staff["city"])
    patch(city, path, {"innovation_tier": "leading", "contact_phone": "13911112222"})
    phone, tier = get(city, f"{path}changes/")["results"]
    assert (tier["field"], tier["field_display"], tier["before"], tier["after"]) == (
        "innovation_tier",
        "十百千",
        "未列入",
        "领军企业",
    )
    assert (tier["channel"], tier["channel_display"], tier["address"]) == ("api", "接口", "127.0.0.1")
    assert (phone["before"], phone["after"]) == ("", "（已更新）")
    assert get(as_(staff["township"]), f"{path}changes/")["results"][0]["address"] is None
    assert [each["field"] for each in get(city, f"{path}changes/", field="contact_phone")["results"]] == [
        "contact_phone"
    ]
    assert get(city, f"{path}changes/", since="2030-01-01")["results"] == []
    assert codes(get(city, f"{path}changes/", 400, field="uscc")) == {"invalid"}
    assert EnterpriseChange.objects.filter(channel="api").count() == 2


def test_in_english_the_words_are_english(as_: As, row: Application, staff: dict[str, Account]) -> None:
    path, city = f"enterprises/{row.enterprise.uscc}/", as_(staff["city"])
    patch(city, path, {"has_rd_institution": True})
    answer = city.get(f"/api/v1/{path}changes/", headers={"Accept-Language": "en"}).json()["results"][0]
    assert (answer["before"], answer["after"], answer["channel_display"]) == ("No", "Yes", "API")


def test_an_application_answers_its_edits_and_differences(
    as_: As, qiye: Account, row: Application, staff: dict[str, Account]
) -> None:
    own, town, path = as_(qiye), as_(staff["township"]), f"applications/{row.number}/"
    assert get(own, f"{path}comparison/") == {
        "submissions": [],
        "earlier": None,
        "later": None,
        "fields": [],
        "modules_added": [],
        "modules_dropped": [],
        "evidence": [],
    }
    act(own, row.number, "submit")
    act(town, row.number, "return", comment="请更正")
    patch(own, path, {"fields": {"employees": 135}})
    assert upload(own, row.number, "commitment_letter", factories.PDF + b"\n", "新承诺.pdf").status_code == 201
    assert get(own, f"{path}changes/")["results"][0]["after"] == "新承诺.pdf"
    assert "新承诺.pdf" not in str(get(town, f"{path}changes/"))
    act(own, row.number, "submit")
    found = get(town, f"{path}comparison/")
    assert (found["earlier"]["number"], found["later"]["number"]) == (1, 2)
    assert [(each["field"], each["before"], each["after"]) for each in found["fields"]] == [
        ("employees", "120 人", "135 人")
    ]
    assert [(each["requirement"], each["added"]) for each in found["evidence"]] == [
        ("commitment_letter", ["新承诺.pdf"])
    ]
    assert codes(get(town, f"{path}comparison/", 400, **{"from": 2, "to": 1})) == {"no_such_pair"}
    assert get(town, path)["history"][0]["channel_display"] == "接口"
    seen = get(town, f"{path}changes/")["results"]
    assert [each["item"] for each in seen if each["round"] == 1] == ["commitment_letter", "employees"]


def test_edits_come_in_pages(as_: As, qiye: Account, row: Application) -> None:
    client, path = as_(qiye), f"applications/{row.number}/changes/"
    kept = ApplicationChange.objects.filter(application=row).count()
    seen: list[Any] = []
    answer = get(client, path, page_size=2)
    while True:
        seen += answer["results"]
        if not answer["next"]:
            break
        answer = client.get(answer["next"]).json()
    assert len(seen) == kept > 2
