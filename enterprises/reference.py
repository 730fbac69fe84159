"""Places as reference data (data/*.csv): loaded once, later edits of the bureau stay."""

import csv
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from ledger.contents import record_loaded
from ledger.verbs import Verb

from .models import Division, DivisionUnit, ReportingUnit
from .services.divisions import division_contents, subject_of

DATA = Path(__file__).parent / "data"
FIRST_DAY = date(1983, 1, 1)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def load_places(*, at: datetime) -> None:
    """Reporting units, divisions, and through which unit each division reports when; on record once loaded."""
    for row in rows_of(DATA / "reporting_units.csv"):
        ReportingUnit.objects.get_or_create(
            code=row["code"],
            defaults={"name_zh": row["name_zh"], "name_en": row["name_en"], "order": int(row["order"])},
        )
    loaded = [row["code"] for row in rows_of(DATA / "divisions.csv") if _load_division(row)]
    record_loaded(Verb.DIVISION_CHANGED, division_contents(), map(subject_of, loaded), at=at)


def _load_division(row: dict[str, str]) -> bool:
    """Create a division with the period of its unit, unless it is there; whether it was created."""
    valid_from, valid_to = _day(row["valid_from"]), _day(row["valid_to"])
    division, created = Division.objects.get_or_create(
        code=row["code"],
        defaults={
            "name": row["name"],
            "level": row["level"],
            "parent_id": row["parent"] or None,
            "valid_from": valid_from,
            "valid_to": valid_to,
        },
    )
    if created and row["reporting_unit"]:
        DivisionUnit.objects.create(
            division=division,
            valid_from=valid_from or FIRST_DAY,
            unit_id=row["reporting_unit"],
            valid_to=valid_to,
        )
    return created


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
