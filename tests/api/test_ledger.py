"""The ledger over the API: filters, one entry, its proof, what was signed, and verification of a long one."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

import verify_offline
from certification.models import Job
from certification.tasks import run_job
from enterprises.models import Enterprise
from enterprises.roles import Role
from ledger.checkpoints import make as checkpoint
from ledger.models import LedgerCheckpoint, LedgerEntry
from tests import factories
from tests.ledger.test_checkpoints import rewrite_everything_from

from .asking import client_of, codes, get

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor() -> APIClient:
    return client_of(factories.account(Role.AUDITOR))


def numbers(client: APIClient, **asked: Any) -> list[int]:
    return [entry["number"] for entry in get(client, "ledger/", page_size=200, **asked)["results"]]


def test_every_filter_narrows_to_what_it_names(auditor: APIClient) -> None:
    applicant = factories.applicant()
    factories.step(factories.filled(applicant), "submit", applicant)
    entry = LedgerEntry.objects.filter(verb="application.submitted").get()
    last = LedgerEntry.objects.count()
    assert numbers(auditor, first=last - 2, last=last - 1) == [last - 2, last - 1]
    assert numbers(auditor, actor=entry.actor, verb=entry.verb) == [entry.number]
    own = set(LedgerEntry.objects.filter(role="applicant").values_list("number", flat=True))
    assert set(numbers(auditor, role="applicant")) == own
    assert entry.number in numbers(auditor, enterprise=entry.enterprise, subject=entry.subject)
    day = timezone.localdate(entry.at)
    assert entry.number in numbers(auditor, since=day, until=day, first=entry.number)
    assert numbers(auditor, until=day - timedelta(days=1), first=entry.number, last=entry.number) == []
    assert numbers(auditor, since=day + timedelta(days=1), first=entry.number, last=entry.number) == []


@pytest.mark.parametrize(
    "asked",
    [{"first": "0"}, {"first": "x"}, {"last": "9" * 30}, {"since": "2026-02-30"}, {"role": "king"}, {"verb": "x"}],
)
def test_a_wrong_filter_is_named(auditor: APIClient, asked: dict[str, str]) -> None:
    assert [error["field"] for error in get(auditor, "ledger/", 400, **asked)["errors"]] == list(asked)


@pytest.mark.parametrize("path", ["ledger/", "audit/"])
def test_the_first_and_the_last_day_of_the_calendar_are_days(auditor: APIClient, path: str) -> None:
    found = get(auditor, path, since="0001-01-01", until="9999-12-31", page_size=200)["results"]
    assert found == get(auditor, path, page_size=200)["results"]
    assert get(auditor, path, since="9999-12-31")["results"] == []
    assert get(auditor, path, until="0001-01-01")["results"] == []


def test_an_entry_says_its_bytes_and_its_neighbours(auditor: APIClient) -> None:
    code = factories.enterprise().uscc
    factories.enterprise()
    achieved = factories.achievement(Enterprise.objects.get(uscc=code), "guanbiao.implementation", factories.NOW.date())
    found = get(auditor, f"ledger/{achieved.ledger_number}/")
    assert json.loads(found["canonical"])["payload"] == found["payload"]
    assert found["previous"] == achieved.ledger_number - 1
    assert found["next"] is None
    before = LedgerEntry.objects.get(pk=found["enterprise_previous"])
    assert (before.enterprise, before.hash) == (code, found["enterprise_prev"])
    assert get(auditor, "ledger/1/")["previous"] is None
    get(auditor, "ledger/99999999/", 404)


def test_a_proof_over_the_api_holds_offline_with_the_public_key(auditor: APIClient, tmp_path: Path) -> None:
    factories.enterprise()
    number = LedgerEntry.objects.count()
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(get(auditor, f"ledger/{number}/proof/")))
    key = get(client_of(None), "ledger/key/")["key"]
    assert verify_offline.main([str(file), "--key", key]) == 0
    get(auditor, "ledger/99999999/proof/", 404)


def test_two_checkpoints_and_what_shows_that_one_begins_the_other(auditor: APIClient, tmp_path: Path) -> None:
    for _ in range(2):
        factories.enterprise()
        checkpoint(at=factories.NOW)
    new, old = (row["size"] for row in get(auditor, "ledger/checkpoints/")["results"])
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(get(auditor, f"ledger/checkpoints/{old}/{new}/")))
    assert verify_offline.main([str(file), "--key", get(auditor, "ledger/key/")["key"]]) == 0
    assert codes(get(auditor, f"ledger/checkpoints/{new}/{old}/", 409)) == {"checkpoints_turned"}


def test_no_proof_is_given_of_a_ledger_that_was_rewritten(auditor: APIClient) -> None:
    factories.enterprise()
    first = checkpoint(at=factories.NOW)
    factories.enterprise()
    second = checkpoint(at=factories.NOW)
    assert first
    assert second
    rewrite_everything_from(first.size)
    for path in (f"ledger/{first.size}/proof/", f"ledger/checkpoints/{first.size}/{second.size}/"):
        assert codes(get(auditor, path, 409)) == {"ledger_differs"}
    factories.enterprise()
    get(auditor, f"ledger/{second.size + 1}/proof/", 409)
    assert LedgerCheckpoint.objects.count() == 2
    assert get(auditor, "ledger/verify/")["ok"] is False


def test_a_long_ledger_is_walked_by_the_worker(auditor: APIClient, settings: Any) -> None:
    factories.enterprise()
    settings.LEDGER_VERIFIED_AT_ONCE = 1
    begun = get(auditor, "ledger/verify/")
    assert (begun["ok"], begun["checked"], begun["verified_at"]) == (None, 0, None)
    assert get(auditor, "ledger/verify/")["job"] == begun["job"]
    run_job(begun["job"])
    done = get(auditor, "ledger/verify/")
    assert (done["ok"], done["checked"], done["job"]) == (True, LedgerEntry.objects.count(), None)
    assert done["verified_at"]
    Job.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    later = get(auditor, "ledger/verify/")
    assert later["ok"] is True
    assert later["job"] not in (None, begun["job"])
