"""Verification over the API: everybody with a code or a file learns how a paper stands, and nobody guesses for long."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

import verify_offline
from certification.models import Application, Document
from certification.paperwork import CODE_LENGTH, new_code, spaced
from certification.services import guessing
from certification.services.achievements import end_achievement
from certification.services.document_events import happen
from ledger.checkpoints import make as sign
from ledger.models import LedgerCheckpoint, LedgerEntry
from tests import factories as make

from .asking import V1, codes, get

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_tries() -> None:
    cache.clear()


@pytest.fixture
def paper() -> Document:
    own, staff = make.applicant(), make.reviewers()
    make.achievement(own.enterprise, "guanbiao.cultivation", make.NOW.date() - timedelta(days=400))
    row = make.approved(own, staff, stage="guanbiao.implementation")
    return Document.objects.get(application=row, kind="certificate")


def test_a_code_says_what_the_paper_is_and_nothing_personal(stranger: APIClient, paper: Document) -> None:
    said = get(stranger, f"verify/{paper.code}/")
    assert {name: said[name] for name in ("number", "holder", "title", "status", "status_since", "kind")} == {
        "number": paper.number,
        "holder": paper.holder,
        "title": paper.content["title"],
        "status": "valid",
        "status_since": None,
        "kind": "certificate",
    }
    assert (said["status_display"], said["kind_display"]) == ("有效", "证书")
    assert (said["issued_on"], said["ledger_number"], said["proof"]) == ("2026-11-20", paper.ledger_number, None)
    assert said == get(stranger, f"verify/{spaced(paper.code).lower()}/")
    text = str(said)
    assert not any(secret in text for secret in ("王五", "13800000000", paper.issued_by.username, paper.code))


def test_the_proof_is_that_of_the_newest_checkpoint_and_signs_nothing(stranger: APIClient, paper: Document) -> None:
    entries = LedgerEntry.objects.count()
    get(stranger, f"verify/{paper.code}/")
    assert not LedgerCheckpoint.objects.exists()
    checkpoint = sign(at=make.NOW)
    assert checkpoint
    proof = get(stranger, f"verify/{paper.code}/")["proof"]
    assert (proof["number"], proof["size"]) == (paper.ledger_number, checkpoint.size)
    verify_offline.check_proof(proof, verify_offline.key_of(get(stranger, "ledger/key/")["key"]))
    assert LedgerEntry.objects.count() == entries


def test_each_way_to_stand_is_told_apart(stranger: APIClient, paper: Document) -> None:
    city = make.account("city_reviewer")

    def after(row: Document, event: str) -> tuple[str, str, str | None]:
        happen(row, event, ground="依据第一条", actor=city, at=make.NOW)
        said = get(stranger, f"verify/{row.code}/")
        return said["status"], said["status_since"], said["replaced_by"]

    day = "2026-11-20"
    assert after(paper, "suspended") == ("suspended", day, None)
    assert after(paper, "restored") == ("valid", None, None)
    assert after(paper, "superseded") == ("superseded", day, "CZZS2026000002")
    newer = Document.objects.get(number="CZZS2026000002")
    assert after(newer, "revoked") == ("revoked", day, None)


def test_a_paper_lapses_after_its_last_day_and_with_what_it_attests(stranger: APIClient, paper: Document) -> None:
    Document.objects.filter(pk=paper.pk).update(issued_on=date(2023, 1, 1), valid_until=date(2026, 11, 19))
    assert get(stranger, f"verify/{paper.code}/")["status"] == "lapsed"
    Document.objects.filter(pk=paper.pk).update(valid_until=None)
    fact, city = Application.objects.get().achievement, make.account("city_reviewer")
    ended = {"reason": "revoked", "ended_on": make.NOW.date(), "ground": "弄虚作假"}
    end_achievement(fact, **ended, actor=city, at=make.NOW)
    assert get(stranger, f"verify/{paper.code}/")["status"] == "revoked"


@pytest.mark.parametrize("code", ["A" * CODE_LENGTH, "x", "%00", "0" * 500, "..%2f", "查验", "' OR 1=1"])
def test_what_was_never_issued_is_404_with_its_own_code(stranger: APIClient, code: str) -> None:
    problem = get(stranger, f"verify/{code}/", 404)
    if "%2f" not in code:
        assert codes(problem) == {"never_issued"}
        assert problem["errors"][0]["remedy"]


def test_guesses_are_counted_together_on_the_page_and_over_the_api(paper: Document) -> None:
    most, page, client = settings.VERIFY_TRIES[0], Client(), APIClient()
    for place in range(most):
        guess = page.get(f"/verify/{new_code()}/") if place % 2 else client.get(f"{V1}/verify/{new_code()}/")
        assert guess.status_code == 404
    for answer in (client.get(f"{V1}/verify/{new_code()}/"), page.get(f"/verify/{new_code()}/")):
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= settings.VERIFY_TRIES[1]
    assert get(client, f"verify/{new_code()}/", 429)["title"] == "请求过于频繁"


def test_of_ten_thousand_guesses_only_the_first_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def by_code(code: str, *, on: date) -> None:
        heard.append(code)

    monkeypatch.setattr(guessing, "by_code", by_code)
    refused = 0
    for place in range(10_000):
        try:
            guessing.looked_up(f"{place:024d}", address="192.0.2.7", on=make.NOW.date())
        except guessing.TooOften as often:
            refused += 0 < often.wait <= settings.VERIFY_TRIES[1]
    assert (len(heard), refused) == (settings.VERIFY_TRIES[0], 10_000 - settings.VERIFY_TRIES[0])


def test_looking_up_what_is_there_is_never_slowed_down(stranger: APIClient, paper: Document) -> None:
    for _ in range(settings.VERIFY_TRIES[0] + 5):
        get(stranger, f"verify/{paper.code}/")


def handed_in(client: APIClient, content: bytes, status: int = 200) -> dict[str, object]:
    answer = client.post(f"{V1}/verify/", {"file": SimpleUploadedFile("x.pdf", content)}, format="multipart")
    assert answer.status_code == status, answer.content.decode()
    return dict(answer.json())


def test_a_file_that_is_not_ours_or_no_file(stranger: APIClient) -> None:
    found = handed_in(stranger, make.PDF)
    assert (found["finding"], found["attested"], found["altered_at"]) == ("not_ours", None, None)
    assert codes(handed_in(stranger, b"", 400)) == {"file_empty"}
    assert codes(handed_in(stranger, b"%PDF" + b"x" * settings.VERIFY_MAX_BYTES, 413)) == {"file_too_large"}
    assert handed_in(stranger, b"x" * (settings.VERIFY_MAX_BYTES + 100_000), 413)["status"] == 413
    assert stranger.post(f"{V1}/verify/", {}, format="multipart").status_code == 400
    assert stranger.post(f"{V1}/verify/", {"file": "x"}, format="json").status_code == 415


def test_files_are_counted_together_too(stranger: APIClient) -> None:
    page, most = Client(), settings.UPLOAD_TRIES[0]
    for place in range(most):
        if place % 2:
            page.post("/verify/", {"file": SimpleUploadedFile("x.pdf", make.PDF)})
        else:
            handed_in(stranger, make.PDF)
    refused = stranger.post(f"{V1}/verify/", {"file": SimpleUploadedFile("x.pdf", make.PDF)}, format="multipart")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert page.post("/verify/", {"file": SimpleUploadedFile("x.pdf", make.PDF)}).status_code == 429


def test_the_page_names_its_data(paper: Document) -> None:
    page = Client().get(f"/verify/{paper.code}/")
    assert page["Link"] == f'<{V1}/verify/{paper.code}/>; rel="alternate"; type="application/json"'
    assert f'href="{V1}/verify/{paper.code}/"' in page.content.decode()
    assert "Link" not in Client().get(f"/verify/{new_code()}/")
