"""Reading a table and checking each of its rows, beside the rate that is promised."""

from collections.abc import Callable

from certification.imports.achievements import AchievementImport
from enterprises.imports.outcome import Outcome
from enterprises.imports.register import EnterpriseImport
from enterprises.imports.run import Importer, sound_rows
from enterprises.imports.spreadsheets import Limits
from enterprises.imports.tables import open_table

from .measure import Result, median_of
from .tables import table

MANY = 100_000
FIRST = 700_000_000
PROMISED = {".csv": 45_000, ".xlsx": 35_000}  # rows a second
IMPORTERS: dict[str, Callable[[], Importer]] = {"enterprises": EnterpriseImport, "achievements": AchievementImport}


def _reading(size: int, kind: str, suffix: str) -> Result:
    """From opening the file to its sound rows; limit: the time that the promised rate allows for as many."""
    count = min(MANY, max(size, 5_000))
    path = table(kind, FIRST, count, suffix=suffix)

    def read() -> None:
        outcome = Outcome()
        rows = sound_rows(IMPORTERS[kind](), open_table(path, limits=Limits()), outcome)
        if outcome.bad or len(rows) != count:
            raise RuntimeError(f"{len(rows)} rows of {count}, wrong: {outcome.bad[:3]}")

    read()
    product = median_of(read, rounds=5)
    path.unlink()
    return Result(
        f"reading {kind}, {suffix[1:]}",
        product,
        count / PROMISED[suffix],
        1.0,
        f">= {PROMISED[suffix]} rows/s",
        "file to rows, read and checked",
        "the time that the promised rate allows",
        {"rows_per_second": count / product},
    )


def csv_achievements(size: int) -> Result:
    return _reading(size, "achievements", ".csv")


def xlsx_achievements(size: int) -> Result:
    return _reading(size, "achievements", ".xlsx")


def csv_enterprises(size: int) -> Result:
    return _reading(size, "enterprises", ".csv")


def xlsx_enterprises(size: int) -> Result:
    return _reading(size, "enterprises", ".xlsx")


ROWS = (csv_achievements, xlsx_achievements, csv_enterprises, xlsx_enterprises)
