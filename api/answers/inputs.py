"""The inputs of eligibility as they are answered."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from certification.inputs.credit_life import STANDING_NAMES, CreditState
from certification.inputs.states import STATES
from certification.models import CreditCheck, CreditSource, Priority, PriorityKind
from certification.models.inputs import InputFact, InputPaper
from certification.services.priorities import HIGH_TECH, Held
from certification.wording import named, worded
from enterprises.models import Enterprise

Shaped = Callable[[Any], dict[str, Any]]


def fact_row(row: InputFact | Any) -> dict[str, Any]:
    return {
        "number": row.ledger_number,
        "enterprise": row.enterprise.uscc,
        "enterprise_display": row.enterprise.name,
        "state": row.state,
        "state_display": worded(STATES[row.state]),
        "recorded_at": row.recorded_at,
        "annulled_at": row.annulled_at,
        "annulled_ground": row.annulled_ground,
    }


def full(row: InputFact | Any, shape: Shaped) -> dict[str, Any]:
    """Everything on record."""
    newer = getattr(row, "replaced_by", None)
    return shape(row) | {
        "replaces": row.replaces.ledger_number if row.replaces else None,
        "replaced_by": newer.ledger_number if newer else None,
        "papers": [paper(each) for each in row.papers.all()],
    }


def paper(row: InputPaper) -> dict[str, Any]:
    names = ("id", "filename", "media_type", "size", "sha256", "uploaded_at", "ledger_number")
    return {name: getattr(row, name) for name in names}


def check(row: CreditCheck) -> dict[str, Any]:
    return fact_row(row) | {
        "source": row.source_id,
        "source_display": named(row.source),
        "result": row.result,
        "result_display": row.get_result_display(),
        "ground": row.ground,
        "checked_on": row.checked_on,
        "valid_until": row.valid_until,
    }


def priority(row: Priority) -> dict[str, Any]:
    plain = ("value", "document", "valid_from", "valid_until", "ended_on", "ended_ground")
    return fact_row(row) | {
        "kind": row.kind_id,
        "kind_display": named(row.kind),
        **{name: getattr(row, name) for name in plain},
    }


def priority_kind(row: PriorityKind) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("code", "needs_value", "is_active")}
    return {**plain, "name": named(row), "values": list(row.choices)}


def held(each: Held, kinds: dict[str, PriorityKind]) -> dict[str, Any]:
    name = _("高新技术企业") if each.kind == HIGH_TECH else named(kinds[each.kind])
    plain = {"kind": each.kind, "kind_display": name, "value": each.value}
    return {**plain, "since": each.since, "until": each.until}


def source(row: CreditSource) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("code", "valid_months", "is_needed", "is_active")}
    return {**plain, "name": named(row)}


def credit(enterprise: Enterprise, state: CreditState, *, on: date) -> dict[str, Any]:
    return {
        "enterprise": enterprise.uscc,
        "enterprise_display": enterprise.name,
        "on": on,
        "standing": state.standing.value,
        "standing_display": worded(STANDING_NAMES[state.standing]),
        "valid_until": state.valid_until,
        "lacking": list(state.lacking),
    }
