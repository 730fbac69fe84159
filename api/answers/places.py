"""Divisions and reporting units as they are answered."""

from typing import Any

from enterprises.models import Division, ReportingUnit

from ..labels import worded


def reporting_unit(unit: ReportingUnit) -> dict[str, Any]:
    return {"code": unit.code, "code_display": worded((unit.name_zh, unit.name_en)), "order": unit.order}


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
                "reporting_unit_display": worded((period.unit.name_zh, period.unit.name_en)),
                "valid_from": period.valid_from,
                "valid_to": period.valid_to,
            }
            for period in row.unit_periods.all()
        ],
    }
