"""Titles over the API: the same services, the same refusals, one effect of one key."""

import pytest
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
    return {name: str(value) for name, value in make.TITLE.items()} | {"enterprise": make.enterprise().uscc, **said}


def test_a_title_is_recorded_reexamined_and_listed(city: APIClient) -> None:
    made = post(city, "titles/", stated())
    assert (made["standing"], made["reexamination_due_on"], made["level"]) == ("valid", "2026-12-01", "national")
    path = f"titles/{made['number']}/"
    held = {"passed": True, "examined_on": "2026-11-02", "words": "属实", "valid_until": "2029-12-31"}
    after = post(city, f"{path}reexaminations/", held)
    assert (after["valid_until"], after["reexamination_due_on"]) == ("2029-12-31", "2029-12-01")
    assert [row["words"] for row in get(city, f"{path}reexaminations/")["results"]] == ["属实"]
    assert [row["number"] for row in get(city, "titles/", standing="valid")["results"]] == [made["number"]]
    ended = post(city, f"{path}end/", {"reason": "revoked", "ended_on": "2026-11-03", "ground": "撤销"}, 200)
    assert (ended["standing"], ended["ended_ground"]) == ("revoked", "撤销")
    assert codes(post(city, f"{path}reexaminations/", held, 409)) == {"not_held"}


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"document": ""}, "document", "field_missing"),
        ({"stage": "guanbiao.evaluation"}, "stage", "stage_unknown"),
        ({"effective_on": "2036-01-01", "valid_until": "2039-01-01"}, "effective_on", "title_day"),
        ({"valid_until": "2020-01-01"}, "valid_until", "period_turned"),
    ],
)
def test_what_cannot_be_names_its_field(city: APIClient, said: dict[str, str], field: str, code: str) -> None:
    problem = post(city, "titles/", stated(**said), 400)
    assert (problem["errors"][0]["field"], codes(problem)) == (field, {code})
    assert not Achievement.objects.exists()


def test_one_key_records_one_title(city: APIClient) -> None:
    said = stated()
    answers = [city.post(f"{V1}/titles/", said, format="json", headers={"Idempotency-Key": "t-1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Achievement.objects.count() == 1
    assert codes(post(city, "titles/", said, 400)) == {"title_held"}


def test_a_year_is_guided(city: APIClient, as_: As) -> None:
    row = make.guided()
    path, step = f"titles/{row.ledger_number}/guidance/", {"on": "2026-06-01", "by": "指导组", "done": "辅导"}
    assert [each["done"] for each in post(city, path, step)["guidance"]] == ["辅导"]
    own, other = as_(make.applicant(row.enterprise)), as_(make.applicant())
    assert len(get(own, path)["results"]) == 1
    assert other.get(f"{V1}/{path}").status_code == 404
    assert post(own, path, step, 403)
    assert codes(post(city, path, {**step, "on": "2027-06-01"}, 400)) == {"guidance_day"}
