"""Spreadsheets: what a file would unfold to is looked at before anything parses it.

An .xlsx of a few kilobytes can name billions of cells or unzip to gigabytes; the reader builds the whole
rectangle. So every member is unzipped once, as a stream that is counted and searched for cell references
out of bounds.
"""

import copy
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from ..errors import Refused, refuse

MEGABYTE = 1024 * 1024
BLOCK = MEGABYTE
OVERLAP = 64
# A reference beyond column GR, which is the 200th; and one to a row of six or more digits.
_FAR_COLUMN = re.compile(rb"\sr\s*=\s*[\"'](?:[A-Za-z]{3,}|[H-Zh-z][A-Za-z]|[Gg][S-Zs-z])\d")
_FAR_ROW = re.compile(rb"\sr\s*=\s*[\"'][A-Za-z]*(\d{6,})")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold. `columns` is part of a pattern above, too.

    A CSV file is read as a stream; how many rows it may have is for the caller to say.
    """

    rows: int = 100_000
    csv_rows: int = 100_000
    columns: int = 200
    unzipped: int = 200 * MEGABYTE
    ratio: int = 100
    file_size: int = 300 * MEGABYTE


def too_large(message: str, *, remedy: str = "") -> Refused:
    return refuse("file_too_large", message, field="file", remedy=remedy or _("请拆分为多个文件后分别导入"))


def too_wide(message: str) -> Refused:
    """Splitting a table does not make it narrower."""
    return too_large(message, remedy=_("请删去表格右侧多余的列（空列也要删去），只保留模板中的列后重新上传"))


def not_a_spreadsheet(path: Path) -> Refused:
    message = _("“%(name)s”不是可读的电子表格或已损坏") % {"name": path.name}
    return refuse("file_content", message, field="file", remedy=_("请另存为 .xlsx 或 CSV 后重试"))


def check_xlsx(path: Path, limits: Limits) -> None:
    """Refuse an .xlsx that unfolds beyond the limits; the sizes that it states are not believed."""
    left = limits.unzipped
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
                raise refuse("file_macro", _("文件含有宏"), field="file", remedy=_("请另存为不含宏的 .xlsx 文件"))
            for member in members:
                sheet = member.filename.startswith("xl/worksheets/")
                left = _check_member(archive, member, left=left, limits=limits if sheet else None)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
        raise not_a_spreadsheet(path) from error
    if limits.unzipped - left > max(limits.ratio * path.stat().st_size, MEGABYTE):
        raise too_large(_("文件解压后超过原大小的 %(ratio)s 倍") % {"ratio": limits.ratio})


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, left: int, limits: Limits | None) -> int:
    """What is left of the allowance after unzipping a member; cell references are looked at if `limits`."""
    believed = copy.copy(member)
    believed.file_size = left + 2 * BLOCK  # read on to the true end: the stated size may be a lie
    tail = b""
    with archive.open(believed) as stream:
        while block := stream.read(BLOCK):
            left -= len(block)
            if left < 0:
                raise too_large(_("文件解压后超过 200 MB"))
            if limits:
                _check_references(tail + block, limits)
                tail = block[-OVERLAP:]
    return left


def _check_references(xml: bytes, limits: Limits) -> None:
    if _FAR_COLUMN.search(xml):
        raise too_wide(_("工作表超过 %(most)s 列") % {"most": limits.columns})
    for found in _FAR_ROW.finditer(xml):
        if int(found[1]) > limits.rows + 1:
            raise too_large(_("工作表超过 %(most)s 行") % {"most": limits.rows})


def spreadsheet_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(row number as the program shows it, cells as text) of the first sheet."""
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    except (CalamineError, IndexError, OSError, ValueError) as error:
        raise not_a_spreadsheet(path) from error
    for line, cells in enumerate(sheet.iter_rows(), 1):
        yield line, [cell if type(cell) is str else cell_text(cell) for cell in cells]


def cell_text(cell: Any) -> str:
    """A cell as it would be typed: whole numbers without a point, days as ISO."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"
    if isinstance(cell, int):
        return str(cell) if abs(cell) < 10**15 else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == cell.time().min else str(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)
