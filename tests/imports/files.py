"""Writing tables for import tests, and importing them."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook

from certification.imports.achievements import AchievementImport
from enterprises.identifiers import with_check_character
from enterprises.imports.outcome import Outcome
from enterprises.imports.register import EnterpriseImport
from enterprises.imports.run import Importer, run_import
from enterprises.imports.spreadsheets import Limits
from enterprises.imports.tables import open_table
from ledger.record import SYSTEM
from tests.factories import NOW

ENTERPRISES = ("uscc", "name", "township")
ACHIEVEMENTS = ("uscc", "stage", "effective_on", "ended_on", "ended_reason", "certificate_number", "route", "note")
Cells = Sequence[object]


def code(number: int) -> str:
    """A valid credit code of its own for each number."""
    return with_check_character(f"91320411MA{number:07d}")


def write_csv(path: Path, header: Cells, *rows: Cells, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def write_xlsx(path: Path, header: Cells, *rows: Cells) -> Path:
    """Texts as texts, numbers as numbers, as an office program keeps them."""
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([header, *rows]):
            sheet.write_row(number, 0, cells)
    return path


def table_of(path: Path, header: Cells, *rows: Cells) -> Path:
    return write_xlsx(path, header, *rows) if path.suffix == ".xlsx" else write_csv(path, header, *rows)


def take(importer: Importer, path: Path, *, at: datetime = NOW, dry_run: bool = False, skip: bool = False) -> Outcome:
    table = open_table(path, limits=Limits())
    return run_import(importer, table, actor=SYSTEM, at=at, dry_run=dry_run, skip_bad_rows=skip)


def take_enterprises(path: Path, *rows: Cells, header: Cells = ENTERPRISES, skip: bool = False) -> Outcome:
    return take(EnterpriseImport(), table_of(path, header, *rows), skip=skip)


def take_achievements(path: Path, *rows: Cells, header: Cells = ACHIEVEMENTS, skip: bool = False) -> Outcome:
    """Rows may be shorter than the header."""
    full = [[*row, *[""] * (len(header) - len(row))] for row in rows]
    return take(AchievementImport(), table_of(path, header, *full), skip=skip)
