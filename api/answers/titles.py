"""Titles as they are answered."""

from collections.abc import Callable
from datetime import date
from typing import Any

from certification.models import Achievement, Guidance, Reexamination
from certification.services.titles import document_of, state_of
from certification.title_life import STANDING_NAMES
from certification.wording import named, worded

from ..labels import stage_name


def row_on(day: date) -> Callable[[Achievement], dict[str, Any]]:
    """Makes a title the answer's row, as it stands on a day."""

    def made(row: Achievement) -> dict[str, Any]:
        document, state = document_of(row), state_of(row, on=day)
        return {
            "number": row.ledger_number,
            "enterprise": row.enterprise.uscc,
            "enterprise_display": row.enterprise.name,
            "stage": row.stage,
            "stage_display": stage_name(row.stage),
            "effective_on": row.effective_on,
            "reporting_unit": row.reporting_unit_id,
            "reporting_unit_display": named(row.reporting_unit),
            "document": document.document if document else "",
            "issued_by": document.issued_by if document else "",
            "level": document.level if document else "",
            "level_display": document.get_level_display() if document else "",
            "valid_until": state.valid_until,
            "reexamination_due_on": state.due_on,
            "days_left": state.days_left,
            "standing": state.standing.value,
            "standing_display": worded(STANDING_NAMES[state.standing]),
            "ended_on": row.ended_on,
        }

    return made


def full(row: Achievement, *, on: date) -> dict[str, Any]:
    """Everything on record."""
    document = document_of(row)
    return row_on(on)(row) | {
        "document_number": document.ledger_number if document else None,
        "ended_ground": row.ended_ground,
        "reexaminations": [reexamination(each) for each in row.reexaminations.all()],
        "guidance": [guidance(each) for each in row.guidance.select_related("organisation")],
    }


def reexamination(row: Reexamination) -> dict[str, Any]:
    names = ("due_on", "examined_on", "passed", "words", "document", "valid_until", "reexamine_on", "ledger_number")
    return {name: getattr(row, name) for name in names}


def guidance(row: Guidance) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("on", "by", "done", "achieved", "ledger_number")}
    name = named(row.organisation) if row.organisation else ""
    return plain | {"organisation": row.organisation_id, "organisation_display": name}
