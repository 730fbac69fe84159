"""Moves of several applications over the API: each on its own, kept under one key."""

from typing import Any

import pytest

from certification.models import Application, Decision
from enterprises.models import Account
from tests import factories
from tests.scene import ABSENT_NUMBER

from .asking import codes, post
from .conftest import As

pytestmark = pytest.mark.django_db
PATH = "applications/bulk-actions/"


@pytest.fixture
def staff(db: None) -> dict[str, Account]:
    return factories.reviewers()


def submitted() -> Application:
    account = factories.applicant()
    return factories.step(factories.filled(account), "submit", account)


def body(action: str, *rows: Any, **more: Any) -> dict[str, Any]:
    chosen = [row if isinstance(row, dict) else {"number": row.number, "version": row.version} for row in rows]
    return {"action": action, "applications": chosen, **more}


def test_each_is_answered_in_its_place(as_: As, staff: dict[str, Account]) -> None:
    first, second = submitted(), submitted()
    stale = {"number": second.number, "version": 1}
    far = factories.enterprise(township=factories.FAR_TOWN)
    applicant = factories.applicant(far)
    hidden = factories.step(factories.filled(applicant), "submit", applicant)
    answer = post(as_(staff["township"]), PATH, body("accept", first, stale, hidden, {"number": ABSENT_NUMBER}), 200)
    assert (answer["done"], answer["left"]) == (1, 3)
    assert [each["outcome"] for each in answer["results"]] == ["done", "stale", "absent", "absent"]
    assert [each["status"] for each in answer["results"]] == ["accepted", "submitted", None, None]
    done, changed, unseen, absent = answer["results"]
    assert done["problem"] is None
    assert done["version"] == first.version + 1
    assert changed["problem"]["status"] == 412
    assert codes(changed["problem"]) == {"stale"}
    assert unseen["problem"] == absent["problem"]
    assert unseen["problem"]["status"] == 404


def test_the_same_key_answers_the_same_and_decides_once(as_: As, staff: dict[str, Account]) -> None:
    rows, client = [submitted(), submitted()], as_(staff["township"])
    headers = {"Idempotency-Key": "bulk-1"}
    first = post(client, PATH, body("accept", *rows), 200, **headers)
    moves = Decision.objects.count()
    assert post(client, PATH, body("accept", *rows), 200, **headers) == first
    post(client, PATH, body("accept", rows[0]), 409, **headers)
    assert Decision.objects.count() == moves


def test_without_a_key_a_second_try_is_told_the_truth(as_: As, staff: dict[str, Account]) -> None:
    row, client = submitted(), as_(staff["township"])
    post(client, PATH, body("accept", row), 200)
    again = post(client, PATH, body("accept", row), 200)["results"][0]
    assert (again["outcome"], again["status"], again["problem"]) == ("repeated", "accepted", None)
    unversioned = post(client, PATH, body("accept", {"number": row.number}), 200)["results"][0]
    assert (unversioned["outcome"], unversioned["problem"]["status"]) == ("not_possible", 409)


def test_a_comment_is_needed_once_for_all(as_: As, staff: dict[str, Account]) -> None:
    rows, client = [submitted(), submitted()], as_(staff["township"])
    assert codes(post(client, PATH, body("return", *rows), 400)) == {"comment_missing"}
    answer = post(client, PATH, body("return", *rows, comment="缺章"), 200)
    assert answer["done"] == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"action": "reject"}, "action"),
        ({"applications": []}, "applications"),
        ({"applications": [{"number": f"SQ{2026000001 + n}"} for n in range(51)]}, "applications"),
        ({"applications": [{"number": ABSENT_NUMBER}] * 2}, "applications"),
        ({"applications": [{"number": ABSENT_NUMBER, "force": True}]}, "applications.0.force"),
        ({"applications": [{"number": ABSENT_NUMBER, "version": 0}]}, "applications.0.version"),
        ({"applications": "SQ2026000001"}, "applications"),
        ({"force": True}, "force"),
    ],
)
def test_a_wrong_request_names_its_field(as_: As, staff: dict[str, Account], wrong: dict[str, Any], field: str) -> None:
    right = {"action": "accept", "applications": [{"number": ABSENT_NUMBER}]}
    problem = post(as_(staff["township"]), PATH, right | wrong, 400)
    assert [reason["field"] for reason in problem["errors"]] == [field]


def test_only_reviewers_have_it(as_: As) -> None:
    post(as_(factories.applicant()), PATH, body("accept", submitted()), 403)
