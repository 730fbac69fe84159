"""Places as reference data (data/*.csv): loaded once, later edits of the bureau stay."""

import csv
from datetime import date
from pathlib import Path

from .models import Division, DivisionUnit, ReportingUnit

DATA = Path(__file__).parent / "data"
FIRST_DAY = date(1983, 1, 1)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load_places() -> None:
    """Reporting units, divisions, and through which unit each division reports when."""
    for row in rows_of(DATA / "reporting_units.csv"):
        ReportingUnit.objects.get_or_create(
            code=row["code"],
            defaults={"name_zh": row["name_zh"], "name_en": row["name_en"], "order": int(row["order"])},
        )
    for row in rows_of(DATA / "divisions.csv"):
        _load_division(row)


def _load_division(row: dict[str, str]) -> None:
    valid_from, valid_to = _day(row["valid_from"]), _day(row["valid_to"])
    division, _ = Division.objects.get_or_create(
        code=row["code"],
        defaults={
            "name": row["name"],
            "level": row["level"],
            "parent_id": row["parent"] or None,
            "valid_from": valid_from,
            "valid_to": valid_to,
        },
    )
    if row["reporting_unit"]:
        DivisionUnit.objects.get_or_create(
            division=division,
            valid_from=valid_from or FIRST_DAY,
            defaults={"unit_id": row["reporting_unit"], "valid_to": valid_to},
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
