"""The auditor's pages of the ledger: finding entries, reading one, taking its proof away, verifying all of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import verify_offline
from certification.models import Job
from certification.services.verification import KIND
from enterprises.roles import Role
from ledger.models import LedgerEntry
from ledger.notes import verifier_key
from tests import factories as make
from tests.ledger.test_checkpoints import rewrite_everything_from

from .visiting import visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor() -> Client:
    return visitor(make.account(Role.AUDITOR))


def test_the_list_is_newest_first_and_turns_its_pages(auditor: Client) -> None:
    for _ in range(60):
        make.enterprise()
    last = LedgerEntry.objects.count()
    first = auditor.get("/ledger/")
    numbers = [row["number"] for row in first.context["page"].rows]
    assert numbers == list(range(last, last - 50, -1))
    second = auditor.get(f"/ledger/?after={first.context['page'].after}")
    assert second.context["page"].rows[0]["number"] == last - 50
    back = auditor.get(f"/ledger/?before={second.context['page'].before}")
    assert [row["number"] for row in back.context["page"].rows] == numbers


def test_filters_narrow_and_a_wrong_one_is_named(auditor: Client) -> None:
    applicant = make.applicant()
    row = make.step(make.filled(applicant), "submit", applicant)
    entry = LedgerEntry.objects.get(verb="application.submitted")
    for asked in (f"subject=application:{row.number}&verb={entry.verb}", f"first={entry.number}&last={entry.number}"):
        found = auditor.get(f"/ledger/?{asked}").context["page"].rows
        assert [each["number"] for each in found] == [entry.number]
    assert applicant.username in words(auditor.get(f"/ledger/?actor={entry.actor}"))
    assert "没有符合条件的台账条目" in words(auditor.get("/ledger/?enterprise=none&role=console"))
    for asked, said in (("first=5&last=2", "止号小于起号"), ("since=2026-02-30", "日期"), ("first=x", "整数")):
        answer = auditor.get(f"/ledger/?{asked}")
        assert answer.status_code == 400
        assert said in words(answer)


def test_an_entry_is_read_in_words_with_its_bytes_and_its_neighbours(auditor: Client) -> None:
    enterprise = make.enterprise()
    fact = make.achievement(enterprise, "guanbiao.implementation", make.NOW.date())
    said = words(auditor.get(f"/ledger/{fact.ledger_number}/"))
    entry = LedgerEntry.objects.get(pk=fact.ledger_number)
    for expected in ("记载认定事实", "贯标实施", "取得日期 2026-11-20", entry.hash, entry.prev, enterprise.uscc):
        assert expected in said
    assert f"前一条：第 {fact.ledger_number - 1} 号" in said
    assert "下载证明时签署" in said
    assert auditor.get("/ledger/99999999/").status_code == 404
    assert auditor.get(f"/ledger/{10**30}/").status_code == 404


def test_every_kind_of_entry_has_a_page(auditor: Client) -> None:
    make.approved(make.applicant(), make.reviewers())
    one_of_each = dict(LedgerEntry.objects.values_list("verb", "number"))
    for number in one_of_each.values():
        assert auditor.get(f"/ledger/{number}/").status_code == 200


def test_a_downloaded_proof_holds_offline(auditor: Client, tmp_path: Path) -> None:
    make.enterprise()
    answer = auditor.get("/ledger/1/proof/")
    assert answer["Content-Disposition"] == 'attachment; filename="ledger-1-proof.json"'
    file = tmp_path / "proof.json"
    file.write_bytes(answer.content)
    assert json.loads(answer.content)["number"] == 1
    assert verify_offline.main([str(file), "--key", verifier_key()]) == 0
    rewrite_everything_from(1)
    refused = auditor.get("/ledger/1/proof/")
    assert refused.status_code == 409
    assert "不能出具证明" in words(refused)


def test_verification_is_asked_for_on_the_page_and_told_there(auditor: Client) -> None:
    assert "还没有核验过" in words(auditor.get("/ledger/verify/"))
    auditor.post("/ledger/verify/")
    waiting = auditor.get("/ledger/verify/")
    assert waiting["Refresh"] == "3"
    auditor.post("/ledger/verify/")
    assert Job.objects.filter(kind=KIND).count() == 1


def test_what_a_verification_found_is_shown_with_its_numbers(auditor: Client, settings: Any) -> None:
    fault = {"number": 3, "reason": "与上一条的摘要不相连"}
    owner = make.account(Role.AUDITOR)
    kept = {"kind": KIND, "owner": owner, "created_at": make.NOW, "finished_at": make.NOW, "state": "done"}
    Job.objects.create(**kept, result={"checked": 2, "faults": [fault]})
    Job.objects.create(**kept, result={"checked": 70, "faults": []})
    answer = auditor.get("/ledger/verify/")
    said = words(answer)
    assert "台账第 3 号 与上一条的摘要不相连" in said
    assert "完整，与事实一致" in said
    assert owner.username in said
    assert "Refresh" not in answer


def test_the_list_asks_the_same_few_questions_however_long(auditor: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(60):
        make.enterprise()
    auditor.get("/ledger/")
    with django_assert_max_num_queries(7):
        auditor.get("/ledger/")
