"""Reading files: encodings, headers, and everything that must stop a file before it is parsed."""

import io
import zipfile
from pathlib import Path

import pytest

from enterprises.errors import Refused
from enterprises.imports.columns import Column, reader_for
from enterprises.imports.spreadsheets import Limits, cell_text
from enterprises.imports.tables import open_table

from .files import write_csv, write_xlsx

LIMITS = Limits()
SMALL = Limits(rows=3, csv_rows=3)
HEADER = ("统一社会信用代码", "企业名称")
ROW = ("91320411MA2455XH60", "常州砚舟科技有限公司")


def rows_of(path: Path, limits: Limits = LIMITS) -> list[tuple[int, list[str]]]:
    return list(open_table(path, limits=limits).rows())


def refusal_of(path: Path, limits: Limits = LIMITS) -> str:
    with pytest.raises(Refused) as refused:
        rows_of(path, limits)
    return refused.value.refusals[0].code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    path = write_csv(tmp_path / "a.csv", HEADER, ROW, encoding=encoding)
    assert rows_of(path) == [(1, list(HEADER)), (2, list(ROW))]


def test_gb18030_beyond_gbk_is_read(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["名称"], ["㐂𠮷"], encoding="gb18030")
    assert rows_of(path)[1] == (2, ["㐂𠮷"])


def test_lines_are_those_on_which_rows_begin_and_blank_rows_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n\n1,"two\nlines"\n , \n2,x\n', encoding="utf-8")
    assert [line for line, _ in rows_of(path)] == [1, 3, 6]


def test_xlsx_gives_texts_whole_numbers_and_days(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ["x", "y", "z"], [320412100, 1.5, True])
    assert rows_of(path) == [(1, ["x", "y", "z"]), (2, ["320412100", "1.5", "1"])]


def test_a_number_too_long_for_a_spreadsheet_does_not_pass_as_text() -> None:
    assert cell_text(911101076937194200.0) == "9.111010769372e+17" or "e+17" in cell_text(911101076937194200.0)


def test_more_rows_or_columns_than_allowed_are_refused(tmp_path: Path) -> None:
    many = [["1"]] * 4
    assert refusal_of(write_csv(tmp_path / "a.csv", ["a"], *many), SMALL) == "file_too_large"
    assert refusal_of(write_xlsx(tmp_path / "a.xlsx", ["a"], *many), SMALL) == "file_too_large"
    assert refusal_of(write_csv(tmp_path / "b.csv", ["a"] * 201)) == "file_too_large"
    with pytest.raises(Refused) as refused:
        rows_of(tmp_path / "b.csv")
    assert "多余的列" in refused.value.refusals[0].remedy  # splitting it would not make it narrower
    assert rows_of(write_csv(tmp_path / "c.csv", ["a"] * 200))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "file_empty"),
        ("a.pdf", b"%PDF-1.4", "file_type"),
        ("a.csv", b"PK\x03\x04 renamed", "file_content"),
        ("a.xlsx", b"uscc,name\n", "file_content"),
        ("a.xlsx", b"PK\x03\x04 torn", "file_content"),
        ("a.xls", b"uscc,name\n", "file_content"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "file_content"),
        ("a.csv", "名称".encode("utf-16"), "file_content"),
        ("a.csv", b"name\n\xff\xff\xff\n", "file_encoding"),
        ("a.csv", b'a,b\n1,"never closed\n2,3\n', "csv_broken"),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal_of(path) == code


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path / "nowhere.csv") == "file_missing"


def test_a_file_larger_than_allowed_is_not_even_opened(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["a"], ["b" * 100])
    assert refusal_of(path, Limits(file_size=50)) == "file_too_large"


# --- bombs ----------------------------------------------------------------------------------------


def xlsx_with(path: Path, sheet: bytes, **members: bytes) -> Path:
    """A real workbook whose first sheet's XML is replaced."""
    plain = write_xlsx(path.with_name("plain.xlsx"), ["a"], ["b"])
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            target.writestr(member.filename, sheet if member.filename.endswith("sheet1.xml") else source.read(member))
        for name, content in members.items():
            target.writestr(name, content)
    return path


def sheet_xml(cells: str) -> bytes:
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    ).encode()


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="gs1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row><c r = "B900000"><v>1</v></c></row>',
        "<row r='1'><c r='A1'/></row><row r='200002'><c r='A200002'/></row>",
    ],
)
def test_a_small_sheet_that_names_far_cells_is_refused_before_it_is_parsed(
    tmp_path: Path, cells: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("enterprises.imports.tables.spreadsheet_rows", pytest.fail)
    assert refusal_of(xlsx_with(tmp_path / "bomb.xlsx", sheet_xml(cells))) == "file_too_large"


def test_the_last_allowed_column_and_row_are_read(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="GR1"><v>1</v></c></row><row r="100001"><c r="A100001"><v>2</v></c></row>'
    rows = rows_of(xlsx_with(tmp_path / "a.xlsx", sheet_xml(cells)))
    assert [line for line, _ in rows] == [1, 100001]


def test_an_archive_that_unfolds_too_far_is_refused(tmp_path: Path) -> None:
    zeros = sheet_xml("<!--" + "0" * 30_000_000 + "-->")
    assert refusal_of(xlsx_with(tmp_path / "ratio.xlsx", zeros)) == "file_too_large"
    path = xlsx_with(tmp_path / "other.xlsx", sheet_xml(""), **{"xl/media/image1.png": b"\0" * 30_000_000})
    assert refusal_of(path) == "file_too_large"
    assert refusal_of(write_xlsx(tmp_path / "a.xlsx", ["a"]), Limits(unzipped=1000)) == "file_too_large"


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    """The stated size says 100 bytes; what unfolds is counted, not what is stated."""
    content = sheet_xml("<!--" + "0" * 30_000_000 + "-->")
    raw = bytearray(xlsx_with(tmp_path / "honest.xlsx", content).read_bytes())
    size = len(content).to_bytes(4, "little")
    while size in raw:
        place = raw.index(size)
        raw[place : place + 4] = (100).to_bytes(4, "little")
    (tmp_path / "liar.xlsx").write_bytes(bytes(raw))
    assert zipfile.ZipFile(io.BytesIO(bytes(raw))).getinfo("xl/worksheets/sheet1.xml").file_size == 100
    assert refusal_of(tmp_path / "liar.xlsx") == "file_too_large"


def test_a_damaged_member_is_refused(tmp_path: Path) -> None:
    raw = bytearray(write_xlsx(tmp_path / "a.xlsx", ["a"], *[["some text to compress"]] * 50).read_bytes())
    start = raw.index(b"xl/worksheets/sheet1.xml") + 40
    raw[start : start + 8] = b"\xff" * 8
    (tmp_path / "b.xlsx").write_bytes(bytes(raw))
    assert refusal_of(tmp_path / "b.xlsx") == "file_content"


# --- headers --------------------------------------------------------------------------------------

COLUMNS = (
    Column("uscc", "统一社会信用代码", also=("信用代码",), required=True),
    Column("name", "企业名称", required=True),
    Column("note", "备注"),
)


def test_columns_are_found_under_code_name_or_alias_in_any_order() -> None:
    for header in (["name", "uscc"], ["企业名称", " 信用代码 "], ["NAME", "ＵＳＣＣ", "", "原因"]):
        assert reader_for(header, COLUMNS)(["常州", "91", "x", "y"]) == ("91", "常州", "")


def test_short_rows_are_filled_up() -> None:
    assert reader_for(["uscc", "name", "note"], COLUMNS)(["91"]) == ("91", "", "")


def test_every_fault_of_a_header_is_named_at_once() -> None:
    with pytest.raises(Refused) as refused:
        reader_for(["note", "备注", "序号"], COLUMNS)
    assert sorted(refusal.code for refusal in refused.value.refusals) == [
        "column_missing",
        "column_missing",
        "column_twice",
        "column_unknown",
    ]
    assert "缺少必需的列“统一社会信用代码”（uscc）" in str(refused.value)
