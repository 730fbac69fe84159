"""The bureau's own papers over the API: who sees them, what the city does with them, how their file is handed out."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from certification.document_life import Standing, standing
from certification.models import Document, DocumentEvent
from certification.services import rendering
from certification.services.document_events import happen, standing_of
from enterprises.models import Account
from enterprises.roles import Role
from ledger.models import LedgerEntry
from tests import factories as make

from .asking import V1, client_of, codes, get, post
from .conftest import As

pytestmark = pytest.mark.django_db
DAY = make.NOW.date()


@pytest.fixture
def staff(db: None) -> dict[str, Account]:
    return make.reviewers()


@pytest.fixture
def own(db: None) -> Account:
    return make.applicant()


@pytest.fixture
def paper(own: Account, staff: dict[str, Account]) -> Document:
    """A certificate; the letters of its application stand beside it."""
    make.achievement(own.enterprise, "guanbiao.cultivation", DAY - timedelta(days=400))
    row = make.approved(own, staff, stage="guanbiao.implementation")
    return Document.objects.get(application=row, kind="certificate")


def numbers(client: APIClient, **asked: str) -> list[str]:
    return [row["number"] for row in get(client, "certificates/", issuer="bureau", **asked)["results"]]


def test_the_list_has_both_issuers_apart_and_is_narrowed(own: Account, staff: Any, paper: Document) -> None:
    client, theirs = client_of(own), make.certificate(own.enterprise)
    assert [row["number"] for row in get(client, "certificates/")["results"]] == [theirs.number]
    assert len(numbers(client)) == paper.application.documents.count() > 1
    assert numbers(client, kind="certificate") == [paper.number]
    assert numbers(client, kind="certificate", standing="valid", state="pending", number="czzs") == [paper.number]
    assert numbers(client, standing="revoked") == []
    assert numbers(client, application="SQ2026999999") == []
    (row,) = get(client, "certificates/", issuer="bureau", kind="certificate")["results"]
    assert (row["issuer"], row["kind_display"], row["standing_display"]) == ("bureau", "证书", "有效")
    assert (row["state_display"], row["enterprise"], row["title"]) == ("正在生成", paper.uscc, "贯标实施备案通知书")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"issuer": "bureau", "body": "x"}, "body"),
        ({"issuer": "bureau", "attention": "overdue"}, "attention"),
        ({"kind": "certificate"}, "kind"),
        ({"state": "pending"}, "state"),
        ({"issuer": "nobody"}, "issuer"),
    ],
)
def test_a_filter_of_the_other_list_is_refused_by_name(own: Account, asked: dict[str, str], field: str) -> None:
    problem = get(client_of(own), "certificates/", 400, **asked)
    assert [reason["field"] for reason in problem["errors"]] == [field]
    assert problem["errors"][0]["remedy"]


def test_one_paper_is_shown_with_what_stands_on_it(own: Account, paper: Document) -> None:
    said = get(client_of(own), f"certificates/{paper.number}/")
    assert (said["code"], said["paragraphs"], said["clause"]) == (
        paper.code,
        paper.content["paragraphs"],
        paper.content["clause"],
    )
    assert said["verify"].endswith(f"/verify/{paper.code}/")
    assert (said["allowed_events"], said["events"], said["sha256"]) == ([], [], None)


@pytest.mark.parametrize(
    ("role", "scope", "seen"),
    [
        (Role.CITY_REVIEWER, {}, 200),
        (Role.TOWNSHIP_REVIEWER, {}, 200),
        (Role.TOWNSHIP_REVIEWER, {"township": make.OTHER_TOWN}, 404),
        (Role.DISTRICT_REVIEWER, {"unit": "wujin"}, 200),
        (Role.DISTRICT_REVIEWER, {"unit": "liyang"}, 404),
        (Role.MONITOR, {}, 200),
        (Role.PLAN_MANAGER, {}, 200),
        (Role.APPLICANT, {}, 404),
        (Role.EXPERT, {}, 404),
        (Role.SYSTEM_ADMIN, {}, 404),
        (Role.SECURITY_ADMIN, {}, 404),
        (Role.AUDITOR, {}, 404),
    ],
)
def test_who_sees_a_paper_and_only_the_city_changes_it(
    as_: As, paper: Document, role: str, scope: dict[str, str], seen: int
) -> None:
    client, path = as_(make.account(role, **scope)), f"{V1}/certificates/{paper.number}/"
    answers = [client.get(f"{path}{part}").status_code for part in ("", "events/", "pdf/")]
    assert answers == [seen, seen, 409 if seen == 200 else seen]
    assert numbers(client, kind="certificate") == ([paper.number] if seen == 200 else [])
    asked = client.post(f"{path}events/", {"kind": "suspend", "reason": "依据"}, format="json")
    assert asked.status_code == (201 if role == Role.CITY_REVIEWER else 403)
    assert DocumentEvent.objects.exists() is (role == Role.CITY_REVIEWER)


def test_a_stranger_is_asked_to_log_in(stranger: APIClient, paper: Document) -> None:
    for part in ("", f"{paper.number}/", f"{paper.number}/events/", f"{paper.number}/pdf/"):
        get(stranger, f"certificates/{part}", 401)


def test_the_city_suspends_restores_supersedes_and_revokes(staff: Any, paper: Document) -> None:
    city, path = client_of(staff["city"]), f"certificates/{paper.number}/events/"
    assert get(city, f"certificates/{paper.number}/")["allowed_events"] == ["suspend", "revoke", "supersede"]
    held = post(city, path, {"kind": "suspend", "reason": "依据第一条"})
    assert (held["standing"], held["standing_since"], held["allowed_events"]) == (
        "suspended",
        str(DAY),
        ["restore", "revoke"],
    )
    assert post(city, path, {"kind": "restore", "reason": "依据第二条"})["standing"] == "valid"
    newer = post(city, path, {"kind": "supersede", "reason": "企业更名"})
    assert (newer["replaces"], newer["standing"], newer["number"]) == (paper.number, "valid", "CZZS2026000002")
    old = get(city, f"certificates/{paper.number}/")
    assert (old["standing"], old["replaced_by"], old["allowed_events"]) == ("superseded", newer["number"], [])
    assert post(city, f"certificates/{newer['number']}/events/", {"kind": "revoke", "reason": "弄虚作假"})[
        "standing"
    ] == ("revoked")
    happened = get(city, path)["results"]
    assert [(each["kind"], each["kind_display"], each["reason"]) for each in happened] == [
        ("suspend", "暂停", "依据第一条"),
        ("restore", "恢复", "依据第二条"),
        ("supersede", "换发", "企业更名"),
    ]


@pytest.mark.parametrize(
    ("said", "status", "field", "code"),
    [
        ({"kind": "restore", "reason": "x"}, 409, "kind", "not_possible"),
        ({"kind": "renew", "reason": "x"}, 400, "kind", "invalid_choice"),
        ({"kind": "suspend", "reason": " "}, 400, "reason", "ground_missing"),
        ({"kind": "suspend", "reason": "字" * 301}, 400, "reason", "ground_too_long"),
        ({"kind": "suspend"}, 400, "reason", "required"),
        ({"kind": "suspend", "reason": "x", "on": "2026-01-01"}, 400, "on", "unknown_field"),
    ],
)
def test_what_cannot_be_done_to_a_paper_changes_nothing(
    staff: Any, paper: Document, said: dict[str, str], status: int, field: str, code: str
) -> None:
    before = LedgerEntry.objects.count()
    problem = post(client_of(staff["city"]), f"certificates/{paper.number}/events/", said, status)
    assert [(reason["field"], reason["code"]) for reason in problem["errors"]] == [(field, code)]
    assert LedgerEntry.objects.count() == before


def test_the_same_key_supersedes_once(staff: Any, paper: Document) -> None:
    city, path = client_of(staff["city"]), f"certificates/{paper.number}/events/"
    said = {"kind": "supersede", "reason": "企业更名"}
    first, again = (post(city, path, said, **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert first == again
    assert Document.objects.filter(kind="certificate").count() == 2
    assert codes(post(city, path, {**said, "kind": "revoke"}, 409, **{"Idempotency-Key": "k1"})) == {"key_reused"}


def test_the_file_waits_until_it_is_made_and_says_its_digest(
    own: Account, paper: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, path = client_of(own), f"certificates/{paper.number}/"
    assert codes(get(client, f"{path}pdf/", 409)) == {"document_pending"}
    monkeypatch.setattr(rendering, "pages_of", lambda printing: 1 / 0)
    rendering.render_due(clock=lambda: make.NOW)
    assert (get(client, path)["state"], get(client, path)["tries"]) == ("failed", 1)
    monkeypatch.setattr(rendering, "pages_of", lambda printing: make.PDF)
    monkeypatch.setattr(rendering, "signed", lambda pages, *args, **options: pages)
    rendering.render_due(clock=lambda: make.NOW + timedelta(hours=1))
    assert get(client, path)["state"] == "rendered"
    answer = client.get(f"{V1}/{path}pdf/")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, make.PDF, "application/pdf")
    assert answer["Repr-Digest"].startswith("sha-256=:")
    assert f'filename="{paper.number}.pdf"' in answer["Content-Disposition"]


def test_scan_and_look_up_are_for_other_bodies_certificates(staff: Any, paper: Document) -> None:
    city = client_of(staff["city"])
    for part in ("pdf", "lookups"):
        sent = {"file": SimpleUploadedFile("x.pdf", make.PDF), **({"result": "matches"} if part == "lookups" else {})}
        answer = city.post(f"{V1}/certificates/{paper.number}/{part}/", sent, format="multipart")
        assert (answer.status_code, codes(answer.json())) == (409, {"own_paper"})


def test_status_in_sql_is_the_status_of_the_rules(staff: Any, paper: Document) -> None:
    for ways in ((), ("suspended",), ("suspended", "restored"), ("suspended", "revoked"), ("superseded",)):
        number = Document.objects.get(kind="certificate", events__isnull=True, replaced_by__isnull=True).number
        for event in ways:
            row = Document.objects.get(number=number)
            happen(row, event, ground="依据", actor=staff["city"], at=make.NOW)
        _as_the_rules_say()
        DocumentEvent.objects.all().delete()
        Document.objects.update(replaces=None)
        Document.objects.filter(kind="certificate").exclude(pk=paper.pk).delete()
    fact = paper.achievement
    assert fact
    for reason in ("revoked", "annulled", "withdrawn", "expired"):
        type(fact).objects.filter(pk=fact.pk).update(ended_reason=reason, ended_on=DAY + timedelta(days=1))
        _as_the_rules_say()
    type(fact).objects.filter(pk=fact.pk).update(ended_reason="", ended_on=None)
    Document.objects.filter(pk=paper.pk).update(valid_until=DAY)
    _as_the_rules_say()


def _as_the_rules_say() -> None:
    for days in (-1, 0, 1, 2):
        on = DAY + timedelta(days=days)
        for row in Document.objects.standing(on=on).with_file():
            assert Standing(row.standing) is standing_of(row, on=on)[0], (row.number, on)
    assert standing([], on=DAY)[0] is Standing.VALID
