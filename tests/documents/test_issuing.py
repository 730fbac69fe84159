"""Number, code and words are given with the decision; what cannot be printed stops it."""

import json
import threading

import pytest
from django.db import connection, transaction

from certification.errors import Refused
from certification.models import Document, DocumentWording, NumberSeries, RouteStep
from certification.paperwork import is_code
from certification.services.documents import subject_of
from certification.services.door import Remark
from ledger.canonical import commitment, digest, text_of
from ledger.models import LedgerEntry
from tests import factories as make
from tests.documents.drawing import paper_of

pytestmark = pytest.mark.django_db
DEFECTS = [
    {"clause": "employees", "text": "职工人数不符合"},
    {"clause": "evidence.commitment_letter", "text": "缺公章"},
]


def submitted(qiye, **asked):
    return make.step(make.filled(qiye, **asked), "submit", qiye)


def test_each_move_issues_the_papers_that_its_rule_has_words_for(qiye, staff):
    row = make.approved(qiye, staff)
    kinds = list(Document.objects.filter(application=row).order_by("id").values_list("kind", "number"))
    assert kinds == [("acceptance", "CZWS2026000001"), ("decision", "CZWS2026000002")]
    implemented = make.approved(qiye, staff, stage="guanbiao.implementation", at=make.NOW.replace(year=2027, month=1))
    paper = paper_of(implemented, "certificate")
    assert (paper.number, paper.achievement_id) == ("CZZS2027000001", implemented.achievement.ledger_number)
    assert paper.content["title"] == "贯标实施备案通知书"
    assert implemented.rule.edition_id in paper.content["paragraphs"][0]
    taken = implemented.rule.edition.modules.get(code="7.1")
    assert f"7.1 {taken.title}" in paper.content["paragraphs"][1]


def test_a_correction_names_every_defect_and_a_refusal_its_reason(qiye, staff):
    row = make.step(submitted(qiye), "return", staff["township"], remark=Remark("请补交", DEFECTS))
    said = paper_of(row, "correction").content["paragraphs"]
    assert "请补交" in said
    assert "1. 职工人数：职工人数不符合" in said
    assert "2. 贯标承诺书（盖章）：缺公章" in said
    row = make.step(make.step(row, "submit", qiye), "accept", staff["township"])
    row = make.step(row, "reject", staff["township"], remark=Remark("不符合条件"))
    assert "理由：不符合条件" in paper_of(row, "refusal").content["paragraphs"]


@pytest.mark.parametrize(("days", "said"), [(15, ["补正期限为2026年12月11日"]), (None, [])])
def test_a_correction_says_its_last_day_where_there_is_one(days, said, qiye, staff):
    RouteStep.objects.update(correction_days=days)
    row = make.step(submitted(qiye), "return", staff["township"], remark=Remark("请补交", DEFECTS))
    lines = paper_of(row, "correction").content["paragraphs"]
    assert [line.partition("（")[0] for line in lines if "期限" in line] == said
    assert "请补正后通过本系统重新提交。补正期间不计入办理时限。" in lines


def test_the_ledger_has_digests_of_words_and_code_only(qiye, staff):
    row = make.step(submitted(qiye), "accept", staff["township"])
    paper = paper_of(row, "acceptance")
    entry = LedgerEntry.objects.get(number=paper.ledger_number)
    said = json.loads(entry.payload)
    assert (entry.verb, entry.subject) == ("document.issued", subject_of(paper))
    assert said["content"] == commitment(text_of(paper.content), salt=paper.salt)[1]
    assert said["code"] == digest(paper.code.encode())
    assert is_code(paper.code)
    assert paper.decision.action == "accept"
    assert paper.code not in entry.payload


def test_a_character_without_a_glyph_refuses_the_decision_and_is_named(qiye, staff):
    row = submitted(qiye)
    with pytest.raises(Refused) as refused:
        make.step(row, "return", staff["township"], remark=Remark("请补交😀和\u200b材料"))
    assert refused.value.refusals[0].code == "glyph_missing"
    assert "😀 (U+1F600)" in str(refused.value)
    assert "U+200B" in str(refused.value)
    row.refresh_from_db()
    assert row.status == "submitted"
    assert not Document.objects.exists()


def test_what_is_rolled_back_leaves_no_gap(qiye, staff):
    row = submitted(qiye)
    with transaction.atomic():
        make.step(row, "accept", staff["township"])
        transaction.set_rollback(True)
    make.step(submitted(make.applicant()), "accept", staff["township"])
    assert [paper.number for paper in Document.objects.all()] == ["CZWS2026000001"]


def test_a_new_wording_changes_no_paper_that_was_issued(qiye, staff):
    row = make.step(submitted(qiye), "accept", staff["township"])
    said = paper_of(row, "acceptance").content
    DocumentWording.objects.filter(kind="acceptance").update(title="改")
    assert paper_of(row, "acceptance").content == said


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_when_people_decide_at_once(staff):
    rows = [submitted(make.applicant()) for _ in range(4)]
    barrier = threading.Barrier(len(rows))

    def accept(row):
        barrier.wait()
        try:
            make.step(row, "accept", staff["township"])
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    numbers = sorted(Document.objects.values_list("number", flat=True))
    assert numbers == [f"CZWS2026{serial:06d}" for serial in range(1, 5)]
    assert NumberSeries.objects.get(series="CZWS").last == 4
