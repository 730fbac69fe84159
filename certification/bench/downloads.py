"""What can be taken away of an import: its errors, its bad rows, its closing sheet, where each fact came from."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from enterprises.imports.quoting import harmless

from ..models import ImportFile
from ..models.bench import Effect
from .checking import rejected_path
from .closing import NUMBERS, Closing, ClosingLine

BOM = "\ufeff"  # so that office programs take it for UTF-8
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Echo:
    """Where a CSV writer writes to: what it is given comes back."""

    def write(self, text: str) -> str:
        return text


def as_csv(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Rows as the lines of a CSV file that no office program takes for formulas; numbers stay numbers."""
    writer = csv.writer(_Echo())
    yield BOM
    for row in rows:
        line: str = writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
        yield line


def error_rows(file: ImportFile) -> Iterator[tuple[Any, ...]]:
    """Every error by row and column; what depends on the import after them."""
    yield _("行号"), _("列"), _("值"), _("原因")
    faults = file.faults.order_by("is_tie", "id")
    yield from faults.values_list("line", "column", "value", "reason").iterator()


def origin_rows(file: ImportFile) -> Iterator[tuple[Any, ...]]:
    """Which row made what."""
    yield _("行号"), _("统一社会信用代码"), _("结果"), _("台账号")
    for line, uscc, effect, number in (
        file.made.order_by("id").values_list("line", "uscc", "effect", "ledger_number").iterator()
    ):
        yield line, uscc, str(Effect(effect).label), number


def closing_rows(sheet: Closing) -> Iterator[tuple[Any, ...]]:
    """The closing sheet with its sums."""
    yield (
        *(_("统计单元"), _("阶段"), _("年度"), _("文件行数"), _("新登记"), _("记载终止"), _("已登记且一致")),
        *(_("文件内重复"), _("有误"), _("登记簿新增"), _("登记簿终止"), _("核对")),
    )
    yield from (_closing_row(line) for line in [*sheet.lines, sheet.total])


def _closing_row(line: ClosingLine) -> tuple[Any, ...]:
    numbers = (getattr(line, name) for name in NUMBERS)
    verdict = _("相符") if line.agrees else _("不符")
    return line.unit_name, line.stage_name, line.year or "", *numbers, verdict


def rejected_file(file: ImportFile) -> tuple[Path, str, str] | None:
    """The bad rows as a file of the same form: where it lies, its name, its type; None: there are none."""
    path = rejected_path(file)
    if not (file.bad_rows and path.exists()):
        return None
    stem = file.filename.rpartition(".")[0]
    name = _("%(stem)s-未导入") % {"stem": stem}
    return path, f"{name}{path.suffix}", CSV if path.suffix == ".csv" else XLSX
