"""Whoever has a paper learns how it stands: by its code, by its file, and without the registry."""

import hashlib
import json
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

import verify_offline
from certification.audit import fact_faults
from certification.document_life import Standing, standing
from certification.errors import NotAllowed, NotPossible, Refused
from certification.models import Document
from certification.papers.authority import self_made
from certification.papers.seals import seal_of
from certification.papers.signing import signed
from certification.paperwork import new_code, spaced
from certification.services.achievements import end_achievement
from certification.services.document_events import happen
from certification.services.rendering import file_of
from certification.services.uploaded import Finding, examined
from certification.views.framed import framed
from ledger.models import LedgerEntry
from ledger.notes import verifier_key
from tests import factories as make
from tests.architecture.tree import ROOT
from tests.documents.drawing import paper_of, rendered
from tests.pages.world import BACKEND

pytestmark = pytest.mark.django_db
DAY = make.NOW.date()


@pytest.fixture(autouse=True)
def the_day():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def paper(qiye, staff):
    row = make.step(make.step(make.filled(qiye), "submit", qiye), "accept", staff["township"])
    return paper_of(row, "acceptance")


@pytest.mark.parametrize(
    ("events", "valid_until", "ended", "expected"),
    [
        ([], None, None, (Standing.VALID, None)),
        ([("suspended", 5)], None, None, (Standing.SUSPENDED, 5)),
        ([("suspended", 5), ("restored", 6)], None, None, (Standing.VALID, None)),
        ([("suspended", 5), ("revoked", 7)], None, None, (Standing.REVOKED, 7)),
        ([("superseded", 8)], 9, None, (Standing.SUPERSEDED, 8)),
        ([("revoked", 11)], None, None, (Standing.VALID, None)),
        ([], 9, None, (Standing.LAPSED, 10)),
        ([], 10, None, (Standing.VALID, None)),
        ([("suspended", 5)], 9, None, (Standing.LAPSED, 10)),
        ([], None, ("revoked", 3), (Standing.REVOKED, 3)),
        ([], None, ("annulled", 20), (Standing.REVOKED, 20)),
        ([], None, ("expired", 10), (Standing.LAPSED, 10)),
        ([], None, ("withdrawn", 11), (Standing.VALID, None)),
    ],
)
def test_standing_follows_from_the_events(events, valid_until, ended, expected):
    def day(number):
        return date(2026, 1, number) if number else None

    found = standing(
        [(event, day(on)) for event, on in events],
        on=day(10),
        valid_until=day(valid_until),
        ended=(ended[0], day(ended[1])) if ended else None,
    )
    assert found == (expected[0], day(expected[1]))


def shown(client, code):
    answer = client.get(f"/verify/{code}/")
    return answer.status_code, answer.content.decode()


def test_a_code_shows_holder_and_standing_and_nothing_personal(client, paper):
    status, page = shown(client, paper.code.lower())
    assert status == 200
    assert "目前有效" in page
    assert paper.holder in page
    assert not any(secret in page for secret in ("王五", "13800000000", "职工", paper.issued_by.username))
    assert client.get("/verify/", {"code": spaced(paper.code)}).url == f"/verify/{paper.code}/"


def test_the_frame_is_made_once_and_is_nobodys(client, qiye, paper):
    first, again = shown(client, paper.code)[1], shown(Client(), new_code())[1]
    assert "查无此证" in again
    assert paper.holder not in again
    tokens = [re.search(r'csrfmiddlewaretoken" value="(\w{64})"', each)[1] for each in (first, again)]
    assert tokens[0] != tokens[1]
    asked = Client(enforce_csrf_checks=True)
    asked.get(f"/verify/{paper.code}/")
    told = {"language": "en", "csrfmiddlewaretoken": asked.cookies["csrftoken"].value}
    assert asked.post("/i18n/setlang/", told).status_code == 302
    assert '<html lang="en">' in shown(asked, paper.code)[1]
    client.force_login(qiye, backend=BACKEND)
    assert qiye.username in shown(client, paper.code)[1]
    assert qiye.username not in shown(Client(), paper.code)[1]


def test_each_text_stands_in_its_place_and_is_escaped():
    """The page as it is made anew for a person, and as it is filled in for a stranger, say the same."""
    texts = {
        "code": "A" * 24,
        "number": "PLACE_holder_ENDS",
        "holder": "<b>甲&乙</b>",
        "since": "2026-01-02",
        "title": "",
    }
    for form in Standing:
        stranger = RequestFactory().get("/")
        person = RequestFactory().get("/")
        person.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
        pages = [framed(each, "public/verified", form, texts).content.decode() for each in (stranger, person)]
        content = [page[page.index("<main") : page.index("</main>")] for page in pages]
        assert content[0] == content[1]
        assert "<dd>&lt;b&gt;甲&amp;乙&lt;/b&gt;</dd>" in content[0]
        assert '<dd class="code">PLACE_holder_ENDS</dd>' in content[0]
        assert "自 2026-01-02 起" in content[0]
        assert "换发后的编号" not in content[0]


def test_a_lookup_is_one_question(client, paper, django_assert_num_queries):
    shown(client, paper.code)
    with django_assert_num_queries(1):
        shown(client, paper.code)


def test_every_change_is_told_apart_and_the_old_address_stays(client, paper, staff):
    def change(row, event):
        return happen(row, event, ground="依据第一条", actor=staff["city"], at=make.NOW)

    change(paper, "suspended")
    assert "暂停使用" in shown(client, paper.code)[1]
    change(paper, "restored")
    newer = change(paper, "superseded")
    assert "已换发新件" in shown(client, paper.code)[1]
    assert (newer.number, newer.replaces) == ("CZWS2026000002", paper)
    assert "目前有效" in shown(client, newer.code)[1]
    change(newer, "revoked")
    assert "已被撤销" in shown(client, newer.code)[1]
    assert "查无此证" in shown(client, new_code())[1]
    with pytest.raises(NotPossible):
        change(newer, "restored")
    with pytest.raises(Refused):
        happen(paper, "paused", ground="x", actor=staff["city"], at=make.NOW)
    with pytest.raises(NotAllowed):
        happen(paper, "revoked", ground="x", actor=staff["district"], at=make.NOW)


def test_a_certificate_stands_and_falls_with_its_achievement(client, qiye, staff):
    make.achievement(qiye.enterprise, "guanbiao.cultivation", DAY - timedelta(days=400))
    row = make.approved(qiye, staff, stage="guanbiao.implementation")
    paper = paper_of(row, "certificate")
    fact = type(row).objects.get(pk=row.pk).achievement
    end_achievement(fact, reason="revoked", ended_on=DAY, ground="弄虚作假", actor=staff["city"], at=make.NOW)
    assert "已被撤销" in shown(client, paper.code)[1]


def test_guessing_is_slowed_down_and_looking_up_is_not(client, paper):
    most = settings.VERIFY_TRIES[0]
    for _ in range(most + 5):
        assert shown(client, paper.code)[0] == 200
    found = [client.get(f"/verify/{new_code()}/") for _ in range(most + 1)]
    assert [answer.status_code for answer in found] == [404] * most + [429]
    assert 0 < int(found[-1]["Retry-After"]) <= settings.VERIFY_TRIES[1]


def test_a_file_is_told_from_one_with_a_byte_changed(client, paper):
    content = file_of(rendered(paper))
    assert examined(content, on=DAY).finding == Finding.SAME
    assert seal_of(content).is_intact
    place = content.index(b"stream") + 20
    wrong = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    found = examined(wrong, on=DAY)
    assert (found.finding, found.altered_at, found.is_signature_intact) == (Finding.ALTERED, place + 1, False)
    assert examined(content + b"\n% more", on=DAY).altered_at == len(content) + 1
    assert examined(make.PDF, on=DAY).finding == Finding.NOT_OURS
    answer = client.post("/verify/", {"file": SimpleUploadedFile("x.pdf", wrong)})
    assert f"第 {place + 1} 个字节起" in answer.content.decode()
    assert "不是所上传文件的内容" in answer.content.decode()
    answer = client.post("/verify/", {"file": SimpleUploadedFile("x.pdf", content)})
    assert "不是所上传文件的内容" not in answer.content.decode()


def resealed(pages: bytes, genuine: dict[str, object], **changed: object) -> bytes:
    """The pages signed anew by whoever has the settings' key, with what is `changed` in the proof."""
    proof = {**genuine, **changed}
    return signed(pages, json.dumps(proof).encode(), body="试验", at=make.NOW)


def test_a_forged_file_named_by_the_row_is_not_genuine(settings, paper):
    """Whoever can write the row, but has not the key, makes nothing genuine."""
    content, row = file_of(rendered(paper)), Document.objects.get(pk=paper.pk)
    forged = content.replace(b"/Subject (", b"/Subjecu (", 1) + b"\n%% " + f"/Subject ({row.number})".encode()
    with another_key(settings):
        foreign = resealed(content[: row.page_size], verify_offline.proof_in(content))
    for wrong, finding in ((forged, Finding.ALTERED), (foreign, Finding.NOT_SIGNED_HERE)):
        Document.objects.filter(pk=row.pk).update(sha256=hashlib.sha256(wrong).hexdigest(), size=len(wrong))
        found = examined(wrong, on=DAY)
        assert (found.finding, found.is_signature_intact) == (finding, False)
        assert examined(content, on=DAY).finding == Finding.SAME  # and the genuine one stays genuine
        assert [fault.number for fault in fact_faults(limit=9)] == [LedgerEntry.objects.latest("number").number]


@contextmanager
def another_key(settings):
    """A key of somebody else."""
    own = settings.PDF_SIGNING_KEY, settings.PDF_SIGNING_CERT
    settings.PDF_SIGNING_KEY = settings.PDF_SIGNING_CERT = self_made(at=make.NOW).decode()
    yield
    settings.PDF_SIGNING_KEY, settings.PDF_SIGNING_CERT = own


def test_pages_that_are_not_on_record_prove_nothing_though_signed_here(paper):
    content, row = file_of(rendered(paper)), Document.objects.get(pk=paper.pk)
    pages, genuine = content[: row.page_size], verify_offline.proof_in(content)
    proofs = {
        "words": {"content": {**genuine["content"], "holder": "他人"}},
        "salt": {"salt": "0" * 32},
        "code": {"code": new_code()},
        "entry": {"rendered": genuine["issued"]},
        "canonical": {"issued": {**genuine["issued"], "canonical": genuine["issued"]["canonical"].replace("a", "b")}},
        "path": {"rendered": {**genuine["rendered"], "path": []}},
        "checkpoint": {"rendered": {**genuine["rendered"], "checkpoint": "1\n\n— x y"}},
        "none": {"form": "?"},
        "rubbish": {"issued": 1},
    }
    assert examined(resealed(pages, genuine), on=DAY).finding == Finding.SAME
    found = {name: examined(resealed(pages, genuine, **each), on=DAY) for name, each in proofs.items()}
    assert {each.finding for each in found.values()} == {Finding.OFF_RECORD}
    assert {each.is_signature_intact for each in found.values()} == {True}
    assert examined(resealed(pages, genuine)[:-1] + b" ", on=DAY).finding == Finding.ALTERED
    client = Client()
    answer = client.post("/verify/", {"file": SimpleUploadedFile("x.pdf", resealed(pages, genuine, salt=""))})
    assert "与台账或登记库的记载不符" in answer.content.decode()


@pytest.mark.parametrize("altered", [{"holder": "常州他人公司"}, {"valid_until": date(2030, 1, 1)}, {"code": "X" * 24}])
def test_a_row_that_says_something_else_than_the_file_is_told(paper, altered):
    content = file_of(rendered(paper))
    Document.objects.filter(pk=paper.pk).update(**altered)
    assert examined(content, on=DAY).finding == Finding.OFF_RECORD


def test_a_key_that_was_replaced_still_stands_for_its_papers(settings, paper):
    content, before = file_of(rendered(paper)), settings.PDF_SIGNING_CERT
    settings.PDF_SIGNING_KEY = settings.PDF_SIGNING_CERT = self_made(at=make.NOW).decode()
    assert examined(content, on=DAY).finding == Finding.NOT_SIGNED_HERE
    settings.PDF_SIGNING_FORMER_CERTS = before
    assert examined(content, on=DAY).finding == Finding.SAME


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 50, b"/ByteRange [0 9 5 1]", b"/ByteRange [0 2 9 99999]" * 9], ids=len
)
def test_rubbish_is_answered(client, content):
    assert client.post("/verify/", {"file": SimpleUploadedFile("x.pdf", content)}).status_code in (200, 400)


def test_a_copy_is_checked_without_the_registry(paper, tmp_path):
    content = file_of(rendered(paper))
    copy, pages, key = tmp_path / "copy.pdf", tmp_path / "pages.pdf", tmp_path / "key.txt"
    copy.write_bytes(content)
    key.write_text(verifier_key())
    asked = [str(copy), "--key", str(key), "--checkpoints", str(settings.LEDGER_CHECKPOINTS), "--original", str(pages)]
    alone = [sys.executable, "-I", "-S", str(ROOT / "verify_offline.py"), *asked]
    ran = subprocess.run(alone, capture_output=True, text=True, check=False, cwd=tmp_path, env={"PYTHONUTF8": "1"})
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert paper.number in ran.stdout
    assert paper.holder in ran.stdout
    assert content.startswith(pages.read_bytes())


@pytest.mark.parametrize("part", ["page", "signature", "tail", "proof"])
def test_a_copy_that_was_altered_is_refused(paper, tmp_path, part, capsys):
    content, size = file_of(rendered(paper)), Document.objects.get(pk=paper.pk).page_size
    proof = verify_offline.proof_in(content)
    assert json.loads(proof["issued"]["canonical"])["subject"] == f"document:{paper.number}"
    place = {"page": size // 2, "signature": content.rindex(b"/ByteRange") - 1, "proof": size + 400}.get(part, 0)
    wrong = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :] if place else content + b"\n"
    copy = tmp_path / "copy.pdf"
    copy.write_bytes(wrong)
    assert verify_offline.main([str(copy), "--key", verifier_key()]) in (1, 2)
