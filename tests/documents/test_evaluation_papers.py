"""The end of an evaluation: decision letter and certificate of who passed, the letter of who failed, and what later
becomes of them."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from certification.audit import fact_faults
from certification.document_life import Standing
from certification.errors import NotAllowed, NotPossible, Refused
from certification.models import Achievement, Batch, Document, DocumentWording, Message, NumberSeries
from certification.models.document import DocumentState
from certification.notices.delivery import deliver
from certification.notices.wording import put_into_words
from certification.services import rendering
from certification.services.achievements import end_achievement
from certification.services.batch_acts import act_on, offered
from certification.services.batch_progress import progress_of
from certification.services.document_events import happen, standing_of
from certification.services.document_wordings import keep_document_wording
from certification.services.door import Remark
from certification.services.public_notices import publish_results, recognise
from certification.services.rendering import file_of, render_due
from certification.tasks import tell_people
from certification.workdays import last_day
from enterprises.models import AuditEvent, EventKind
from enterprises.services.amendments import rename
from ledger.models import LedgerCheckpoint, LedgerEntry
from ledger.verify import verify
from tests import factories as make
from tests import panels
from tests.certification.test_concurrency import at_once
from tests.documents.drawing import paper_of

pytestmark = pytest.mark.django_db
OVER = make.NOW + timedelta(days=30)
DAY = OVER.date()


@pytest.fixture
def city(staff):
    return staff["city"]


@pytest.fixture
def held(city):
    for _ in range(3):
        panels.expert(city)
    return panels.batch(city)


def sent(staff, **fields):
    return panels.sent(panels.ready(**fields), staff)


def public(held, city, **shares):
    """The batch with its results public; `shares` by number of the application."""
    act_on(held, "close", actor=city, at=make.NOW)
    act_on(held, "score", actor=city, at=make.NOW)
    for row in held.applications.order_by("pk"):
        for seat in row.evaluations.select_related("application__batch__sheet", "expert"):
            panels.score(seat, shares.get(row.number, "0.8"))
    held.refresh_from_db()
    return publish_results(held, actor=city, at=panels.LATER)


def papers(row):
    return list(Document.objects.filter(application=row).order_by("id").values_list("kind", flat=True))


def text(row, kind):
    return "\n".join(paper_of(row, kind).content["paragraphs"])


def test_who_passed_has_letter_and_certificate_that_say_the_result(staff, city, held):
    row = sent(staff)
    notice = public(held, city, **{row.number: "1"})
    (row,) = recognise(held, actor=city, at=OVER)
    letter, certificate = paper_of(row, "decision"), paper_of(row, "certificate")
    fact = Achievement.objects.get(application=row)
    assert (letter.number[:4], certificate.number[:4]) == ("CZWS", "CZZS")
    assert {letter.achievement_id, certificate.achievement_id} == {fact.ledger_number}
    assert certificate.decision.action == "grant"
    assert certificate.valid_until == last_day(DAY, 36)
    said = text(row, "certificate")
    for word in ("优秀", "总分 100 分", "满分 100 分", "第 1 轮", held.title, notice.number, row.number):
        assert word in said
    assert "2026年11月21日至" in text(row, "decision")
    assert "{" not in said + text(row, "decision")
    assert list(fact_faults(limit=9)) == []


def test_who_failed_reads_the_ground_and_where_to_improve(staff, city, held):
    row = sent(staff)
    public(held, city, **{row.number: "0.4"})
    (row,) = recognise(held, comment="体系运行不足", actor=city, at=OVER)
    assert papers(row) == ["acceptance", "refusal"]
    said = text(row, "refusal")
    line = held.sheet.pass_line.normalize()
    for word in ("总分 40 分", f"低于合格线 {line:f} 分", "不合格", "体系运行不足", "评审结果", "改进建议"):
        assert word in said, said


def test_a_refusal_before_the_experts_speaks_of_no_result(staff, held):
    person = panels.ready()
    row = make.step(make.filled(person, stage=panels.STAGE), "submit", person)
    row = make.step(make.step(row, "accept", staff["township"]), "reject", staff["township"], remark=Remark("不符"))
    said = text(row, "refusal")
    assert "理由：不符" in said
    assert not any(word in said for word in ("总分", "低于合格线", "“评审结果”", "{"))


def test_a_wording_that_hides_the_ground_is_refused(city):
    wording = DocumentWording.objects.filter(rule__stage=panels.STAGE, kind="refusal").latest("id")
    wording.body = "决定不予通过。\n理由：{comment}"
    with pytest.raises(Refused) as refused:
        keep_document_wording(wording, actor=city, at=make.NOW)
    assert [(each.code, each.field) for each in refused.value.refusals] == [("ground_missing", "body")]


def test_a_batch_is_decided_whole_or_not_at_all_and_every_obstacle_is_named(staff, city, held):
    fine, rare, failed = sent(staff), sent(staff), sent(staff)
    public(held, city, **{failed.number: "0.4"})
    before = dict(NumberSeries.objects.values_list("series", "last"))
    type(rare.enterprise).objects.filter(pk=rare.enterprise_id).update(name="常州\U00020bb7野家机械有限公司")
    with pytest.raises(Refused) as refused:
        recognise(held, actor=city, at=OVER)
    found = {each.code: each.message for each in refused.value.refusals}
    assert set(found) == {"glyph_missing", "comment_missing"}
    assert "\U00020bb7 (U+20BB7)" in found["glyph_missing"]
    assert rare.number in found["glyph_missing"]
    assert failed.number in found["comment_missing"]
    for row in (fine, rare, failed):
        row.refresh_from_db()
        assert row.status == "noticed"
    assert dict(NumberSeries.objects.values_list("series", "last")) == before
    assert not Document.objects.exclude(kind="acceptance").exists()
    type(rare.enterprise).objects.filter(pk=rare.enterprise_id).update(name="常州㐂机械有限公司")
    recognise(held, comment="未达标", actor=city, at=OVER)
    letters = Document.objects.filter(number__startswith="CZWS").order_by("id").values_list("number", flat=True)
    assert [int(number[-6:]) for number in letters] == list(range(1, len(letters) + 1))
    paper = rendered_all(paper_of(rare, "certificate"))
    assert "㐂" in paper.content["holder"]


def rendered_all(paper):
    while render_due(clock=lambda: OVER):
        pass
    paper.refresh_from_db()
    assert paper.is_ready, paper.last_error
    return paper


def test_the_name_of_the_day_of_the_decision_is_printed(staff, city, held):
    row = sent(staff, name="常州申报时科技有限公司")
    public(held, city)
    rename(row.enterprise, "常州更名后科技有限公司", since=DAY, actor=city, at=OVER)
    (row,) = recognise(held, actor=city, at=OVER)
    assert paper_of(row, "certificate").holder == "常州更名后科技有限公司"
    assert paper_of(row, "acceptance").holder == "常州申报时科技有限公司"


def test_grant_and_recognise_take_effect_once(staff, city, held):
    row = sent(staff)
    public(held, city)
    granted = make.step(row, "grant", city, at=OVER)
    for action in ("grant", "reject"):
        with pytest.raises(NotPossible):
            make.step(granted, action, city, at=OVER, remark=Remark("再次"))
    assert recognise(held, actor=city, at=OVER) == []  # granted one by one: what is left is to end the batch
    assert Batch.objects.get(pk=held.pk).state == "finished"
    with pytest.raises(NotPossible):
        recognise(held, actor=city, at=OVER)
    assert papers(row) == ["acceptance", "decision", "certificate"]


def test_what_is_under_appeal_waits_without_papers(staff, city, held):
    first, second = sent(staff), sent(staff)
    public(held, city)
    make.step(first, "object", first.created_by, at=panels.LATER, remark=Remark("复核"))
    with pytest.raises(NotPossible):
        make.step(first, "grant", city, at=OVER)
    assert [row.pk for row in recognise(held, actor=city, at=OVER)] == [second.pk]
    assert (papers(first), len(papers(second))) == (["acceptance"], 3)
    make.step(first, "close_notice", city, at=OVER, remark=Remark("维持"))
    recognise(held, actor=city, at=OVER)
    assert "certificate" in papers(first)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_grant_once(staff, city, held):
    rows = [sent(staff), sent(staff)]
    public(held, city)
    colleague = make.account("city_reviewer")
    outcomes = at_once(
        lambda: recognise(held, actor=city, at=OVER),
        lambda: recognise(held, actor=colleague, at=OVER),
        lambda: make.step(rows[0], "grant", colleague, at=OVER),
    )
    unexpected = [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, Refused)]
    assert unexpected == []
    assert Achievement.objects.filter(application__in=rows).count() == 2
    numbers = Document.objects.filter(kind="certificate").order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"CZZS2026{serial:06d}" for serial in (1, 2)]
    assert verify().fault is None


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 12, 20), 36, date(2029, 12, 19)),
        (date(2026, 12, 1), 36, date(2029, 11, 30)),
        (date(2028, 2, 29), 36, date(2031, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 2, 28), 24, date(2028, 2, 27)),
        (date(2026, 12, 31), 1, date(2027, 1, 30)),
    ],
)
def test_a_validity_ends_the_day_before_the_same_day(first, months, last):
    assert last_day(first, months) == last


def test_a_checkpoint_is_signed_at_each_batch_whatever_becomes_of_the_files(staff, city, held, monkeypatch):
    sent(staff)
    public(held, city)
    rendered_all(Document.objects.latest("id"))
    recognise(held, actor=city, at=OVER)
    monkeypatch.setattr(rendering, "pages_of", lambda printing: 1 / 0)
    assert render_due(clock=lambda: OVER) == 0
    issued = LedgerEntry.objects.filter(verb="document.issued").latest("number").number
    signed = LedgerCheckpoint.objects.latest("size")
    assert signed.size >= issued
    monkeypatch.undo()
    later = OVER + rendering.backoff(1)
    assert render_due(clock=lambda: later) == 2
    pages = LedgerEntry.objects.filter(verb="document.rendered").latest("number").number
    assert LedgerCheckpoint.objects.latest("size").size >= pages
    assert LedgerCheckpoint.objects.filter(size__gt=signed.size).count() == 1  # one for all papers of the batch


@pytest.mark.parametrize("kind", ["certificate", "decision"])
def test_a_revoked_achievement_shows_at_the_same_address(staff, city, held, kind, client):
    row = sent(staff)
    public(held, city)
    (row,) = recognise(held, actor=city, at=OVER)
    paper, fact = paper_of(row, kind), Achievement.objects.get(application=row)
    with time_machine.travel(OVER, tick=False):
        assert "目前有效" in client.get(f"/verify/{paper.code}/").content.decode()
        end_achievement(fact, reason="revoked", ended_on=DAY, ground="弄虚作假", actor=city, at=OVER)
        page = client.get(f"/verify/{paper.code}/")
    assert (page.status_code, "已被撤销" in page.content.decode()) == (200, True)
    assert standing_of(paper, on=DAY - timedelta(days=1))[0] is Standing.VALID


def test_each_change_of_a_certificate_keeps_the_address_and_is_told(staff, city, held, client):
    row = sent(staff, name="常州旧名科技有限公司")
    public(held, city)
    (row,) = recognise(held, actor=city, at=OVER)
    paper = paper_of(row, "certificate")

    def shown(code):
        with time_machine.travel(OVER, tick=False):
            return client.get(f"/verify/{code}/").content.decode()

    happen(paper, "suspended", ground="依据", actor=city, at=OVER)
    assert "暂停使用" in shown(paper.code)
    happen(paper, "restored", ground="依据", actor=city, at=OVER)
    rename(row.enterprise, "常州新名科技有限公司", since=DAY, actor=city, at=OVER)
    newer = happen(paper, "superseded", ground="更名", actor=city, at=OVER)
    assert "已换发新件" in shown(paper.code)
    assert "常州新名科技有限公司" in shown(newer.code)
    assert (newer.valid_until, newer.achievement_id) == (paper.valid_until, paper.achievement_id)
    end_achievement(paper.achievement, reason="revoked", ended_on=DAY, ground="弄虚作假", actor=city, at=OVER)
    assert "已被撤销" in shown(newer.code)
    assert "已换发新件" in shown(paper.code)
    tell_people()
    told = row.created_by.messages.filter(kind="document.changed").order_by("id")
    assert [each.params["event"] for each in told] == ["suspended", "restored", "superseded"]
    letter = put_into_words(told[:1], row.created_by)[0]
    assert (letter.path, paper.number in letter.title) == (f"/certificates/{paper.number}/", True)
    assert list(fact_faults(limit=9)) == []


@override_settings(SITE_BASE_URL="https://ip.example.gov.cn", DEFAULT_FROM_EMAIL="registry@example.gov.cn")
def test_the_enterprise_is_told_once_when_a_paper_is_there_with_a_link(staff, city, held):
    row = sent(staff)
    type(row.created_by).objects.filter(pk=row.created_by_id).update(email="qiye@example.com")
    public(held, city)
    (row,) = recognise(held, actor=city, at=OVER)
    assert not Message.objects.filter(kind="document.ready").exists()
    paper = rendered_all(paper_of(row, "certificate"))
    for _ in range(2):
        rendering._file(rendering.pages_of(rendering.printing_of(paper)), paper, lambda: OVER)
    told = Message.objects.filter(about=f"document:{paper.number}")
    assert [each.recipient for each in told] == [row.created_by]
    letter = put_into_words(told, row.created_by)[0]
    assert (letter.path, "贯标绩效评价证书" in letter.title) == (f"/certificates/{paper.number}/", True)
    deliver(clock=lambda: OVER)
    sent_mail = next(each for each in mail.outbox if paper.number in each.subject)
    assert f"https://ip.example.gov.cn/certificates/{paper.number}/" in sent_mail.body


def test_the_city_has_failed_files_tried_again_on_the_trail(staff, city, held, monkeypatch):
    row = sent(staff)
    public(held, city)
    recognise(held, actor=city, at=OVER)
    held.refresh_from_db()
    assert offered(held, progress_of(held, on=OVER.date())) == []
    with pytest.raises(NotPossible):
        act_on(held, "retry", actor=city, at=OVER)
    monkeypatch.setattr(rendering, "pages_of", lambda printing: 1 / 0)
    render_due(clock=lambda: OVER)
    monkeypatch.undo()
    assert offered(held, progress_of(held, on=OVER.date())) == ["retry"]
    with pytest.raises(NotAllowed):
        act_on(held, "retry", actor=staff["district"], at=OVER)
    assert render_due(clock=lambda: OVER) == 0  # not due by itself yet
    act_on(held, "retry", actor=city, at=OVER)
    paper = paper_of(row, "certificate")
    assert (paper.state, paper.retried_by, paper.retried_at) == (DocumentState.PENDING, city, OVER)
    said = AuditEvent.objects.get(kind=EventKind.PAPER_RETRIED).detail
    assert (said["batch"], paper.number in said["documents"]) == (held.code, True)
    assert file_of(rendered_all(paper)).startswith(b"%PDF")


def test_a_decision_on_a_result_asks_no_more_than_another(staff, city, held):
    row = sent(staff)
    public(held, city)
    with CaptureQueriesContext(connection) as caught:
        make.step(row, "grant", city, at=OVER)
    assert sum("certification_noticeline" in each["sql"].lower() for each in caught.captured_queries) == 1


def test_the_day_of_a_decision_in_changzhou_is_printed(staff, city, held):
    """Late on 31 December in UTC it is the first day of the next year there, with a series of its own."""
    row = sent(staff)
    public(held, city)
    (row,) = recognise(held, actor=city, at=datetime(2026, 12, 31, 17, 0, tzinfo=make.NOW.tzinfo))
    paper = paper_of(row, "certificate")
    assert (paper.number, paper.issued_on) == ("CZZS2027000001", date(2027, 1, 1))
