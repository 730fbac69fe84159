"""The file of a paper: made after the decision, once, signed, with its proof; found altered by one byte."""

import hashlib
import json
from datetime import timedelta

import pypdfium2
import pytest
import segno
import zxingcpp

from certification.audit import fact_faults
from certification.errors import NotPossible
from certification.models import Document
from certification.papers import code
from certification.papers.authority import BadKey, opened
from certification.papers.lines import lines_of
from certification.services import rendering
from certification.services.rendering import file_of, path_of, render_due
from ledger.models import LedgerCheckpoint, LedgerEntry
from ledger.record import record
from ledger.verbs import Verb
from tests import factories as make
from tests.documents.drawing import paper_of, rendered

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(qiye, staff):
    row = make.step(make.step(make.filled(qiye), "submit", qiye), "accept", staff["township"])
    return paper_of(row, "acceptance")


def picture(content, *, dpi):
    return pypdfium2.PdfDocument(content)[0].render(scale=dpi / 72).to_pil()


def test_the_qr_code_read_from_the_page_opens_the_verification(paper):
    content = file_of(rendered(paper))
    found = zxingcpp.read_barcodes(picture(content, dpi=150))
    assert [each.text for each in found] == [f"https://ip.example.gov.cn/verify/{paper.code}/"]


def test_the_matrix_is_that_of_the_address_with_a_fixed_mask():
    rows = code.modules_of("https://ip.example.gov.cn/verify/X/")
    made = segno.make_qr("https://ip.example.gov.cn/verify/X/", error="m", mask=code.MASK, boost_error=False)
    assert [list(row) for row in rows] == [list(row) for row in made.matrix]
    assert [sum(length for _first, length in code.runs(row)) for row in rows] == [sum(row) for row in rows]


def test_the_page_says_what_was_decided_in_embedded_fonts_of_its_own(paper):
    document = pypdfium2.PdfDocument(file_of(rendered(paper)))
    text = document[0].get_textpage().get_text_range().replace("\r\n", "")
    for said in (paper.number, paper.holder, "受理通知书", "现予受理", "第 1 页"):
        assert said in text


def test_made_twice_it_is_the_same_and_on_record_once(paper):
    first = rendered(paper)
    entries, made = LedgerEntry.objects.count(), file_of(first)
    assert render_due(clock=lambda: make.NOW) == 0
    pages = [rendering.pages_of(rendering.printing_of(first)) for _ in range(2)]
    assert {hashlib.sha256(each).hexdigest() for each in pages} == {first.page_sha256}
    assert made.startswith(pages[0])
    assert (LedgerEntry.objects.count(), file_of(first)) == (entries, made)
    assert LedgerCheckpoint.objects.count() == 1


def test_what_fails_is_tried_again_later_and_its_state_is_seen(paper, monkeypatch):
    monkeypatch.setattr(rendering, "pages_of", lambda printing: 1 / 0)
    assert render_due(clock=lambda: make.NOW) == 0
    paper.refresh_from_db()
    assert (paper.state, paper.tries) == ("failed", 1)
    assert "ZeroDivisionError" in paper.last_error
    with pytest.raises(NotPossible):
        file_of(paper)
    monkeypatch.undo()
    assert render_due(clock=lambda: make.NOW) == 0
    assert render_due(clock=lambda: make.NOW + rendering.backoff(1)) == 1


def test_nobody_makes_what_another_has_claimed(paper):
    assert rendering.claim(paper.pk, at=make.NOW) is not None
    assert rendering.claim(paper.pk, at=make.NOW) is None


def test_a_file_altered_on_disk_is_not_handed_out(paper):
    path = path_of(rendered(paper).sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(NotPossible):
        file_of(paper)


@pytest.mark.parametrize(
    "altered",
    [
        {"holder": "常州他人公司"},
        {"valid_until": "2030-01-01"},
        {"page_sha256": "0" * 64},
        {"code": "X" * 24},
        {"sha256": "0" * 64},
        {"size": 1},
        {"rendered_at": make.NOW + timedelta(days=1)},
        {"state": "pending", "rendered_at": None, "sha256": "", "size": 0},
    ],
    ids=lambda altered: next(iter(altered)),
)
def test_a_paper_altered_with_sql_is_named(paper, altered):
    rendered(paper)
    assert list(fact_faults(limit=9)) == []
    Document.objects.filter(pk=paper.pk).update(**altered)
    assert paper.number in "".join(fault.reason for fault in fact_faults(limit=9))


def test_a_file_made_before_files_were_on_record_is_no_fault_and_a_later_one_is(paper, staff, monkeypatch):
    def older(fact, **told):
        return None if fact.verb == Verb.DOCUMENT_SIGNED else record(fact, **told)

    monkeypatch.setattr(rendering, "record", older)
    rendered(paper)
    assert list(fact_faults(limit=9)) == []
    monkeypatch.undo()
    for number in range(2):
        person = make.applicant()
        row = make.step(make.step(make.filled(person), "submit", person), "accept", staff["township"])
        monkeypatch.setattr(rendering, "record", older if number else record)
        later = rendered(paper_of(row, "acceptance"))
        assert [fault.number for fault in fact_faults(limit=9)] == ([later.page_number] if number else [])


def test_lines_break_where_they_may():
    lines = lines_of("（一）" * 20 + "统一代码91320411MA2455XH60。" * 4, font="Helvetica", size=10, width=120)
    assert "".join(lines).count("91320411MA2455XH60") == 4
    assert not [line for line in lines if line[0] in "）。" or line[-1] == "（"]


def test_a_key_that_is_not_its_certificates_is_refused(settings):
    with pytest.raises(BadKey):
        opened("nonsense", settings.PDF_SIGNING_CERT or "nonsense")


def test_the_attachment_says_what_the_ledger_has(paper):
    proof = json.loads(rendering.proof_for(rendered(paper), at=make.NOW))
    assert proof["content"] == paper.content
    assert proof["rendered"]["number"] == Document.objects.get(pk=paper.pk).page_number
