"""Pure rules: working days, months, field checks, uploads."""

import io
import struct
import zipfile
import zlib
from datetime import date
from decimal import Decimal

import pytest
from PIL import Image

from certification.errors import Refused
from certification.gates import FieldNeed, field_refusals, months_after
from certification.papers.uploads import check_upload, safe_filename
from certification.services.working_days import days_after, days_between, years_without_notice
from certification.workdays import WorkCalendar

MB = 1024 * 1024


def test_working_days_skip_holidays_and_count_moved_days():
    calendar = WorkCalendar({date(2026, 10, 1): False, date(2026, 10, 10): True})
    assert calendar.plus(date(2026, 9, 30), 1) == date(2026, 10, 2)
    assert calendar.plus(date(2026, 10, 9), 1) == date(2026, 10, 10)
    assert calendar.between(date(2026, 10, 8), date(2026, 10, 12)) == 3
    assert calendar.between(date(2026, 10, 8), date(2026, 10, 1)) == 0


@pytest.mark.django_db
def test_loaded_calendar_knows_the_national_day_of_2026():
    assert days_after(date(2026, 9, 30), 1) == date(2026, 10, 8)  # 1 to 7 October
    assert days_between(date(2026, 10, 8), date(2026, 10, 10)) == 2  # Saturday the 10th is worked in exchange
    assert days_between(date(2026, 10, 10), date(2026, 10, 10)) == 0
    assert days_between(date(2026, 10, 10), date(2026, 10, 8)) == 0
    assert years_without_notice(on=date(2026, 11, 22), until=date(2028, 1, 1)) == [2027, 2028]
    assert years_without_notice(on=date(2025, 12, 1), until=date(2026, 12, 31)) == []


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 12, 15), 6, date(2026, 6, 15)),
        (date(2025, 12, 15), 0, date(2025, 12, 15)),
    ],
)
def test_months_after_keeps_the_day_or_the_months_end(day, months, result):
    assert months_after(day, months) == result


def need(kind, **fields):
    return FieldNeed("x", "字段", kind, **fields)


@pytest.mark.parametrize(
    ("wanted", "value", "fine"),
    [
        (need("integer", minimum=Decimal(1)), 3, True),
        (need("integer", minimum=Decimal(1)), "3", True),
        (need("integer"), 3.0, False),
        (need("integer"), "3.5", False),
        (need("integer"), True, False),
        (need("integer"), "NaN", False),
        (need("decimal", maximum=Decimal(10)), "10.01", False),
        (need("decimal"), "1e999999999", False),
        (need("decimal"), "-12.50", True),
        (need("integer"), "1e3", False),
        (need("integer"), "１２", False),
        (need("integer"), "12.0", False),
        (need("integer"), [], False),
        (need("date"), "2026-03-01", True),
        (need("date"), "20260301", False),
        (need("date"), "2026-W01-1", False),
        (need("text"), False, False),
        (need("decimal", maximum=Decimal(10)), "Infinity", False),
        (need("date"), "2026-02-29", False),
        (need("text", max_length=3), "四个字呀", False),
        (need("text"), ["x"], False),
        (need("choice", choices=(("a", "甲"),)), "b", False),
        (need("boolean"), False, False),
        (need("boolean", required=False), False, True),
        (need("text", required=False), "", True),
        (need("text"), None, False),
    ],
)
def test_field_values_are_checked(wanted, value, fine):
    assert (field_refusals(wanted, value) == []) is fine


def office(part, **extra):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {part: "<x/>", **extra}.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_comment(archive, comment):
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a") as appended:
        appended.comment = comment
    return out.getvalue()


def picture(kind):
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    return out.getvalue()


def packed_pdf(stream):
    return b"%PDF-1.5\n1 0 obj<</Type/ObjStm/Filter/FlateDecode>>\nstream\n" + stream + b"\nendstream endobj\n%%EOF\n"


def broken_office(name, flags, needed=20, front=b""):
    """A zip whose central directory has a name that is not UTF-8, asks for a version nobody has, or lists a page."""
    entry = (
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, needed, flags, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0) + name
    )
    return front + entry + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(entry), len(front), 0)


PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.pdf", b"", "file_empty"),
        ("大.pdf", PDF + b"x" * (25 * MB), "file_too_large"),
        ("改名.pdf", picture("PNG"), "file_content"),
        ("改名.png", picture("JPEG"), "file_content"),
        ("改名.jpg", b"MZ\x90\x00", "file_content"),
        ("表.xlsx", office("word/document.xml"), "file_content"),
        ("宏.xlsx", office("xl/workbook.xml", **{"xl/vbaProject.bin": "x"}), "file_macro"),
        ("弹.docx", office("word/document.xml", **{"x": "0" * 9_000_000}), "file_bomb"),
        ("脚本.pdf", b"%PDF-1.4\n/JavaScript\n%%EOF\n", "pdf_active"),
        ("转义.pdf", b"%PDF-1.4\n1 0 obj<</S/J#61vaScript/J#53(x)>>endobj\n%%EOF\n", "pdf_active"),
        ("附件.pdf", b"%PDF-1.4\n1 0 obj<</Names<</EmbeddedFiles 2 0 R>>>>endobj\n%%EOF\n", "pdf_active"),
        ("提交.pdf", b"%PDF-1.4\n1 0 obj<</OpenAction<</S/SubmitForm>>>>endobj\n%%EOF\n", "pdf_active"),
        ("藏.pdf", packed_pdf(zlib.compress(b"<</S/JavaScript>>")), "pdf_active"),
        ("锁.pdf", packed_pdf(b"not deflated"), "pdf_closed"),
        ("网页.xlsx", b"<html><script>alert(1)</script></html>" + office("xl/workbook.xml"), "file_content"),
        ("伪头.docx", b"PK\3\4<html></html>" + office("word/document.xml"), "file_content"),
        ("尾巴.docx", office("word/document.xml") + b"<html></html>", "file_content"),
        ("注释.xlsx", with_comment(office("xl/workbook.xml"), b"<html></html>"), "file_content"),
        ("假目录.xlsx", broken_office(b"xl/workbook.xml", 0, front=b"<html></html>"), "file_content"),
        ("坏名.xlsx", broken_office(b"\xff\xfe", 0x800), "file_content"),
        ("新版.xlsx", broken_office(b"xl", 0, needed=99), "file_content"),
        ("程序.exe", b"MZ", "file_type"),
        ("宏.xlsm", office("xl/workbook.xml"), "file_type"),
        ("无后缀", PDF, "file_type"),
    ],
)
def test_uploads_that_are_refused(name, content, code):
    with pytest.raises(Refused) as refused:
        check_upload(name, content, max_bytes=20 * MB)
    assert refused.value.refusals[0].code == code
    assert refused.value.refusals[0].remedy


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.PDF", PDF), ("a.jpg", picture("JPEG")), ("a.png", picture("PNG")), ("a.docx", office("word/document.xml"))],
)
def test_uploads_that_are_kept(name, content):
    assert check_upload(name, content, max_bytes=20 * MB).content


def test_pictures_lose_whatever_is_hidden_behind_them():
    checked = check_upload("a.png", picture("PNG") + b"<script>", max_bytes=MB)
    assert b"<script>" not in checked.content


def test_file_names_lose_paths_and_control_characters():
    assert safe_filename("../../etc/pass\u202ewd.pdf") == "pass_wd.pdf"
    assert safe_filename("C:\\temp\\a\x00b.pdf") == "a_b.pdf"


def test_pictures_in_a_pdf_are_not_taken_for_scripts():
    picture_like = b"%PDF-1.4\n1 0 obj<</Type/XObject>>\nstream\n\x00/JS \x01/Launch \nendstream endobj\n%%EOF\n"
    assert check_upload("a.pdf", picture_like, max_bytes=MB).content == picture_like


def test_photographs_stand_upright():
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(out, "JPEG", exif=exif)
    with Image.open(io.BytesIO(check_upload("a.jpg", out.getvalue(), max_bytes=MB).content)) as kept:
        assert kept.size == (20, 40)
