"""Enterprises as they are answered."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from certification.models import EndReason
from certification.queries import TimelineEvent
from certification.ranked_views import KIND_WORDS
from certification.selection.eligibility import Condition
from certification.services.coverage import CoverageMap, coverage_maps
from certification.services.dossiers import Outlook, outlook
from certification.wording import unit_column as unit_name
from enterprises.masking import masked_name, masked_phone
from enterprises.models import Account, Enterprise, InnovationTier

from .. import problems
from ..labels import COVER_STATE_NAMES, TIMELINE_KIND_NAMES, moment, stage_name

ROW = (
    "id",
    "uscc",
    "name",
    "township",
    "reporting_unit",
    "industry",
    "established_on",
    "has_rd_institution",
    "innovation_tier",
    "is_high_tech",
    "is_demo",
    "version",
)


def listed(rows: QuerySet[Enterprise]) -> QuerySet[Any]:
    """The rows as dictionaries straight from the database: no model instance, no serializer."""
    return rows.values(
        *ROW, township_display=F("township__name"), reporting_unit_display=F(f"reporting_unit__{unit_name()}")
    )


def with_wording() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Adds to a listed row what the database cannot word."""
    tiers = {tier.value: str(tier.label) for tier in InnovationTier}

    def worded(row: dict[str, Any]) -> dict[str, Any]:
        row["innovation_tier_display"] = tiers[row["innovation_tier"]]
        return row

    return worded


def full(enterprise: Enterprise, *, to: Account, on: date) -> dict[str, Any]:
    """The file of one enterprise, annotated with `is_high_tech`; contact data are masked for all but its own people."""
    own = to.enterprise_id == enterprise.pk
    return {
        **_current(enterprise),
        "uscc_override_reason": enterprise.uscc_override_reason,
        "contact_name": enterprise.contact_name if own else masked_name(enterprise.contact_name),
        "contact_phone": enterprise.contact_phone if own else masked_phone(enterprise.contact_phone),
        "registered_at": moment(enterprise.registered_at),
        "names": list(enterprise.names.values("name", "valid_from", "valid_to")),
        "places": _places(enterprise),
        "high_tech_periods": list(enterprise.high_tech_periods.values("certificate", "valid_from", "valid_to")),
        "achievements": _achievements(enterprise),
        "outlook": [_outlook(stage) for stage in outlook(enterprise, on=on, seen_by=to)],
        "coverage": [_coverage(found) for found in coverage_maps(enterprise, on=on)],
    }


def _current(enterprise: Enterprise) -> dict[str, Any]:
    return {
        **{name: getattr(enterprise, name) for name in ROW},
        "innovation_tier_display": enterprise.get_innovation_tier_display(),
        "township": enterprise.township_id,
        "township_display": enterprise.township.name,
        "reporting_unit": enterprise.reporting_unit_id,
        "reporting_unit_display": getattr(enterprise.reporting_unit, unit_name()),
    }


def _places(enterprise: Enterprise) -> list[dict[str, Any]]:
    rows = enterprise.locations.values(
        "township",
        "reporting_unit",
        "valid_from",
        "valid_to",
        township_display=F("township__name"),
        reporting_unit_display=F(f"reporting_unit__{unit_name()}"),
    )
    return list(rows)


def _achievements(enterprise: Enterprise) -> list[dict[str, Any]]:
    rows = enterprise.achievements.values(
        "stage",
        "round",
        "effective_on",
        "ended_on",
        "ended_reason",
        "reporting_unit",
        "was_high_tech",
        "certificate_number",
        "ledger_number",
        reporting_unit_display=F(f"reporting_unit__{unit_name()}"),
    )
    return [
        row
        | {
            "stage_display": stage_name(row["stage"]),
            "ended_reason_display": str(EndReason(row["ended_reason"]).label) if row["ended_reason"] else "",
        }
        for row in rows
    ]


def _coverage(found: CoverageMap) -> dict[str, Any]:
    return {
        "edition": found.edition.pk,
        "edition_display": found.edition.title,
        "is_current": found.is_current,
        "is_whole": found.is_whole,
        "untold": list(found.coverage.untold),
        "modules": [
            {
                "code": each.module.code,
                "code_display": each.name,
                "chapter": each.module.chapter,
                "obligatory": each.module.obligatory,
                "state": each.cover.state,
                "state_display": str(COVER_STATE_NAMES[each.cover.state]),
                "implemented": list(each.cover.implemented),
                "evaluated": list(each.cover.evaluated),
            }
            for each in found.modules
        ],
    }


def _outlook(stage: Outlook) -> dict[str, Any]:
    return {
        "stage": stage.stage.code,
        "stage_display": stage_name(stage.stage.code),
        "round": stage.round,
        "reached_on": stage.reached_on,
        "is_open": stage.is_open,
        "possible_on": stage.possible_on,
        "application": stage.application.number if stage.application else None,
        "missing": [problems.reason(refusal) for refusal in stage.missing],
        "conditions": [_condition(each) for each in stage.conditions],
        "papers": [
            {
                "requirement": paper.code,
                "requirement_display": paper.label,
                "required": paper.required,
                "files": len(paper.files),
            }
            for paper in stage.papers
        ],
    }


def _condition(found: Condition) -> dict[str, Any]:
    plain = {name: getattr(found, name) for name in ("is_met", "is_required", "message", "remedy", "basis")}
    return {"kind": str(found.kind), "kind_display": str(KIND_WORDS[found.kind]), **plain}


def event(found: TimelineEvent) -> dict[str, Any]:
    return {
        "on": found.on,
        "kind": found.kind,
        "kind_display": str(TIMELINE_KIND_NAMES[found.kind]),
        "title": found.title,
        "detail": found.detail,
        "ledger_number": found.ledger_number,
    }
