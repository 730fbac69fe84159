"""A list as a file: CSV (UTF-8 with a mark, RFC 4180) or xlsx. No cell is ever taken for a formula.

Text that a spreadsheet might run is prefixed with an apostrophe in CSV and typed as text in xlsx, where every text is;
numbers stay numbers, also negative ones. Both are written row by row: memory does not grow with the list.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Protocol

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.imports.quoting import harmless

from ..parameters import FORBIDDEN
from .columns import Columns, Kind

NO_CHARACTER = "\N{REPLACEMENT CHARACTER}"
LONGEST_CELL = 32_767
ROWS_OF_A_SHEET = 1_000_000
WIDTHS = {
    Kind.TEXT: 24,
    Kind.CODE: 21,
    Kind.INTEGER: 11,
    Kind.DECIMAL: 13,
    Kind.DATE: 12,
    Kind.MOMENT: 20,
    Kind.FLAG: 9,
}
FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.MOMENT: "yyyy-mm-dd hh:mm:ss", Kind.CODE: "@", Kind.TEXT: "@"}
HEAD = {"bold": True, "bg_color": "#E8F0F8", "border": 1, "border_color": "#B8C8D8"}
Notes = Sequence[tuple[str, str]]


class Writer(Protocol):
    """Takes rows as they come; `close` ends the file, with what is to be said about it where it has a place."""

    def add(self, rows: Iterable[Any]) -> None: ...

    def close(self, notes: Notes) -> None: ...


def plain(value: Any) -> Any:
    """A value as a cell holds it: text clean of control characters, a moment as Changzhou's clock shows it."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    return FORBIDDEN.sub(NO_CHARACTER, str(value))


def written(value: Any) -> str:
    """The text of a CSV cell."""
    held = plain(value)
    if held is None:
        return ""
    if isinstance(held, datetime):
        return held.isoformat(" ", timespec="seconds")
    if isinstance(held, Decimal):
        return f"{held:f}"
    return harmless(held) if isinstance(held, str) else str(held)


class CsvFile:
    """CSV: the header, then the rows, and nothing else."""

    def __init__(self, file: BinaryIO, columns: Columns, title: str) -> None:
        self._columns = columns
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
        self._csv = csv.writer(self._text, lineterminator="\r\n")
        self._csv.writerow([written(str(column.name)) for column in columns])

    def add(self, rows: Iterable[Any]) -> None:
        self._csv.writerows([written(value) for value in self._columns.values(row)] for row in rows)

    def close(self, notes: Notes) -> None:
        self._text.flush()
        self._text.detach()


class XlsxFile:
    """An xlsx workbook: the list with its header held fast, and a sheet that says what it is."""

    def __init__(self, file: BinaryIO, columns: Columns, title: str) -> None:
        self._columns, self._title = columns, title
        self._book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._head = self._book.add_format(HEAD)
        self._looks = {kind: self._book.add_format({"num_format": look}) for kind, look in FORMATS.items()}
        self._cut = self._sheets = 0
        self._begin()

    def _begin(self) -> None:
        """A new sheet; a workbook's sheets have an end."""
        self._sheets, self._row = self._sheets + 1, 0
        name = _sheet_name(self._title) if self._sheets == 1 else f"{_sheet_name(self._title)[:27]} {self._sheets}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            self._sheet.set_column(place, place, WIDTHS[column.kind], self._looks.get(column.kind))
            self._sheet.write_string(0, place, str(column.name), self._head)

    def add(self, rows: Iterable[Any]) -> None:
        for row in rows:
            if self._row == ROWS_OF_A_SHEET:
                self._begin()
            self._row += 1
            for place, column in enumerate(self._columns):
                self._write(place, column.kind, plain(column.value(row)))

    def _write(self, place: int, kind: Kind, value: Any) -> None:
        look = self._looks.get(kind)
        if value is None or value == "":
            return
        if isinstance(value, date):
            self._sheet.write_datetime(self._row, place, value, look)
        elif isinstance(value, int | float | Decimal):
            self._sheet.write_number(self._row, place, value, look)
        else:
            self._sheet.write_string(self._row, place, self._fitting(value), look)

    def _fitting(self, text: str) -> str:
        """The text, cut where a cell ends; the notes say so."""
        if len(text) <= LONGEST_CELL:
            return text
        self._cut += 1
        return text[: LONGEST_CELL - 1] + "…"

    def close(self, notes: Notes) -> None:
        self._sheet.autofilter(0, 0, self._row, len(self._columns) - 1)
        told = [*notes]
        if self._cut:
            told.append((_("注意"), _("有 %(n)s 个单元格超过 Excel 的长度上限，已截断；CSV 中完整") % {"n": self._cut}))
        sheet = self._book.add_worksheet(_sheet_name(_("说明")))
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 80)
        for row, (label, words) in enumerate(told):
            sheet.write_string(row, 0, label, self._head)
            sheet.write_string(row, 1, str(plain(words))[:LONGEST_CELL])
        self._book.close()


def _sheet_name(title: str) -> str:
    """A title as a sheet may be called: at most 31 characters, none of []:*?/\\."""
    return "".join("·" if letter in "[]:*?/\\'" else letter for letter in title)[:31]


FORMS: dict[str, type[CsvFile] | type[XlsxFile]] = {"csv": CsvFile, "xlsx": XlsxFile}
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
