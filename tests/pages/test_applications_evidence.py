"""Papers of an application: what is taken in, what is refused and why, and how a paper is handed out."""

import base64
import hashlib
import io
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from certification.models import Application, Evidence
from certification.papers import store
from enterprises.models import Account
from enterprises.roles import Role
from tests import factories as make
from tests.pages.visiting import page, visitor, words

pytestmark = pytest.mark.django_db
PAPER = "commitment_letter"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def png(side: int = 4) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(out, "PNG")
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


@pytest.fixture
def account() -> Account:
    return make.applicant()


@pytest.fixture
def draft(account: Account) -> Application:
    return make.draft(account)


def test_a_file_is_kept_with_name_size_and_digest(account: Account, draft: Application) -> None:
    answer = visitor(account).post(
        page(draft, "evidence/"), {f"file-{PAPER}": upload("承诺书.pdf", make.PDF)}, follow=True
    )
    row = Evidence.objects.get(application=draft)
    assert "已收到 1 个文件" in words(answer)
    assert (row.filename, row.sha256) == ("承诺书.pdf", hashlib.sha256(make.PDF).hexdigest())
    assert row.sha256[:12] in words(answer)
    assert store.path_of(row.pk).read_bytes() == make.PDF


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.pdf", b"", "文件“空.pdf”是空的（0 字节）；请检查文件后重新上传"),
        ("大.pdf", b"%PDF-1.4\n" + b"0" * (25 * 1024 * 1024), "文件“大.pdf”有 25.0 MB，超过 20 MB；请压缩或拆分后上传"),
        ("程序.exe", b"MZ", "不接受文件“程序.exe”；请上传 pdf、jpg、png、xlsx、docx"),
        ("改名.pdf", b"MZ\x90\x00", "文件“改名.pdf”的内容与扩展名不符"),
        ("图片.jpg", png(), "文件“图片.jpg”的内容与扩展名不符"),
        ("脚本.pdf", b"%PDF-1.4\n/JavaScript (x)\n%%EOF", "含有脚本、启动动作或嵌入文件"),
        ("表.xlsx", zipped(other=b"x"), "文件“表.xlsx”的内容与扩展名不符"),
        ("宏.docx", zipped(word__document_xml=b"<x/>", **{"word__vbaProject.bin": b"x"}), "文件“宏.docx”含有宏"),
        ("没有扩展名", make.PDF, "不接受文件“没有扩展名”；请上传 pdf"),
    ],
)
def test_a_bad_file_is_refused_with_value_and_remedy(
    account: Account, draft: Application, name: str, content: bytes, said: str
) -> None:
    answer = visitor(account).post(page(draft, "evidence/"), {f"file-{PAPER}": upload(name, content)})
    assert answer.status_code == 400
    assert said in words(answer)
    assert not Evidence.objects.exists()


def test_good_files_are_kept_when_another_is_refused(account: Account) -> None:
    make.achievement(account.enterprise, "guanbiao.cultivation", make.NOW.date() - timedelta(days=100))
    row = make.draft(account, stage="guanbiao.implementation")
    sent = {
        "file-staff_list": [upload("名单.png", png()), upload("名单2.pdf", make.PDF)],
        "file-budget_document": upload("预算.pdf", b""),
    }
    answer = visitor(account).post(page(row, "evidence/"), sent)
    assert answer.status_code == 400
    assert sorted(Evidence.objects.values_list("filename", flat=True)) == ["名单.png", "名单2.pdf"]
    assert "已收到 2 个文件" in words(answer)
    assert "文件“预算.pdf”是空的" in words(answer)


def test_nothing_chosen_is_said(account: Account, draft: Application) -> None:
    answer = visitor(account).post(page(draft, "evidence/"))
    assert answer.status_code == 400
    assert "请先选择要上传的文件" in words(answer)


def test_an_eleventh_file_of_a_paper_is_refused(account: Account, draft: Application) -> None:
    sent = {f"file-{PAPER}": [upload(f"{n}.pdf", make.PDF) for n in range(1, 13)]}
    answer = visitor(account).post(page(draft, "evidence/"), sent)
    assert words(answer).count("每项材料最多 10 个文件") == 1
    assert "未收下：11.pdf、12.pdf" in words(answer)
    assert Evidence.objects.count() == 10


def test_papers_are_grouped_by_what_they_show(account: Account) -> None:
    make.achievement(account.enterprise, "guanbiao.cultivation", make.NOW.date() - timedelta(days=100))
    row = make.draft(account, stage="guanbiao.implementation")
    said = words(visitor(account).get(page(row, "evidence/")))
    places = [said.index(group) for group in ("领导落实", "机构落实", "人员落实", "经费落实")]
    assert places == sorted(places)


def test_a_paper_is_taken_off_but_never_deleted(account: Account) -> None:
    row = make.filled(account)
    paper = Evidence.objects.get(application=row)
    client = visitor(account)
    answer = client.post(page(row, f"evidence/{paper.pk}/off/"), follow=True)
    assert "已撤下“材料.pdf”" in words(answer)
    assert "缺材料：贯标承诺书" in words(answer)
    assert store.path_of(paper.pk).exists()
    assert client.post(page(row, f"evidence/{paper.pk}/off/")).status_code == 409


def test_nothing_is_uploaded_or_taken_off_after_submission(account: Account) -> None:
    row = make.step(make.filled(account), "submit", account)
    paper = Evidence.objects.get(application=row)
    client = visitor(account)
    assert client.post(page(row, "evidence/"), {f"file-{PAPER}": upload("a.pdf", make.PDF)}).status_code == 409
    assert client.post(page(row, f"evidence/{paper.pk}/off/")).status_code == 409
    assert Evidence.objects.on_file().count() == 1


def test_a_paper_is_handed_out_as_an_attachment_that_runs_nowhere(account: Account) -> None:
    row = make.filled(account)
    paper = Evidence.objects.get(application=row)
    answer = visitor(account).get(page(row, f"evidence/{paper.pk}/"))
    assert answer.status_code == 200
    assert answer.content == make.PDF
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E6%9D%90%E6%96%99.pdf"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Evidence-SHA256"] == paper.sha256
    assert answer["Repr-Digest"] == f"sha-256=:{base64.b64encode(hashlib.sha256(make.PDF).digest()).decode()}:"


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        (Role.TOWNSHIP_REVIEWER, {"township": make.TOWN}, 200),
        (Role.TOWNSHIP_REVIEWER, {"township": make.OTHER_TOWN}, 404),
        (Role.DISTRICT_REVIEWER, {"unit": "wujin"}, 200),
        (Role.DISTRICT_REVIEWER, {"unit": "liyang"}, 404),
        (Role.CITY_REVIEWER, {}, 200),
        (Role.EXPERT, {}, 404),
        (Role.AUDITOR, {}, 404),
        (Role.SYSTEM_ADMIN, {}, 404),
    ],
)
def test_a_paper_is_handed_out_in_scope_only(account: Account, role: str, scope: dict[str, str], status: int) -> None:
    row = make.step(make.filled(account), "submit", account)
    paper = Evidence.objects.get(application=row)
    assert visitor(make.account(role, **scope)).get(page(row, f"evidence/{paper.pk}/")).status_code == status


def test_another_enterprise_and_strangers_get_no_paper(account: Account) -> None:
    row = make.filled(account)
    paper = Evidence.objects.get(application=row)
    assert visitor(make.applicant()).get(page(row, f"evidence/{paper.pk}/")).status_code == 404
    assert visitor(make.account(Role.CITY_REVIEWER)).get(page(row, f"evidence/{paper.pk}/")).status_code == 404
    assert Client().get(page(row, f"evidence/{paper.pk}/")).status_code == 302


def test_a_paper_belongs_to_its_own_application(account: Account) -> None:
    row = make.filled(account)
    paper = Evidence.objects.get(application=row)
    other = make.applicant()
    elsewhere = make.draft(other)
    assert visitor(other).get(page(elsewhere, f"evidence/{paper.pk}/")).status_code == 404
    assert visitor(account).get(page(row, f"evidence/{uuid.uuid4()}/")).status_code == 404


def test_a_file_missing_on_disk_is_told_not_crashed(account: Account) -> None:
    row = make.filled(account)
    paper = Evidence.objects.get(application=row)
    store.discard(paper.pk)
    answer = visitor(account).get(page(row, f"evidence/{paper.pk}/"))
    assert answer.status_code == 409
    assert "文件“材料.pdf”在存储中缺失" in words(answer)
    assert "联系系统管理员" in words(answer)


def test_an_altered_file_is_not_handed_out(account: Account) -> None:
    row = make.filled(account)
    paper = Evidence.objects.get(application=row)
    store.path_of(paper.pk).write_bytes(make.PDF + b"x")
    answer = visitor(account).get(page(row, f"evidence/{paper.pk}/"))
    assert answer.status_code == 409
    assert "与登记的 SHA-256 不符" in words(answer)
