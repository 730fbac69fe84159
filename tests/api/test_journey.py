"""A whole application by API alone: registering, applying, reviewing, achieving, counting."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from certification.totals.checkpoint import fold
from enterprises.models import Account
from enterprises.roles import Role
from tests import factories
from tests.factories import NOW, PASSWORD, TOWN, VALUES

from .asking import act, codes, get, patch, post, upload
from .conftest import As

pytestmark = pytest.mark.django_db
LEVELS = (("township", "recommend"), ("district", "recommend"), ("city", "approve"))


def logged_in(account: Account) -> APIClient:
    """A client with a token that it asked for itself."""
    client = APIClient()
    token = post(client, "auth/token/", {"username": account.username, "password": PASSWORD}, 200)["token"]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def registered(client: APIClient) -> str:
    body = {
        "uscc": factories.credit_code(),
        "name": "常州星河（集团）有限公司",
        "township": TOWN,
        "established_on": "2012-05-01",
        "contact_name": "王五",
        "contact_phone": "13800001234",
    }
    return str(post(client, "enterprises/", body)["uscc"])


def submitted(client: APIClient, uscc: str, stage: str, modules: list[str]) -> dict[str, Any]:
    """An application for a stage, filled in, with its papers, handed in."""
    row = post(client, "applications/", {"enterprise": uscc, "stage": stage, "fields": {}})
    assert row["status"] == "draft"
    assert row["allowed_actions"] == ["submit", "withdraw"]
    number = row["number"]
    refused = act(client, number, "submit", 400)
    assert {"field_missing", "evidence_missing"} <= codes(refused)
    row = patch(client, f"applications/{number}/", {"fields": VALUES[stage], "modules": modules})
    assert {item["code"] for item in row["missing"]} == {"evidence_missing"}
    for item in row["missing"]:
        assert upload(client, number, item["field"].removeprefix("evidence.")).status_code == 201
    assert get(client, f"applications/{number}/")["missing"] == []
    return act(client, number, "submit")


def reviewed(number: str, staff: dict[str, APIClient]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for level, action in LEVELS:
        seen = get(staff[level], "applications/", assigned_to_me="true")["results"]
        assert [item["number"] for item in seen] == [number]
        assert seen[0]["step"]["level"] == level
        row = act(staff[level], number, "accept")
        assert action in row["allowed_actions"]
        row = act(staff[level], number, action, comment="符合条件")
    return row


def gained(monitor: APIClient, indicator: str) -> int:
    fold(at=timezone.now())
    [figure] = get(monitor, "totals/", plan="13th", indicator=indicator)
    behind = get(monitor, f"totals/{indicator}/enterprises/", plan="13th")
    assert behind["count"] == figure["gained"] == len(behind["results"])
    assert figure["value"] == (figure["opening"] or 0) + figure["gained"]
    return int(figure["gained"])


def test_enterprise_applies_is_reviewed_and_counted(clock: time_machine.Traveller) -> None:
    applicant = logged_in(factories.account(Role.APPLICANT))
    staff = {level: logged_in(account) for level, account in factories.reviewers().items()}
    monitor = logged_in(factories.account(Role.MONITOR))
    uscc = registered(applicant)
    outlook = {item["stage"]: item for item in get(applicant, f"enterprises/{uscc}/")["outlook"]}
    assert outlook["guanbiao.cultivation"]["is_open"]
    assert not outlook["guanbiao.implementation"]["is_open"]

    first = submitted(applicant, uscc, "guanbiao.cultivation", [])
    assert first["step"]["level"] == "township"
    assert first["step"]["role"] == "township_reviewer"
    approved = reviewed(first["number"], staff)
    assert approved["status"] == "approved"
    assert approved["step"] is None
    assert [move["action"] for move in approved["history"]] == [
        "submit", "accept", "recommend", "accept", "recommend", "accept", "approve",
    ]  # fmt: skip
    before = gained(monitor, "guanbiao_enterprises")

    clock.move_to(NOW + timedelta(days=40))
    clients = [logged_in(Account.objects.get(enterprise__uscc=uscc))]
    second = submitted(clients[0], uscc, "guanbiao.implementation", ["7.1"])
    assert second["edition"] == "GB/T 29490-2023"
    assert {"4", "5", "6", "9", "10", "7.1"} == set(second["modules"])
    again = {level: logged_in(account) for level, account in factories.reviewers().items()}
    assert reviewed(second["number"], again)["status"] == "approved"
    watching = logged_in(factories.account(Role.MONITOR))
    assert gained(watching, "guanbiao_enterprises") == before + 1
    timeline = get(clients[0], f"enterprises/{uscc}/timeline/")["results"]
    assert [event["title"] for event in timeline if event["kind"] == "achievement"] == [
        "取得“贯标实施”",
        "取得“入库培育”",
    ]
    assert all(event["ledger_number"] > 0 for event in timeline)


def test_return_names_all_defects_and_is_answered(as_: As) -> None:
    applicant, staff = factories.applicant(), factories.reviewers()
    number = factories.step(factories.filled(applicant), "submit", applicant).number
    defects = [{"clause": "承诺书", "text": "缺少公章"}, {"clause": "职工人数", "text": "与年报不符"}]
    assert codes(act(as_(staff["township"]), number, "return", 400)) == {"comment_missing"}
    row = act(as_(staff["township"]), number, "return", comment="请一次性补正", defects=defects)
    assert row["status"] == "returned"
    assert row["history"][-1]["defects"] == defects
    assert row["step"]["due_on"] is None
    client = as_(applicant)
    assert get(client, f"applications/{number}/")["allowed_actions"] == ["submit", "withdraw"]
    patch(client, f"applications/{number}/", {"fields": {"employees": 130}})
    assert act(client, number, "submit")["status"] == "submitted"


def test_reject_and_withdraw_close_an_application(as_: As) -> None:
    applicant, staff = factories.applicant(), factories.reviewers()
    number = factories.step(factories.filled(applicant), "submit", applicant).number
    township = as_(staff["township"])
    act(township, number, "accept")
    assert act(township, number, "reject", comment="不符合条件")["status"] == "rejected"
    other = factories.filled(applicant)
    assert act(as_(applicant), other.number, "withdraw")["status"] == "withdrawn"
    assert act(as_(applicant), other.number, "withdraw", 409)["errors"][0]["code"] == "not_possible"
