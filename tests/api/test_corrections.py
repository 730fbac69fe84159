"""The last day for a correction over the API: in lists and files, in the rules, and as an act of the city."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from certification.models import Application
from certification.services.corrections import lapse_corrections
from certification.services.door import Remark
from tests import factories as make

from .asking import act, client_of, codes, get

pytestmark = pytest.mark.django_db
LAST = "2026-12-11"
AFTER = make.NOW + timedelta(days=22)


@pytest.fixture(autouse=True)
def the_day() -> Any:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def staff() -> dict[str, Any]:
    return make.reviewers()


@pytest.fixture
def returned(staff: dict[str, Any]) -> Application:
    person = make.applicant()
    row = make.step(make.filled(person), "submit", person)
    return make.step(row, "return", staff["township"], remark=Remark("请补正"))


def test_the_day_is_in_the_file_the_list_and_the_history(returned: Application, staff: dict[str, Any]) -> None:
    for account in (returned.created_by, *staff.values()):
        client = client_of(account)
        found = get(client, f"applications/{returned.number}/")
        assert (found["step"]["correct_by"], found["step"]["due_on"], found["step"]["overdue"]) == (LAST, None, False)
        assert [move["correct_by"] for move in found["history"]] == [None, LAST]
        [row] = get(client, "applications/", status="returned")["results"]
        assert row["step"]["correct_by"] == LAST


def test_the_rules_say_how_long(staff: dict[str, Any]) -> None:
    programme = get(client_of(staff["township"]), "programmes/guanbiao/")
    route = programme["stages"][0]["route"]
    assert [(step["level"], step["correction_days"]) for step in route] == [
        ("township", 15),
        ("district", 15),
        ("city", 15),
    ]


def test_what_is_past_its_day_can_be_listed(returned: Application, staff: dict[str, Any]) -> None:
    client = client_of(staff["city"])
    assert get(client, "applications/", uncorrected="true")["results"] == []
    with time_machine.travel(AFTER, tick=False):
        client = client_of(staff["city"])
        assert [row["number"] for row in get(client, "applications/", uncorrected="true")["results"]] == [
            returned.number
        ]
        assert get(client, "applications/", uncorrected="false")["results"] == []
        assert get(client, "applications/", overdue="true")["results"] == []


def test_the_city_ends_it_once_the_day_has_passed(returned: Application, staff: dict[str, Any]) -> None:
    city = client_of(staff["city"])
    assert get(city, f"applications/{returned.number}/")["allowed_actions"] == []
    assert codes(act(city, returned.number, "lapse", 400)) == {"correction_not_over"}
    with time_machine.travel(AFTER, tick=False):
        city, person = client_of(staff["city"]), client_of(returned.created_by)
        assert codes(act(person, returned.number, "submit", 400)) == {"correction_late"}
        assert [item["code"] for item in get(person, f"applications/{returned.number}/")["missing"]] == [
            "correction_late"
        ]
        act(client_of(staff["township"]), returned.number, "lapse", 403)
        assert get(city, f"applications/{returned.number}/")["allowed_actions"] == ["lapse"]
        row = act(city, returned.number, "lapse", comment="电话联系未果")
        assert (row["status"], row["step"], row["allowed_actions"]) == ("withdrawn", None, [])
        assert row["history"][-1]["role"] == "city_reviewer"
        act(city, returned.number, "lapse", 409)


def test_what_the_registry_did_itself_is_said_to_be_its_own(returned: Application, staff: dict[str, Any]) -> None:
    lapse_corrections(at=AFTER)
    last = get(client_of(returned.created_by), f"applications/{returned.number}/")["history"][-1]
    assert (last["action"], last["role"], last["role_display"], last["correct_by"]) == ("lapse", "system", "系统", LAST)
