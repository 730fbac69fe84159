"""Reading a table from a file: CSV in UTF-8 (with or without BOM) or GB18030, .xlsx and .xls."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from ..errors import Refused, refuse
from .quoting import QUOTE, unquoted
from .spreadsheets import MEGABYTE, Limits, check_xlsx, spreadsheet_rows, too_large, too_wide

BLOCK = MEGABYTE
# The first bytes of a file that calls itself CSV but is something else.
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
Numbered = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A readable file. `encoding` is empty for spreadsheets."""

    path: Path
    encoding: str
    limits: Limits

    def rows(self) -> Iterator[Numbered]:
        """(line, cells) of every row that is not blank, the header first; may be read again.

        The line of a CSV row is the one on which it begins. Raises Refused where the file ends being
        readable or holds more than the limits.
        """
        source = _csv_rows(self.path, self.encoding) if self.encoding else spreadsheet_rows(self.path)
        most = self.limits.csv_rows if self.encoding else self.limits.rows
        count = 0
        for line, cells in source:
            if not (cells and cells[0].strip()) and not "".join(cells).strip():
                continue
            count += 1
            if count > most + 1:
                raise too_large(_("表格超过 %(most)s 行") % {"most": most})
            if len(cells) > self.limits.columns:
                raise too_wide(_("第 %(line)s 行超过 %(most)s 列") % {"line": line, "most": self.limits.columns})
            yield line, cells


def open_table(path: Path, *, limits: Limits) -> Table:
    """Find out what a file is and check its size; raises Refused with the reason and what to do."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        message = _("无法读取文件“%(name)s”：%(reason)s") % {"name": path, "reason": error.strerror}
        raise refuse("file_missing", message, field="file") from error
    if size == 0:
        raise refuse("file_empty", _("文件“%(name)s”是空的（0 字节）") % {"name": path.name}, field="file")
    if size > limits.file_size:
        sizes = {"given": size // MEGABYTE, "most": limits.file_size // MEGABYTE}
        raise too_large(_("文件有 %(given)s MB，超过 %(most)s MB") % sizes)
    suffix = path.suffix.lower()
    if suffix == ".xlsx" and head.startswith(_ZIP):
        check_xlsx(path, limits)
        return Table(path, "", limits)
    if suffix == ".xls" and head.startswith(_OLE):
        return Table(path, "", limits)
    if suffix == ".csv" and not head.startswith((_ZIP, _OLE, *_UTF16)):
        return Table(path, _encoding(path), limits)
    raise _wrong_kind(path, suffix)


def _wrong_kind(path: Path, suffix: str) -> Refused:
    remedy = _("请使用 .csv（UTF-8 或 GB18030）、.xlsx 或 .xls 文件，不要只改扩展名")
    if suffix not in (".csv", ".xlsx", ".xls"):
        return refuse("file_type", _("不接受“%(suffix)s”文件") % {"suffix": suffix}, field="file", remedy=remedy)
    message = _("文件“%(name)s”的内容与扩展名不符") % {"name": path.name}
    return refuse("file_content", message, field="file", remedy=remedy)


def _encoding(path: Path) -> str:
    """`utf-8-sig` where the whole file is UTF-8, else GB18030 where it is that."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    message = _("文件“%(name)s”既不是 UTF-8 也不是 GB18030 编码") % {"name": path.name}
    raise refuse("file_encoding", message, field="file", remedy=_("请另存为“CSV UTF-8”"))


def _csv_rows(path: Path, encoding: str) -> Iterator[Numbered]:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, strict=True)
        line = 1
        try:
            for cells in reader:
                yield line, [unquoted(cell) if cell[:1] == QUOTE else cell for cell in cells]
                line = reader.line_num + 1
        except csv.Error as error:
            message = _("第 %(line)s 行起无法读取（%(reason)s）") % {"line": line, "reason": error}
            raise refuse("csv_broken", message, field="file", remedy=_("请检查该行的引号是否成对")) from error
