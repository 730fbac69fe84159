"""Tables for the rows about imports, and how much memory an import of one takes."""

import csv
import random
import subprocess
import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from django.conf import settings
from xlsxwriter import Workbook

from certification.imports.achievements import COLUMNS as ACHIEVEMENT_COLUMNS
from enterprises.imports.register import COLUMNS as ENTERPRISE_COLUMNS

from . import world

COLUMNS = {"achievements": ACHIEVEMENT_COLUMNS, "enterprises": ENTERPRISE_COLUMNS}
# The most that a process ever had in memory; ru_maxrss would count the one that started it as well.
_MEASURED = """
import sys
from django.core.management import call_command
import django
django.setup()
call_command("import", *sys.argv[1:])
from pathlib import Path
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


def table(kind: str, first: int, count: int, *, suffix: str = ".csv") -> Path:
    """A file of `count` rows about the enterprises from a number on; six achievements for each of them."""
    path = Path(settings.REGISTRY_HOME) / f"{kind}-{first}-{count}{suffix}"
    chance = random.Random(first)
    rows = _enterprises(first, count, chance) if kind == "enterprises" else _achievements(first, chance)
    lines = [[column.code for column in COLUMNS[kind]], *islice(rows, count)]
    (_write_xlsx if suffix == ".xlsx" else _write_csv)(path, lines)
    return path


def _enterprises(first: int, count: int, chance: random.Random) -> Iterable[Sequence[object]]:
    for row in world.enterprise_rows(range(first, first + count), chance):
        flags = ("1" if row.high_tech else "", row.certificate, row.tier, "1" if row.rd else "0")
        yield row.uscc, row.name, row.township, *flags, row.industry, row.established_on


def _achievements(first: int, chance: random.Random) -> Iterable[Sequence[object]]:
    number = first
    while True:
        yield from (row[1:] for row in world.achievement_rows(number, chance))
        number += 1


def _write_csv(path: Path, lines: list[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)


def _write_xlsx(path: Path, lines: list[Sequence[object]]) -> None:
    """Days as days, everything else as text, as an office program would have it."""
    with Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(lines):
            for place, cell in enumerate(cells):
                if hasattr(cell, "year"):
                    sheet.write_datetime(number, place, cell)
                elif cell:
                    sheet.write_string(number, place, str(cell))


def peak_mb(kind: str, path: Path) -> float:
    """Peak memory of the command in a process of its own; 0 where the system does not tell."""
    if not Path("/proc/self/status").exists():
        return 0.0
    said = subprocess.run(
        [sys.executable, "-c", _MEASURED, kind, str(path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
    )
    return int(said.stdout.split()[-1]) / 1024
