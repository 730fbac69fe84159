"""Enterprise files and evidence over the API."""

import hashlib
from datetime import date

import pytest
from rest_framework.test import APIClient

from certification.models import Evidence
from certification.papers import store
from enterprises.models import EnterpriseChange
from enterprises.roles import Role
from ledger.models import LedgerEntry
from tests import factories
from tests.factories import FAR_TOWN, PDF, VALUES

from .asking import V1, act, client_of, codes, get, patch, post, upload
from .conftest import As

pytestmark = pytest.mark.django_db
STAGE = "guanbiao.cultivation"


@pytest.fixture
def city(as_: As) -> APIClient:
    return as_(factories.account(Role.CITY_REVIEWER))


def test_several_changes_at_once_are_each_kept_with_their_day(city: APIClient) -> None:
    uscc = factories.enterprise(name="常州星河有限公司").uscc
    body = {
        "name": "常州白沙有限公司",
        "township": FAR_TOWN,
        "since": "2024-03-01",
        "industry": "C3979",
        "innovation_tier": "leading",
        "high_tech": {"certificate": "GR202432001234", "valid_from": "2024-11-06", "valid_to": "2027-11-05"},
    }
    changed = patch(city, f"enterprises/{uscc}/", body)
    assert (changed["name"], changed["reporting_unit"], changed["is_high_tech"]) == ("常州白沙有限公司", "liyang", True)
    assert [(row["name"], row["valid_to"]) for row in changed["names"]] == [
        ("常州星河有限公司", "2024-02-29"),
        ("常州白沙有限公司", None),
    ]
    verbs = LedgerEntry.objects.filter(enterprise=uscc).order_by("number").values_list("verb", flat=True)
    assert list(verbs) == [
        "enterprise.registered",
        "enterprise.amended",
        "enterprise.renamed",
        "enterprise.relocated",
        "high_tech.granted",
    ]
    kinds = [event["kind"] for event in get(city, f"enterprises/{uscc}/timeline/")["results"]]
    assert kinds.count("change") == 5


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"since": "2030-01-01", "name": "常州白沙有限公司"}, "since", "since_in_future"),
        ({"since": "2009-01-01", "name": "常州白沙有限公司"}, "since", "since_too_early"),
        ({"township": "999999999"}, "township", "unknown_division"),
        ({"name": " "}, "name", "blank"),
        ({"uscc": "91350100M000100Y43"}, "uscc", "unknown_field"),
        ({"version": 5}, "version", "unknown_field"),
        ({"reporting_unit": "liyang"}, "reporting_unit", "unknown_field"),
        ({"established_on": "2031-01-01"}, "established_on", "established_in_future"),
        ({"high_tech": {"certificate": "X", "valid_from": "2024-01-01", "valid_to": "2023-01-01"}}, "certificate", ""),
        ({"high_tech": {"certificate": ""}}, "high_tech.valid_from", "required"),
        ({"high_tech": {"a": 1}}, "high_tech.a", "unknown_field"),
    ],
)
def test_wrong_change_is_refused_whole(city: APIClient, change: dict, field: str, code: str) -> None:
    row = factories.enterprise()
    problem = patch(city, f"enterprises/{row.uscc}/", {"industry": "C3979"} | change, 400)
    reasons = {reason["field"]: reason["code"] for reason in problem["errors"]}
    assert field in reasons
    assert not code or reasons[field] == code
    row.refresh_from_db()
    assert (row.industry, row.version) == ("", 1)
    assert not EnterpriseChange.objects.exists()


def test_empty_change_changes_nothing(city: APIClient) -> None:
    row = factories.enterprise()
    assert patch(city, f"enterprises/{row.uscc}/", {})["version"] == 1


def test_file_lists_achievements_and_what_is_missing_for_the_next_stage(as_: As) -> None:
    applicant, staff = factories.applicant(), factories.reviewers()
    factories.approved(applicant, staff)
    body = get(as_(applicant), f"enterprises/{applicant.enterprise.uscc}/")
    [reached] = body["achievements"]
    assert (reached["stage"], reached["stage_display"], reached["effective_on"]) == (STAGE, "入库培育", "2026-11-20")
    outlook = {item["stage"]: item for item in body["outlook"]}
    assert outlook[STAGE]["reached_on"] == "2026-11-20"
    nextone = outlook["guanbiao.implementation"]
    assert (nextone["is_open"], nextone["possible_on"]) == (False, "2026-12-20")
    [wait] = [item for item in nextone["missing"] if item["code"] == "wait_not_over"]
    assert wait["rule"]
    assert wait["possible_on"] == "2026-12-20"
    assert {paper["files"] for paper in nextone["papers"]} == {0}


def test_evidence_is_kept_and_served_as_it_was_given(as_: As) -> None:
    applicant = factories.applicant()
    row, client = factories.draft(applicant), as_(applicant)
    before = get(client, f"applications/{row.number}/")["version"]
    answer = upload(client, row.number, "commitment_letter", name="承诺书 1.pdf")
    kept = answer.json()
    assert answer.status_code == 201
    assert kept["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert (kept["size"], kept["media_type"], kept["requirement"]) == (len(PDF), "application/pdf", "commitment_letter")
    assert get(client, f"applications/{row.number}/")["version"] == before + 1
    served = client.get(answer["Location"])
    assert (served.status_code, served.content) == (200, PDF)
    assert served["Content-Type"] == "application/pdf"
    assert served["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert served["Content-Security-Policy"] == "sandbox"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in served["Cache-Control"]


def test_evidence_that_was_altered_on_disk_is_not_served(as_: As) -> None:
    applicant = factories.applicant()
    row = factories.filled(applicant)
    kept = row.evidence.all()[0]
    store.path_of(kept.pk).write_bytes(b"%PDF-other")
    assert codes(get(as_(applicant), f"evidence/{kept.pk}/", 409)) == {"file_altered"}
    store.path_of(kept.pk).unlink()
    assert codes(get(as_(applicant), f"evidence/{kept.pk}/", 409)) == {"file_missing"}


def test_evidence_is_for_a_paper_that_is_asked_for_while_it_may_be_changed(as_: As) -> None:
    applicant = factories.applicant()
    client = as_(applicant)
    row = factories.draft(applicant)
    assert codes(upload(client, row.number, "nothing").json()) == {"requirement_unknown"}
    problem = client.post(f"{V1}/applications/{row.number}/evidence/", {"file": "text"}, format="multipart").json()
    assert {reason["field"] for reason in problem["errors"]} == {"requirement", "file"}
    act(client, row.number, "withdraw")
    assert upload(client, row.number, "commitment_letter").status_code == 409
    assert not Evidence.objects.exists()


def test_evidence_taken_off_is_missing_again(as_: As) -> None:
    applicant = factories.applicant()
    row, client = factories.filled(applicant), as_(applicant)
    key = get(client, f"applications/{row.number}/")["evidence"][0]["id"]
    assert client.delete(f"{V1}/evidence/{key}/").status_code == 204
    body = get(client, f"applications/{row.number}/")
    assert body["evidence"] == []
    assert {item["code"] for item in body["missing"]} == {"evidence_missing"}
    assert client.delete(f"{V1}/evidence/{key}/").status_code == 409


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"stage": "project.strategy"}, 409, "stage_closed"),
        ({"stage": "nonsense"}, 409, "stage_closed"),
        ({"stage": STAGE, "round": 2}, 400, "no_rounds"),
        ({"stage": STAGE, "batch": "B1"}, 400, "max_length"),
        ({"stage": STAGE, "status": "approved"}, 400, "unknown_field"),
        ({"stage": STAGE, "fields": {"no_such": 1}}, 400, "unknown_field"),
        ({"stage": STAGE, "fields": {"employees": -1}}, 400, "field_invalid"),
        ({"stage": STAGE, "fields": {"employees": {"a": [1]}}}, 400, "field_invalid"),
        ({"stage": STAGE, "fields": {"employees": 1.5}}, 400, "field_invalid"),
        ({"stage": STAGE, "fields": "text"}, 400, "not_a_dict"),
        ({"stage": STAGE, "modules": ["x"]}, 400, "module_unknown"),
        ({}, 400, "required"),
    ],
)
def test_wrong_draft_is_refused_and_none_is_left(as_: As, body: dict, status: int, code: str) -> None:
    applicant = factories.applicant()
    client = as_(applicant)
    problem = post(client, "applications/", {"enterprise": applicant.enterprise.uscc} | body, status)
    assert codes(problem) == {code}
    assert get(client, "applications/")["results"] == []


def test_second_application_for_an_open_stage_is_409(as_: As) -> None:
    applicant = factories.applicant()
    body = {"enterprise": applicant.enterprise.uscc, "stage": STAGE}
    post(as_(applicant), "applications/", body)
    assert codes(post(as_(applicant), "applications/", body, 409)) == {"application_open"}


def test_draft_is_opened_filled_in_at_once(as_: As) -> None:
    applicant = factories.applicant()
    body = {"enterprise": applicant.enterprise.uscc, "stage": STAGE, "fields": VALUES[STAGE]}
    answer = as_(applicant).post(f"{V1}/applications/", body, format="json")
    assert answer.status_code == 201
    made = answer.json()
    assert made["fields"] == VALUES[STAGE]
    assert answer["Location"] == f"{V1}/applications/{made['number']}/"
    assert answer["ETag"] == f'"{made["version"]}"'
    assert (made["batch"], made["round"], made["programme"], made["step"]) == (None, 1, "guanbiao", None)


def test_submitted_application_is_not_edited(as_: As) -> None:
    applicant = factories.applicant()
    row = factories.step(factories.filled(applicant), "submit", applicant)
    problem = patch(as_(applicant), f"applications/{row.number}/", {"fields": {"employees": 5}}, 409)
    assert codes(problem) == {"not_editable"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"action": "suspend"}, "invalid_choice"),
        ({"action": "accept", "force": True}, "unknown_field"),
        ({"action": "accept", "comment": "a" * 2001}, "max_length"),
        ({"action": "return", "defects": [{"clause": "a"}]}, "required"),
        ({"action": "return", "defects": [{"clause": "a", "text": "b"}] * 51}, "max_length"),
        ({"action": "return", "defects": "text"}, "not_a_list"),
        ({"action": "return", "comment": "  "}, "comment_missing"),
    ],
)
def test_wrong_move_is_400_and_nothing_moves(as_: As, body: dict, code: str) -> None:
    applicant, staff = factories.applicant(), factories.reviewers()
    row = factories.step(factories.filled(applicant), "submit", applicant)
    problem = post(as_(staff["township"]), f"applications/{row.number}/actions/", body, 400)
    assert codes(problem) == {code}
    row.refresh_from_db()
    assert row.status == "submitted"


def test_nobody_decides_on_an_enterprise_they_are_tied_to(as_: As) -> None:
    applicant, staff = factories.applicant(), factories.reviewers()
    row = factories.step(factories.filled(applicant), "submit", applicant)
    staff["township"].interests.create(enterprise=applicant.enterprise, reason="配偶任职", declared_at=factories.NOW)
    client = as_(staff["township"])
    assert get(client, f"applications/{row.number}/")["allowed_actions"] == []
    assert codes(act(client, row.number, "accept", 403)) == {"own_interest"}


def test_programme_says_what_its_stages_ask_for(stranger: APIClient) -> None:
    assert {row["code"] for row in get(stranger, "programmes/")["results"]} == {
        "guanbiao", "intensive", "honour", "project",
    }  # fmt: skip
    stages = {stage["code"]: stage for stage in get(stranger, "programmes/guanbiao/")["stages"]}
    assert [stage["is_open"] for stage in stages.values()] == [True, True, True, True]
    stage = stages["guanbiao.implementation"]
    assert {need["group"] for need in stage["evidence"]} >= {"leadership", "institution", "personnel", "funding"}
    assert [step["level"] for step in stage["route"]] == ["township", "district", "city"]
    assert stage["waits"][0]["after_stage"] == STAGE
    assert stage["edition"]["code"] == "GB/T 29490-2023"
    assert {module["code"] for module in stage["edition"]["modules"] if module["obligatory"]} == {
        "4",
        "5",
        "6",
        "9",
        "10",
    }
    assert stage["rulebook"]["in_force_from"] == "2026-01-01"
    earlier = get(stranger, "programmes/guanbiao/", on="2018-01-01")["stages"][1]
    assert earlier["rulebook"]["year"] == 2016
    none = get(stranger, "programmes/guanbiao/", on="2010-01-01")["stages"][0]
    assert (none["rulebook"], none["is_open"], none["fields"]) == (None, False, [])


def test_a_township_without_a_day_completes_a_place_known_by_its_district(city: APIClient) -> None:
    uscc = factories.enterprise(township="320412", established_on=None).uscc
    changed = patch(city, f"enterprises/{uscc}/", {"township": factories.TOWN})
    assert [(row["township"], row["valid_from"], row["valid_to"]) for row in changed["places"]] == [
        (factories.TOWN, "2026-11-20", None)
    ]
    moved = patch(city, f"enterprises/{uscc}/", {"township": factories.OTHER_TOWN}, 400)
    assert codes(moved) == {"since_too_early"}


def test_ledger_is_read_in_order_and_verified(as_: As) -> None:
    client = as_(factories.account(Role.AUDITOR))
    applicant, staff = factories.applicant(), factories.reviewers()
    factories.approved(applicant, staff)
    chain = get(client, "ledger/", enterprise=applicant.enterprise.uscc)["results"]
    assert [entry["enterprise_seq"] for entry in chain] == list(range(1, len(chain) + 1))
    [granted] = get(client, "ledger/", verb="achievement.recorded")["results"]
    assert (granted["payload"]["stage"], granted["verb_display"]) == (STAGE, "记载认定事实")
    assert get(client, "ledger/", ordering="-number", page_size=1)["results"][0]["number"] == chain[-1]["number"]
    found = get(client, "ledger/verify/")
    assert (found["ok"], found["checked"], found["faults"]) == (True, LedgerEntry.objects.count(), [])
    assert (found["job"], found["verified_at"] is None) == (None, False)


def test_verification_names_a_fact_that_was_altered(as_: As) -> None:
    fact = factories.achievement(factories.enterprise(), STAGE, date(2020, 1, 1))
    type(fact).objects.filter(pk=fact.pk).update(was_high_tech=True)
    found = get(client_of(factories.account(Role.AUDITOR)), "ledger/verify/")
    assert found["ok"] is False
    assert found["faults"][0]["number"] == fact.ledger_number
