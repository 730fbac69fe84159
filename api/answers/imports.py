"""Imports as they are answered."""

from typing import Any

from django.db.models import QuerySet

from certification.bench.closing import Closing, ClosingLine
from certification.bench.progress import how_far
from certification.models import ImportFault, ImportFile, ImportRow, Job
from certification.stages import STAGES

from ..labels import moment, stage_name

COUNTS = ("rows", "new", "changed", "unchanged", "repeated", "bad_rows", "bad_cells", "first_ledger", "last_ledger")
SUMS = ("rows", "new", "changed", "unchanged", "repeated", "bad", "on_record", "ended", "agrees")


def with_people(rows: QuerySet[ImportFile]) -> QuerySet[ImportFile]:
    """With everything that an answer names."""
    return rows.select_related("job", "uploaded_by", "confirmed_by", "undone_by")


def file(row: ImportFile) -> dict[str, Any]:
    return {
        "id": row.key,
        "kind": row.kind,
        "kind_display": row.get_kind_display(),
        "filename": row.filename,
        "size": row.size,
        "sha256": row.sha256,
        "state": row.state,
        "state_display": row.get_state_display(),
        "dry_run": not row.at_once,
        "skip_bad_rows": row.skip_bad_rows,
        **{name: getattr(row, name) for name in COUNTS},
        "remarks": row.remarks,
        "refusals": row.refusals,
        "uploaded_by": row.uploaded_by.username,
        "uploaded_at": moment(row.uploaded_at),
        "checked_at": moment(row.checked_at),
        "confirmed_by": row.confirmed_by.username if row.confirmed_by else None,
        "applied_at": moment(row.applied_at),
        "undone_by": row.undone_by.username if row.undone_by else None,
        "undone_at": moment(row.undone_at),
        "job": _job(row, row.job) if row.job else None,
        "errors": f"/api/v1/imports/{row.key}/errors/",
    }


def _job(file: ImportFile, row: Job) -> dict[str, Any]:
    done, total = how_far(file) if file.is_busy else (row.done, row.total)
    shown = {"state": row.state, "state_display": row.get_state_display()}
    return {"id": row.pk, **shown, "done": done, "total": total, "message": row.message}


def error(row: ImportFault) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("line", "column", "value", "reason", "is_tie")}


def origin(row: ImportRow) -> dict[str, Any]:
    fact = row.achievement
    return {
        "line": row.line,
        "effect": row.effect,
        "effect_display": row.get_effect_display(),
        "uscc": row.uscc,
        "stage": fact.stage if fact else None,
        "stage_display": stage_name(fact.stage) if fact else "",
        "effective_on": fact.effective_on if fact else None,
        "ledger_number": row.ledger_number,
    }


def closing(sheet: Closing) -> dict[str, Any]:
    return {
        "agrees": sheet.agrees,
        "is_compared": sheet.is_compared,
        "lines": [_line(line) for line in sheet.lines],
        "total": _line(sheet.total),
    }


def _line(line: ClosingLine) -> dict[str, Any]:
    return {
        "reporting_unit": line.unit or None,
        "reporting_unit_display": line.unit_name,
        "stage": line.stage or None,
        "stage_display": stage_name(line.stage) if line.stage in STAGES else line.stage,
        "year": line.year or None,
        **{name: getattr(line, name) for name in SUMS},
    }
