"""Idempotency-Key: one effect, and the first answer again."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from api.models import KeptAnswer
from api.urls import v1
from certification.models import Decision, Evidence, Job
from enterprises.models import Account, Enterprise
from enterprises.roles import Role
from ledger.models import LedgerEntry
from tests import factories
from tests.factories import FAR_TOWN, NOW, PDF, TOWN

from .asking import V1, codes, post
from .conftest import As

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "0b9f7c1e-1"}


def registration(**more: str) -> dict[str, str]:
    return {"uscc": "91350100M000100Y43", "name": "常州星河有限公司", "township": TOWN} | more


def test_repeated_registration_gets_the_first_answer(as_: As) -> None:
    client = as_(factories.account(Role.CITY_REVIEWER))
    first = client.post(f"{V1}/enterprises/", registration(), format="json", headers=KEY)
    entries = LedgerEntry.objects.count()
    second = client.post(f"{V1}/enterprises/", registration(), format="json", headers=KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert (second["Location"], second["ETag"]) == (first["Location"], first["ETag"])
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert (Enterprise.objects.count(), LedgerEntry.objects.count()) == (1, entries)


def test_key_with_another_body_or_address_is_409(as_: As) -> None:
    client = as_(factories.account(Role.CITY_REVIEWER))
    post(client, "enterprises/", registration(), **KEY)
    assert codes(post(client, "enterprises/", registration(name="常州白沙有限公司"), 409, **KEY)) == {"key_reused"}
    assert codes(post(client, "totals/recount/", {}, 409, **KEY)) == {"key_reused"}
    assert not Job.objects.exists()


def test_answer_to_one_office_is_not_given_to_another(as_: As) -> None:
    applicant, staff = factories.applicant(), factories.reviewers()
    row = factories.step(factories.filled(applicant), "submit", applicant)
    path, reviewer = f"applications/{row.number}/actions/", staff["township"]
    post(as_(reviewer), path, {"action": "accept"}, 200, **KEY)
    Account.objects.filter(pk=reviewer.pk).update(township=FAR_TOWN)
    reviewer.refresh_from_db()
    assert codes(post(as_(reviewer), path, {"action": "accept"}, 409, **KEY)) == {"key_reused"}


def test_an_applicant_repeats_the_registration_that_gave_it_its_enterprise(as_: As) -> None:
    account = factories.account(Role.APPLICANT)
    first = post(as_(account), "enterprises/", registration(), 201, **KEY)
    account.refresh_from_db()
    assert post(as_(account), "enterprises/", registration(), 201, **KEY) == first
    post(as_(account), "enterprises/", registration(), 403)
    assert Enterprise.objects.count() == 1


def test_decision_repeated_with_its_key_is_made_once(as_: As) -> None:
    applicant, staff = factories.applicant(), factories.reviewers()
    row = factories.step(factories.filled(applicant), "submit", applicant)
    client, path = as_(staff["township"]), f"applications/{row.number}/actions/"
    first = post(client, path, {"action": "accept"}, 200, **KEY)
    assert post(client, path, {"action": "accept"}, 200, **KEY) == first
    assert Decision.objects.filter(action="accept").count() == 1
    post(client, path, {"action": "accept"}, 409)


def test_upload_repeated_with_its_key_is_kept_once(as_: As) -> None:
    applicant = factories.applicant()
    row, client = factories.draft(applicant), as_(applicant)

    def send(content: bytes) -> tuple[int, dict]:
        body = {"requirement": "commitment_letter", "file": SimpleUploadedFile("a.pdf", content)}
        answer = client.post(f"{V1}/applications/{row.number}/evidence/", body, format="multipart", headers=KEY)
        return answer.status_code, answer.json()

    first = send(PDF)
    assert first[0] == 201
    assert send(PDF) == first
    assert send(PDF + b" ")[0] == 409
    assert Evidence.objects.count() == 1


def test_refusal_keeps_no_key(as_: As) -> None:
    client = as_(factories.account(Role.CITY_REVIEWER))
    post(client, "enterprises/", registration(name=""), 400, **KEY)
    assert not KeptAnswer.objects.exists()
    post(client, "enterprises/", registration(), **KEY)


def test_keys_of_accounts_are_apart(as_: As) -> None:
    for manager in (factories.account(Role.PLAN_MANAGER), factories.account(Role.PLAN_MANAGER)):
        post(as_(manager), "totals/recount/", {}, 202, **KEY)
    assert Job.objects.count() == 2


def test_key_is_free_again_after_a_day(as_: As, clock: time_machine.Traveller) -> None:
    manager = factories.account(Role.PLAN_MANAGER)
    first = post(as_(manager), "totals/recount/", {}, 202, **KEY)
    clock.move_to(NOW + timedelta(hours=23, minutes=59))
    assert post(as_(manager), "totals/recount/", {}, 202, **KEY) == first
    clock.move_to(NOW + timedelta(hours=24, seconds=1))
    assert post(as_(manager), "totals/recount/", {}, 202, **KEY) != first


@pytest.mark.parametrize("key", ["", " ", "a" * 201, "钥匙", "a b"])
def test_wrong_key_is_400(as_: As, key: str) -> None:
    client = as_(factories.account(Role.PLAN_MANAGER))
    post(client, "totals/recount/", {}, 400, **{"Idempotency-Key": key})


@pytest.mark.parametrize("content", [b"[]", b"null", b'"a"', b"{", b""])
def test_wrong_body_with_a_key_is_400(as_: As, content: bytes) -> None:
    client = as_(factories.account(Role.CITY_REVIEWER))
    answer = client.generic("POST", f"{V1}/enterprises/", content, content_type="application/json", headers=KEY)
    assert answer.status_code == 400


@pytest.mark.parametrize("content", [b"", b"--x\r\n"])
@pytest.mark.parametrize(
    "kind", ["multipart/mixed", "multipart/form-data", f"multipart/form-data; boundary={'x' * 300}", "text/plain", "x"]
)
def test_a_body_of_another_kind_is_answered_with_a_key_as_without(as_: As, kind: str, content: bytes) -> None:
    applicant = factories.applicant()
    row, client = factories.draft(applicant), as_(applicant)
    own = f"applications/{row.number}"
    for path in ("applications/", f"{own}/actions/", f"{own}/evidence/", "enterprises/"):
        plain, keyed = (
            client.generic("POST", f"{V1}/{path}", content, content_type=kind, headers=headers) for headers in ({}, KEY)
        )
        assert plain.status_code in (400, 403, 415), path
        assert keyed.status_code == plain.status_code, path
        assert codes(keyed.json()) == codes(plain.json())
    assert not KeptAnswer.objects.exists()


def test_kept_answer_is_not_readable_in_the_database(as_: As) -> None:
    client = as_(factories.account(Role.APPLICANT))
    made = post(client, "enterprises/", registration(contact_name="王五", contact_phone="13800001234"), **KEY)
    assert made["contact_phone"] == "13800001234"
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM api_keptanswer")
        [stored] = cursor.fetchone()
    assert "13800001234" not in stored
    assert "13800001234" in KeptAnswer.objects.get().body


def test_every_address_that_creates_or_decides_heeds_the_key() -> None:
    heeding = {
        str(pattern.pattern)
        for pattern in v1
        if "POST" in pattern.callback.cls.operations and getattr(pattern.callback.cls.post, "heeds_key", False)
    }
    posting = {str(pattern.pattern) for pattern in v1 if "POST" in pattern.callback.cls.operations}
    assert posting - heeding == {"auth/token/", "auth/logout/", "verify/"}  # the last asks, and writes nothing
