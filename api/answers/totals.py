"""Plans, indicators and figures as they are answered."""

from collections.abc import Mapping
from typing import Any

from certification.models import IndicatorVersion, Plan
from certification.models.plan import Comparator, ComputedFrom, IndicatorKind
from certification.totals.board import Outcome
from certification.totals.figures import Figure, UnitFigure
from certification.totals.measures import day_of
from certification.totals.question import Question
from certification.totals.series import Point
from certification.wording import named, worded

from ..labels import FIGURE_STATUS_NAMES, number, stage_name


def plan(row: Plan) -> dict[str, Any]:
    return {
        "code": row.code,
        "code_display": worded((row.title, row.title_en)),
        "source": row.source,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "is_closed": row.is_closed,
    }


def indicator(row: IndicatorVersion) -> dict[str, Any]:
    return {
        "indicator": row.indicator.code,
        "name": named(row),
        "category": row.category,
        "unit": row.unit,
        "kind": row.kind,
        "kind_display": row.get_kind_display(),
        "comparator": row.comparator,
        "comparator_display": row.get_comparator_display(),
        "target": number(row.target),
        "target_max": number(row.target_max),
        "source": row.passage,
        "in_headline_table": row.in_headline_table,
        "computed_from": row.computed_from,
        "computed_from_display": row.get_computed_from_display(),
        "opening": number(row.opening),
        "opening_on": row.opening_on,
        "opening_source": row.opening_source,
        "reporter": row.reporter,
        "note": row.note,
        "version": row.version,
        "in_force_from": row.in_force_from,
    }


def outcome(order: int, row: Outcome) -> dict[str, Any]:
    return {
        "order": order,
        "category": row.category,
        "name": row.name,
        "unit": row.unit,
        "target": number(row.target),
        "actual": number(row.actual),
        "completion_rate": number(row.rate),
        "printed_rate": row.printed,
        "differs": row.differs,
        "note": row.note,
    }


def figure(found: Figure, *, units: tuple[UnitFigure, ...]) -> dict[str, Any]:
    """A figure with the given parts by reporting unit."""
    return {
        "indicator": found.indicator,
        "name": named(found),
        "category": found.category,
        "unit": found.unit,
        "kind": found.kind,
        "kind_display": str(IndicatorKind(found.kind).label),
        "opening": number(found.opening),
        "opening_on": found.opening_on,
        "gained": found.gained,
        "value": number(found.value),
        "valid_now": found.valid_now,
        "target": number(found.target),
        "target_max": number(found.target_max),
        "comparator": found.comparator,
        "comparator_display": str(Comparator(found.comparator).label),
        "completion_rate": number(found.completion_rate),
        "status": found.status,
        "status_display": str(FIGURE_STATUS_NAMES[found.status]),
        "projected": number(found.projected),
        "source": found.source,
        "computed_from": found.computed_from,
        "computed_from_display": str(ComputedFrom(found.computed_from).label),
        "note": found.note,
        "as_of": found.as_of,
        "units": [_unit(part) for part in units],
    }


def _unit(part: UnitFigure) -> dict[str, Any]:
    return {
        "reporting_unit": part.reporting_unit,
        "reporting_unit_display": named(part),
        "gained": part.gained,
        "value": number(part.value),
        "valid_now": part.valid_now,
    }


def about_series(row: IndicatorVersion, question: Question, *, units: Mapping[str, str]) -> dict[str, Any]:
    """What a series is of; `units` holds the names of the reporting units."""
    return {
        "indicator": row.indicator.code,
        "name": named(row),
        "unit": row.unit,
        "plan": question.plan.code,
        "plan_display": worded((question.plan.title, question.plan.title_en)),
        "as_of": question.as_of,
        "reporting_unit": question.unit or None,
        "reporting_unit_display": units.get(question.unit, ""),
    }


def point(found: Point) -> dict[str, Any]:
    return {
        "month": found.month,
        "on": found.on,
        "value": number(found.value),
        "valid_now": found.valid_now,
        "planned": number(found.planned),
    }


COUNTED = (
    "start",
    "id",
    "unit",
    "enterprise__uscc",
    "enterprise__name",
    "achievement__stage",
    "achievement__effective_on",
    "achievement__certificate_number",
    "achievement__ledger_number",
)


def counted(row: dict[str, Any], unit_names: dict[str, str]) -> dict[str, Any]:
    """An enterprise inside a figure, from the columns COUNTED of its span."""
    stage = row["achievement__stage"]
    return {
        "enterprise": row["enterprise__uscc"],
        "enterprise_display": row["enterprise__name"],
        "reporting_unit": row["unit"],
        "reporting_unit_display": unit_names.get(row["unit"], row["unit"]),
        "counted_from": day_of(row["start"]),
        "stage": stage,
        "stage_display": stage_name(stage) if stage else None,
        "effective_on": row["achievement__effective_on"],
        "certificate_number": row["achievement__certificate_number"],
        "ledger_number": row["achievement__ledger_number"],
    }
