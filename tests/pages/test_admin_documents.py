"""Administration of the wordings of papers: who changes them, what is refused, what their preview shows."""

import pypdfium2
import pytest
from django.urls import reverse

from certification.configuration import configuration_faults
from certification.errors import NotAllowed, Refused
from certification.models import Document, DocumentWording, Rulebook, StageRule
from certification.services.document_wordings import document_wording_refusals, keep_document_wording
from enterprises.roles import Role
from ledger.models import LedgerEntry
from ledger.verbs import Verb

from ..factories import NOW, account, applicant, filled, reviewers, step
from .reading import posted, text_of
from .world import sign_in

pytestmark = pytest.mark.django_db
TEXT = "常州试验{holder}于{issued_on}准予入库培育。"


@pytest.fixture
def row():
    return DocumentWording.objects.filter(kind="decision").order_by("-rule__rulebook__in_force_from").first()


def page(row, name="change"):
    return reverse(f"admin:certification_documentwording_{name}", args=[row.pk])


def freeze(row):
    Rulebook.objects.filter(stage_rules=row.rule_id).update(frozen_at=NOW)


def test_every_wording_that_is_loaded_could_be_typed():
    assert [refusal for row in DocumentWording.objects.all() for refusal in document_wording_refusals(row)] == []


@pytest.mark.parametrize("is_frozen", [False, True])
def test_the_city_corrects_the_words_as_a_new_version_on_record(row, is_frozen):
    if is_frozen:
        freeze(row)
    client = sign_in(account(Role.CITY_REVIEWER))
    answer = client.post(page(row), {**posted(client, page(row)), "body": TEXT})
    assert answer.status_code == 302
    kept = DocumentWording.objects.get(pk=row.pk)
    assert (kept.body, kept.version) == (TEXT, row.version + 1)
    assert LedgerEntry.objects.latest("number").verb == Verb.RULEBOOK_CHANGED
    assert is_frozen or list(configuration_faults()) == []


def test_a_paper_keeps_the_words_and_the_version_it_was_issued_in():
    qiye, staff = applicant(), reviewers()
    step(step(filled(qiye), "submit", qiye), "accept", staff["township"])
    paper = Document.objects.get()
    said, wording = paper.content, paper.wording
    client = sign_in(account(Role.CITY_REVIEWER))
    assert client.post(page(wording), {**posted(client, page(wording)), "title": "受理决定书"}).status_code == 302
    step(step(filled(other := applicant()), "submit", other), "accept", staff["township"])
    paper.refresh_from_db()
    newer = Document.objects.exclude(pk=paper.pk).get()
    assert (paper.content, paper.wording_version, newer.wording_version) == (said, 1, 2)
    assert (paper.content["title"], newer.content["title"]) == ("受理通知书", "受理决定书")


@pytest.mark.parametrize(
    ("part", "typed", "told"),
    [
        ("body", "准予{nobody}入库", "占位符“{nobody}”不可用于该事项"),
        ("body", "准予{holder入库", "花括号不成对"),
        ("body", "准予😀入库", "😀 (U+1F600)"),
        ("title", "关于{holder}的决定", "占位符“{holder}”不可用于该事项"),
        ("prefix", "cz1", "编号前缀“cz1”不符合格式"),
        ("valid_months", "999", "有效期 999 个月超出范围"),
        ("clause", "", "必填"),
    ],
)
def test_what_cannot_be_printed_is_refused_where_it_is_typed(row, part, typed, told):
    client = sign_in(account(Role.CITY_REVIEWER))
    answer = client.post(page(row), {**posted(client, page(row)), part: typed})
    assert answer.status_code == 200
    assert told in text_of(answer)
    assert DocumentWording.objects.get(pk=row.pk).version == row.version


def test_frozen_rules_keep_numbers_and_what_papers_there_are(row):
    city = account(Role.CITY_REVIEWER)
    freeze(row)
    row.valid_months, row.prefix, row.body = 12, "NEUE", TEXT
    with pytest.raises(Refused) as refused:
        keep_document_wording(row, actor=city, at=NOW)
    assert sorted(each.field for each in refused.value.refusals) == ["prefix", "valid_months"]
    fresh = DocumentWording(
        rule=row.rule, kind="certificate", prefix="CZZS", issuing_body="局", clause="条", title="证书", body="文"
    )
    with pytest.raises(Refused) as refused:
        keep_document_wording(fresh, actor=city, at=NOW)
    assert [each.code for each in refused.value.refusals] == ["rulebook_frozen"]
    client = sign_in(city)
    client.post(page(row), {**posted(client, page(row)), "valid_months": "7", "prefix": "NEUE"})
    kept = DocumentWording.objects.get(pk=row.pk)
    assert (kept.valid_months, kept.prefix) == (None, "CZWS")


def test_a_wording_is_added_where_rules_are_open_and_stays_with_them(row):
    city = account(Role.CITY_REVIEWER)
    client, add = sign_in(city), reverse("admin:certification_documentwording_add")
    said = {"prefix": "CZZS", "issuing_body": "局", "clause": "条", "title": "入库证书", "body": TEXT}
    asked = {**said, "rule": row.rule_id, "kind": "certificate", "level": "", "valid_months": "24"}
    assert client.post(add, asked).status_code == 302
    made = DocumentWording.objects.get(rule=row.rule_id, kind="certificate")
    assert made.version == 1
    assert client.post(add, asked).status_code == 200  # there is one already
    assert DocumentWording.objects.filter(rule=row.rule_id, kind="certificate").count() == 1
    made.rule = StageRule.objects.exclude(pk=row.rule_id).exclude(documents__kind="certificate").first()
    with pytest.raises(Refused) as refused:
        keep_document_wording(made, actor=city, at=NOW)
    assert [each.field for each in refused.value.refusals] == ["rule"]


@pytest.mark.parametrize("role", [Role.PLAN_MANAGER, Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_others_only_look(row, role):
    reader = account(role)
    client = sign_in(reader)
    assert "{holder} 企业名称" in text_of(client.get(page(row)))
    assert client.post(page(row), {"body": TEXT}).status_code == 403
    assert TEXT[:4] not in text_of(client.post(page(row, "preview"), {"body": TEXT}))
    with pytest.raises(NotAllowed):
        keep_document_wording(row, actor=reader, at=NOW)


def test_the_preview_shows_what_is_typed_and_keeps_nothing(row):
    client = sign_in(account(Role.CITY_REVIEWER))
    typed = {**posted(client, page(row)), "body": "<b>{holder}\n{nobody}😀"}
    answer = client.post(page(row, "preview"), typed)
    shown = answer.content.decode()
    assert "&lt;b&gt;常州示例精密机械有限公司" in shown
    assert "占位符“{nobody}”不可用于该事项" in shown
    assert "U+1F600" in shown
    assert DocumentWording.objects.get(pk=row.pk).version == row.version
    assert client.post(page(row, "preview_pdf"), typed)["Content-Type"].startswith("text/html")
    assert client.get("/admin/certification/documentwording/999999/preview/").status_code == 404


def test_the_sample_is_a_pdf_of_what_is_typed_that_says_it_is_one(row, settings, tmp_path):
    settings.FONT_ROOT = tmp_path
    client = sign_in(account(Role.CITY_REVIEWER))
    answer = client.post(page(row, "preview_pdf"), {**posted(client, page(row)), "body": TEXT, "valid_months": "12"})
    assert answer["Content-Type"] == "application/pdf"
    text = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    for said in ("样张", "常州试验常州示例精密机械有限公司于2026年11月20日", "有效期至2027年11月19日"):
        assert said in text.replace("\r\n", "")
    assert not list(tmp_path.iterdir())
    too_long = {**posted(client, page(row)), "body": "长" * 2001}
    assert client.post(page(row, "preview_pdf"), too_long)["Content-Type"].startswith("text/html")
