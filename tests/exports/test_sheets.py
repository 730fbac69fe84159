"""What is written is what is read back; nothing in a cell is ever run."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from certification.exports import sheets
from certification.exports.columns import Column, Columns, Kind
from certification.exports.sheets import FORMS, written

from .taking import book, csv_rows, xlsx_rows

COLUMNS = Columns(
    [
        Column("text", "文字"),
        Column("code", "代码", Kind.CODE),
        Column("integer", "整数", Kind.INTEGER),
        Column("decimal", "小数", Kind.DECIMAL),
        Column("date", "日期", Kind.DATE),
        Column("moment", "时间", Kind.MOMENT),
        Column("flag", "是否", Kind.FLAG),
    ]
)
ROW = {
    "text": "常州，“砚舟”\n二行",
    "code": "913204126666666666",
    "integer": -5,
    "decimal": Decimal("-1234.50"),
    "date": date(2020, 12, 31),
    "moment": datetime(2020, 12, 31, 16, 30, 5, tzinfo=UTC),
    "flag": True,
}
DANGEROUS = [
    "=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a",
    '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "{=1}",
]  # fmt: skip


def file_of(form: str, rows: list[dict[str, Any]], columns: Columns = COLUMNS) -> bytes:
    file = io.BytesIO()
    writer = FORMS[form](file, columns, "试验[1]/表")
    writer.add(rows)
    writer.close([("列表", "=试验")])
    return file.getvalue()


def test_csv_is_read_back_as_it_was_written() -> None:
    header, row = csv_rows(file_of("csv", [ROW]))
    assert header == ["文字", "代码", "整数", "小数", "日期", "时间", "是否"]
    text = "常州，“砚舟”\n二行"
    assert row == [text, "913204126666666666", "-5", "-1234.50", "2020-12-31", "2021-01-01 00:30:05", "是"]


def test_xlsx_is_read_back_with_its_types() -> None:
    header, row = xlsx_rows(file_of("xlsx", [ROW]))
    assert header == ["文字", "代码", "整数", "小数", "日期", "时间", "是否"]
    moment = datetime.fromisoformat("2021-01-01T00:30:05")
    day = datetime.fromisoformat("2020-12-31")
    assert row == [ROW["text"], "913204126666666666", -5, -1234.5, day, moment, "是"]


def test_nothing_is_an_empty_cell() -> None:
    nothing = dict.fromkeys(ROW, None)
    assert csv_rows(file_of("csv", [nothing]))[1] == [""] * 7
    assert xlsx_rows(file_of("xlsx", [nothing, ROW]))[1] == [None] * 7


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_is_a_formula(text: str) -> None:
    [_, row] = csv_rows(file_of("csv", [ROW | {"text": text}]))
    assert row[0] == (f"'{text}" if text[0] in "=+-@\t\r\n＝＋－＠" else text)
    cell = book(file_of("xlsx", [ROW | {"text": text}])).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r") == text
    assert cell.hyperlink is None


def test_numbers_stay_numbers_and_are_not_prefixed() -> None:
    assert [written(value) for value in (-5, Decimal("-0.5"), 0)] == ["-5", "-0.5", "0"]
    sheet = book(file_of("xlsx", [ROW])).worksheets[0]
    assert [sheet.cell(2, place).data_type for place in range(1, 8)] == ["s", "s", "n", "n", "d", "d", "s"]


def test_header_cannot_be_run_either() -> None:
    columns = Columns([Column("text", "=1+1")])
    assert csv_rows(file_of("csv", [ROW], columns))[0] == ["'=1+1"]
    assert book(file_of("xlsx", [ROW], columns)).worksheets[0]["A1"].data_type == "s"


def test_what_is_no_character_is_said_to_be_none() -> None:
    odd = ROW | {"text": "a\x00b\x1b\ud800c"}
    assert csv_rows(file_of("csv", [odd]))[1][0] == "a\ufffdb\ufffd\ufffdc"
    assert xlsx_rows(file_of("xlsx", [odd]))[1][0] == "a\ufffdb\ufffd\ufffdc"


def test_workbook_holds_its_header_and_says_what_it_is() -> None:
    made = book(file_of("xlsx", [ROW]))
    assert made.sheetnames == ["试验·1··表", "说明"]
    sheet, notes = made.worksheets
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G2")
    assert sheet.column_dimensions["B"].width > 18
    assert sheet["B2"].number_format == "@"
    assert [[cell.value for cell in row] for row in notes.iter_rows()] == [["列表", "=试验"]]


def test_text_beyond_a_cell_is_cut_and_said_to_be() -> None:
    long = "长" * 40_000
    made = book(file_of("xlsx", [ROW | {"text": long}]))
    assert len(made.worksheets[0]["A2"].value) == 32_767
    assert "1" in made.worksheets[1]["B2"].value
    assert csv_rows(file_of("csv", [ROW | {"text": long}]))[1][0] == long


def test_rows_beyond_a_sheet_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS_OF_A_SHEET", 2)
    made = book(file_of("xlsx", [ROW | {"integer": number} for number in range(5)]))
    assert made.sheetnames == ["试验·1··表", "试验·1··表 2", "试验·1··表 3", "说明"]
    held = [[row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in made.worksheets[:3]]
    assert held == [[0, 1], [2, 3], [4]]
