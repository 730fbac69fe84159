"""The rows that were not taken, as a file of the same form with a column 原因: corrected, it can be imported again.

A cell that an office program would take for a formula is quoted in CSV; tables.py takes the quote off again.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from xlsxwriter import Workbook

from .columns import REASON
from .quoting import harmless
from .tables import Table

LEFT_OUT = "-未导入"


def write_leftovers(table: Table, bad_lines: Mapping[int, str], target: Path | None = None) -> Path:
    """Write the bad rows of `table` to `target`, or beside it; returns where."""
    suffix = ".csv" if table.encoding else ".xlsx"
    target = target or table.path.with_name(f"{table.path.stem}{LEFT_OUT}{suffix}")
    if table.encoding:
        _write_csv(target, table, bad_lines)
    else:
        _write_xlsx(target, table, bad_lines)
    return target


def _rows(table: Table, bad_lines: Mapping[int, str]) -> Iterator[list[str]]:
    numbered = table.rows()
    _, header = next(numbered)
    # A reason from an earlier round is replaced, not kept beside the new one.
    kept = [place for place, title in enumerate(header) if title.strip() != REASON]
    yield [*(header[place] for place in kept), REASON]
    for line, cells in numbered:
        if line in bad_lines:
            yield [*(cells[place] if place < len(cells) else "" for place in kept), bad_lines[line]]


def _write_csv(target: Path, table: Table, bad_lines: Mapping[int, str]) -> None:
    with target.open("w", encoding=table.encoding, newline="") as file:
        csv.writer(file).writerows([harmless(cell) for cell in cells] for cells in _rows(table, bad_lines))


def _write_xlsx(target: Path, table: Table, bad_lines: Mapping[int, str]) -> None:
    """Every cell as text, so that a credit code stays one."""
    with Workbook(str(target), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(_rows(table, bad_lines)):
            for place, text in enumerate(cells):
                sheet.write_string(number, place, text)
