"""Divisions and reporting units as they are answered."""

from typing import Any

from certification.wording import named
from enterprises.models import Division, ReportingUnit


def reporting_unit(unit: ReportingUnit) -> dict[str, Any]:
    """A unit with its division periods prefetched; it holds as long as any division reports through it."""
    begun = [period.valid_from for period in unit.division_periods.all()]
    ended = [period.valid_to for period in unit.division_periods.all()]
    return {
        "code": unit.code,
        "code_display": named(unit),
        "order": unit.order,
        "valid_from": min(begun, default=None),
        "valid_to": None if None in ended else max(filter(None, ended), default=None),
    }


def division(row: Division) -> dict[str, Any]:
    """A division with its unit periods prefetched."""
    return {
        "code": row.code,
        "code_display": row.name,
        "level": row.level,
        "level_display": row.get_level_display(),
        "parent": row.parent_id,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "reporting_units": [
            {
                "reporting_unit": period.unit_id,
                "reporting_unit_display": named(period.unit),
                "valid_from": period.valid_from,
                "valid_to": period.valid_to,
            }
            for period in row.unit_periods.all()
        ],
    }
