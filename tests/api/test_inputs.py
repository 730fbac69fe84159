"""The inputs of eligibility over the API: the same services and refusals; every answer held against the description."""

from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from rest_framework.test import APIClient

from certification.models import CreditCheck
from enterprises.roles import Role
from tests import factories as make

from .asking import V1, codes, get, post
from .conftest import As
from .test_description import INPUTS, Describing
from .test_description import document as document

pytestmark = pytest.mark.django_db
PRIORITY = {"kind": "industry_chain", "value": "轨道交通", "document": "常工信〔2026〕1号", "valid_from": "2026-01-01"}
CHECK = {"source": "credit_china", "result": "clear", "checked_on": "2026-09-01"}


@pytest.fixture(autouse=True)
def on_the_day() -> Any:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def city(as_: As) -> APIClient:
    return as_(make.account(Role.CITY_REVIEWER))


def described(describing: Describing, operation: str, answer: Any, status: int = 200) -> Any:
    assert operation in INPUTS
    assert answer.status_code == status, answer.content.decode()
    describing.check(operation, answer)
    return answer.json()


def test_a_check_is_recorded_corrected_filed_and_annulled(city: APIClient, document: dict[str, Any]) -> None:
    way, uscc = Describing(document), make.enterprise().uscc
    said = {**CHECK, "enterprise": uscc}
    made = described(way, "credit_check_list_post", city.post(f"{V1}/credit-checks/", said, format="json"), 201)
    assert (made["valid_until"], made["state"], made["replaces"]) == ("2027-03-01", "valid", None)
    path = f"{V1}/credit-checks/{made['number']}/"
    right = {**CHECK, "result": "adverse", "ground": "行政处罚", "annulment": "结果抄错"}
    corrected = city.post(f"{path}correction/", right, format="json")
    newer = described(way, "credit_check_correction_post", corrected, 201)
    assert (newer["replaces"], newer["result"]) == (made["number"], "adverse")
    old = described(way, "credit_check_detail_get", city.get(path))
    assert (old["state"], old["replaced_by"], old["annulled_ground"]) == ("annulled", newer["number"], "结果抄错")
    upload = {"file": ContentFile(make.PDF, "决定书.pdf")}
    kept = city.post(f"{V1}/credit-checks/{newer['number']}/papers/", upload, format="multipart")
    paper = described(way, "credit_check_papers_post", kept, 201)
    assert city.get(kept["Location"]).content == make.PDF
    assert paper["filename"] == "决定书.pdf"
    listed = described(way, "credit_check_list_get", city.get(f"{V1}/credit-checks/?enterprise={uscc}&state=valid"))
    assert [row["number"] for row in listed["results"]] == [newer["number"]]
    stands = described(way, "credit_standing_get", city.get(f"{V1}/enterprises/{uscc}/credit/?on=2026-09-01"))
    assert (stands["standing"], stands["lacking"]) == ("adverse", ["credit_china", "market_regulator"])
    assert get(city, f"enterprises/{uscc}/credit/", on="2026-08-31")["standing"] == "none"
    gone = city.post(f"{V1}/credit-checks/{newer['number']}/annulment/", {"annulment": "他人记录"}, format="json")
    assert described(way, "credit_check_annulment_post", gone)["state"] == "annulled"
    again = post(city, f"credit-checks/{newer['number']}/annulment/", {"annulment": "再次"}, 409)
    assert codes(again) == {"annulled"}
    sources = described(way, "credit_sources_get", city.get(f"{V1}/credit-sources/"))
    assert {row["code"]: row["valid_months"] for row in sources["results"]}["credit_china"] == 6


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"source": ""}, "source", "field_missing"),
        ({"result": "maybe"}, "result", "result_unknown"),
        ({"result": "adverse"}, "ground", "ground_missing"),
        ({"checked_on": "2036-01-01"}, "checked_on", "check_day"),
    ],
)
def test_what_cannot_be_names_its_field(city: APIClient, said: dict[str, str], field: str, code: str) -> None:
    problem = post(city, "credit-checks/", {**CHECK, **said, "enterprise": make.enterprise().uscc}, 400)
    assert (problem["errors"][0]["field"], codes(problem)) == (field, {code})
    assert not CreditCheck.objects.exists()


def test_one_key_records_one_check(city: APIClient) -> None:
    said = {**CHECK, "enterprise": make.enterprise().uscc}
    headers = {"Idempotency-Key": "c-1"}
    answers = [city.post(f"{V1}/credit-checks/", said, format="json", headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert CreditCheck.objects.count() == 1
    assert codes(post(city, "credit-checks/", said, 400)) == {"check_recorded"}


def test_a_priority_is_recorded_ended_corrected_and_annulled(city: APIClient, document: dict[str, Any]) -> None:
    way, owner = Describing(document), make.enterprise()
    said = {**PRIORITY, "enterprise": owner.uscc}
    made = described(way, "priority_list_post", city.post(f"{V1}/priorities/", said, format="json"), 201)
    path = f"{V1}/priorities/{made['number']}/"
    owner.high_tech_periods.create(certificate="GR202632000001", valid_from="2026-02-01", valid_to="2029-01-31")
    held = described(way, "priorities_held_get", city.get(f"{V1}/enterprises/{owner.uscc}/priorities/?on=2026-03-01"))
    assert [(each["kind"], each["value"]) for each in held["results"]] == [
        ("industry_chain", "轨道交通"),
        ("high_tech", "GR202632000001"),
    ]
    end = {"last_day": "2026-06-30", "annulment": "移出名单"}
    ended = described(way, "priority_end_post", city.post(f"{path}end/", end, format="json"))
    assert (ended["state"], ended["ended_on"]) == ("ended", "2026-06-30")
    assert codes(post(city, f"priorities/{made['number']}/end/", end, 409)) == {"ended_already"}
    right = city.post(f"{path}correction/", {**PRIORITY, "value": "碳材料", "annulment": "抄错"}, format="json")
    newer = described(way, "priority_correction_post", right, 201)
    assert (newer["value"], newer["replaces"], newer["state"]) == ("碳材料", made["number"], "valid")
    assert described(way, "priority_detail_get", city.get(path))["state"] == "annulled"
    path = f"{V1}/priorities/{newer['number']}/"
    upload = {"file": ContentFile(make.PDF, "名单.pdf")}
    kept = city.post(f"{path}papers/", upload, format="multipart")
    described(way, "priority_papers_post", kept, 201)
    assert city.get(kept["Location"]).content == make.PDF
    listed = described(way, "priority_list_get", city.get(f"{V1}/priorities/?kind=industry_chain&state=valid"))
    assert [row["number"] for row in listed["results"]] == [newer["number"]]
    gone = city.post(f"{path}annulment/", {"annulment": "他企业"}, format="json")
    assert described(way, "priority_annulment_post", gone)["annulled_ground"] == "他企业"
    kinds = described(way, "priority_kinds_get", city.get(f"{V1}/priority-kinds/"))
    assert len({row["code"]: row["values"] for row in kinds["results"]}["industry_chain"]) == 10


def test_figures_are_stated_explained_and_read(city: APIClient, as_: As, document: dict[str, Any]) -> None:
    way, owner = Describing(document), make.enterprise()
    own, path = as_(make.applicant(owner)), f"{V1}/enterprises/{owner.uscc}/figures/2025/"
    blank = described(way, "enterprise_figures_get", own.get(path))
    assert (blank["version"], blank["used_by"]) == (0, "")
    said = {"version": 0, "values": {"staff": "200", "own_ip_share": "62.5"}}
    made = described(way, "enterprise_figures_put", own.put(path, said, format="json"))
    assert (made["version"], {line["item"]: line["value"] for line in made["figures"]}["staff"]) == (1, "200.0000")
    assert own.put(path, said, format="json").status_code == 409
    assert city.put(path, {**said, "version": 1}, format="json").status_code == 403
    next_year = path.replace("2025", "2026")
    problem = own.put(next_year, {"version": 0, "values": {"staff": "900", "own_ip_share": "101"}}, format="json")
    assert codes(problem.json()) == {"too_much"}
    problem = own.put(next_year, {"version": 0, "values": {"staff": "900"}}, format="json")
    assert (problem.status_code, problem.json()["errors"][0]["field"]) == (400, "staff")
    told = {"version": 0, "values": {"staff": "900"}, "explained": {"staff": "合并子公司"}}
    described(way, "enterprise_figures_put", own.put(next_year, told, format="json"))
    listed = described(way, "figure_list_get", city.get(f"{V1}/figures/?item=staff&enterprise={owner.uscc}"))
    assert [(row["year"], row["value"], row["explained"]) for row in listed["results"]] == [
        (2026, "900.0000", "合并子公司"),
        (2025, "200.0000", ""),
    ]
    assert as_(make.applicant()).get(path).status_code == 404
    items = described(way, "figure_items_get", city.get(f"{V1}/figure-items/"))
    assert {row["code"]: row["part_of"] for row in items["results"]}["rd_staff"] == "staff"
