"""Batches, evaluations, scores and results as they are answered."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from certification.marks import Mark
from certification.models import Application, Batch, Document, Evaluation, PanelResult, ScoreSheet, SelfScore, SheetItem
from certification.panel_views import FindingLine, ItemLine, by_item, is_open_to, outcome_papers, result_of, visits_of
from certification.queries import content_shown
from certification.services.batch_acts import offered
from certification.services.batch_progress import progress_of
from certification.services.panels import batch_of
from certification.services.rulebooks import rules_of
from certification.services.scores import Given
from certification.wording import worded
from enterprises.models import Account

from ..labels import moment, number, stage_name, status_name
from .applications import evidence

MARK_COLUMNS = ("clause", "text", "severity", "module")
BATCH_COLUMNS = ("code", "title", "stage", "opens_on", "closes_on", "experts", "scoring_days", "notice_days")


def with_parts(rows: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    """With everything that a row names."""
    return rows.select_related("application__enterprise", "application__batch", "expert")


def evaluation_on(day: date) -> Callable[[Evaluation], dict[str, Any]]:
    """Makes an evaluation the answer's row, as it stands on a day."""

    def row(found: Evaluation) -> dict[str, Any]:
        application = found.application
        return {
            "id": found.key,
            "application": application.number,
            "enterprise": application.enterprise.uscc,
            "enterprise_display": application.enterprise.name,
            "stage": application.stage,
            "stage_display": stage_name(application.stage),
            "batch": batch_of(application).code,
            "assigned_at": moment(found.assigned_at),
            "scored_at": moment(found.scored_at),
            **_seat(found, day),
        }

    return row


def _seat(found: Evaluation, day: date) -> dict[str, Any]:
    return {
        "sitting": found.sitting,
        "expert": found.expert.username,
        "expert_display": str(found.expert),
        "state": found.state,
        "state_display": found.get_state_display(),
        "due_on": found.due_on,
        "overdue": found.state == "assigned" and found.due_on < day,
    }


def evaluation(found: Evaluation, *, to: Account, on: date) -> dict[str, Any]:
    """One evaluation with what the expert looks at."""
    application = found.application
    content, rules = content_shown(application, to), rules_of(application.rule_id)
    reached = result_of(found)
    return {
        **evaluation_on(on)(found),
        "fields": content.fields,
        "evidence": [evidence(file, rules) for file in content.evidence],
        "sheet": sheet(batch_of(application).sheet),
        "self_assessment": self_scores(application),
        "visits": visits(application),
        "result": result(reached) if reached else None,
    }


def sheet(row: ScoreSheet) -> dict[str, Any]:
    numbers = ("pass_line", "excellent_line", "spread_line")
    return {
        "code": row.code,
        "code_display": worded((row.title, row.title_en)),
        "source": row.source,
        "points_step": number(row.step),
        **{name: number(getattr(row, name)) for name in numbers},
        **{name: getattr(row, name) for name in ("trim", "trim_from", "decimals")},
        "items": [_item(item, row) for item in row.items.all()],
    }


def _item(item: SheetItem, row: ScoreSheet) -> dict[str, Any]:
    return {
        "code": item.code,
        "code_display": worded((item.title, item.title_en)),
        "group": worded((item.group, item.group_en)),
        "maximum": number(item.maximum),
        "points_step": number(row.step),
        "evidence": item.evidence,
        "level": item.level,
        "level_display": item.get_level_display(),
    }


def self_scores(application: Application) -> list[dict[str, Any]]:
    rows = SelfScore.objects.filter(application=application).select_related("item")
    return [{"item": row.item.code, "points": number(row.points), "remark": row.remark} for row in rows]


def visits(application: Application) -> list[dict[str, Any]]:
    return [visit(row) for row in visits_of(application)]


def visit(row: Any) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in ("visited_on", "visitors", "findings")},
        "recorded_at": moment(row.recorded_at),
    }


def result(found: PanelResult) -> dict[str, Any]:
    """A result in all its items."""
    view = by_item(found)
    return {
        "application": found.application.number,
        "sitting": found.sitting,
        "experts": view.experts,
        "total": number(found.total),
        "maximum": number(view.maximum),
        "spread": number(found.spread),
        "disputed": found.is_disputed,
        "grade": found.grade,
        "grade_display": found.get_grade_display(),
        "passed": found.passed,
        "concluded_at": moment(found.concluded_at),
        "stands": not view.superseded,
        "stands_display": view.superseded,
        "items": [_line(line) for line in view.items],
        "findings": [_found(line) for line in view.findings],
    }


def _found(line: FindingLine) -> dict[str, Any]:
    said = {name: getattr(line, name) for name in (*MARK_COLUMNS, "severity_display")}
    return {**said, "number": line.number or None}


def _line(line: ItemLine) -> dict[str, Any]:
    return {
        "item": line.item.code,
        "item_display": worded((line.item.title, line.item.title_en)),
        "maximum": number(line.item.maximum),
        "own": number(line.own),
        "mean": number(line.mean),
        "points": [number(each) for each in line.points],
        "reasons": list(line.reasons),
        "advice": list(line.advice),
    }


def scores(found: Evaluation, *, to: Account) -> dict[str, Any]:
    """An expert's own scores; to the city only when all are in."""
    is_sealed = found.expert_id != to.pk and not is_open_to(found)
    rows = list(found.scores.select_related("item"))
    totals = [row.points for row in rows if row.points is not None]
    shown = [] if is_sealed else rows
    marks = {row.item_id: {name: getattr(row, name) for name in MARK_COLUMNS} for row in found.proposals.all()}
    return {
        "id": found.key,
        "state": found.state,
        "state_display": found.get_state_display(),
        "sealed": is_sealed,
        "done": len(totals),
        "items": batch_of(found.application).sheet.items.count(),
        "total": None if is_sealed else number(sum(totals)),
        "scores": [
            {
                "item": row.item.code,
                "item_display": worded((row.item.title, row.item.title_en)),
                "points": number(row.points),
                "reason": row.reason,
                "advice": row.advice,
                "finding": marks.get(row.item_id),
            }
            for row in shown
        ],
    }


def given(said: dict[str, Any]) -> Given:
    """What an expert gives for one item, with the finding on it."""
    mark = said.pop("finding", None)
    return Given(**said, finding=Mark(**mark) if mark else None)


def batch_row(row: Batch) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in (*BATCH_COLUMNS, "appeal_days", "state")},
        "stage_display": stage_name(row.stage),
        "sheet": row.sheet_id,
        "sheet_display": worded((row.sheet.title, row.sheet.title_en)),
        "state_display": row.get_state_display(),
        "seed_digest": hashlib.sha256(row.seed.encode()).hexdigest() if row.seed else None,
        "seed": row.seed if row.drawn_at else None,
        "cancelled_for": row.cancelled_for or None,
        "opened_at": moment(row.opened_at),
        "drawn_at": moment(row.drawn_at),
    }


def batch(row: Batch, *, on: date) -> dict[str, Any]:
    """A batch with its applications and notices; the same few questions however many there are."""
    applications = list(row.applications.filter(submitted_at__isnull=False).select_related("enterprise").order_by("pk"))
    seats: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for found in Evaluation.objects.filter(application__in=applications).select_related("expert").order_by("pk"):
        seats[found.application_id].append({"evaluation": found.key, **_seat(found, on)})
    results = {
        each.application_id: each
        for each in PanelResult.objects.filter(application__in=applications).order_by("sitting")
    }
    papers: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for paper in outcome_papers(applications):
        papers[paper.application_id].append(_paper(paper))
    return {
        **batch_row(row),
        "allowed_actions": offered(row, progress_of(row, on=on)),
        "applications": [
            _batch_line(each, seats[each.pk], results.get(each.pk)) | {"papers": papers[each.pk]}
            for each in applications
        ],
        "notices": [
            {
                "number": notice.number,
                "published_at": moment(notice.published_at),
                "ends_on": notice.ends_on,
                "appeal_until": notice.appeal_until,
                "applications": [line.application.number for line in notice.lines.all()],
            }
            for notice in row.notices.prefetch_related("lines__application")
        ],
    }


def _paper(row: Document) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in ("number", "kind", "issued_on", "state", "tries")},
        "kind_display": row.get_kind_display(),
        "title": row.content["title"],
        "state_display": row.get_state_display(),
        "retried_at": moment(row.retried_at),
    }


def _batch_line(row: Application, seats: list[dict[str, Any]], found: PanelResult | None) -> dict[str, Any]:
    return {
        "application": row.number,
        "enterprise": row.enterprise.uscc,
        "enterprise_display": row.enterprise.name,
        "status": row.status,
        "status_display": status_name(row.status),
        "experts": seats,
        "total": number(found.total) if found else None,
        "spread": number(found.spread) if found else None,
        "disputed": found.is_disputed if found else None,
        "grade": found.grade if found else None,
        "grade_display": found.get_grade_display() if found else "",
    }
