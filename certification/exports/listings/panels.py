"""Batches, and the evaluations of experts: an expert's own, to the city all. Never a score."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from enterprises.rights import may_run_batches, may_see_evaluations

from ...models import Batch, BatchState, Evaluation, EvaluationState
from ...parameters import boolean, choice, code
from ...stages import STAGES
from ...wording import named
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing

BATCH_FILTERS = (
    choice("stage", "Stage", [stage.code for stage in STAGES.values() if stage.has_panel]),
    choice("state", "Where it stands", BatchState.values),
)
EVALUATION_FILTERS = (
    code("batch", "Batch"),
    code("application", "Number of the application"),
    choice("state", "How far the expert is", EvaluationState.values),
    boolean("overdue", "Past the day by which it was to be scored"),
)
NEWEST = choice("ordering", "Order of the rows", ["-id", "id"], default="-id")
IN_ORDER = choice("ordering", "Order of the rows", ["id", "-id"], default="id")
BATCH_STATES, EVALUATION_STATES = dict(BatchState.choices), dict(EvaluationState.choices)

BATCHES = Columns(
    [
        Column("code", _("批次编号"), Kind.CODE),
        Column("title", _("名称")),
        Column("stage", _("阶段"), take=lambda row: named(STAGES[row["stage"]])),
        Column("state", _("状态"), take=lambda row: BATCH_STATES[row["state"]]),
        Column("opens_on", _("申报开始日"), Kind.DATE),
        Column("closes_on", _("申报截止日"), Kind.DATE),
        Column("experts", _("每件评审专家人数"), Kind.INTEGER),
        Column("notice_days", _("公示期（工作日）"), Kind.INTEGER),
        Column("appeal_days", _("申诉期（工作日）"), Kind.INTEGER),
    ],
    on_page=("code", "title", "stage", "state", "opens_on", "closes_on"),
)
EVALUATIONS = Columns(
    [
        Column("application", _("申报编号"), Kind.CODE, take=lambda row: row["application__number"]),
        Column("enterprise", _("企业"), take=lambda row: row["enterprise_name"]),
        Column("uscc", _("统一社会信用代码"), Kind.CODE),
        Column("batch", _("批次编号"), Kind.CODE, take=lambda row: row["batch_code"]),
        Column("sitting", _("评审次"), Kind.INTEGER),
        Column("expert", _("专家"), take=lambda row: row["expert__username"]),
        Column("state", _("状态"), take=lambda row: EVALUATION_STATES[row["state"]]),
        Column("assigned_at", _("指派时间"), Kind.MOMENT),
        Column("due_on", _("评分期限"), Kind.DATE),
        Column("overdue", _("已超期"), Kind.FLAG),
        Column("scored_at", _("评分时间"), Kind.MOMENT),
    ],
    on_page=("application", "enterprise", "batch", "state", "due_on", "scored_at"),
)


def evaluations_matching(account: Any, asked: Mapping[str, Any], *, on: date) -> "QuerySet[Evaluation]":
    """What the values of EVALUATION_FILTERS leave of the evaluations that the account may see."""
    rows = Evaluation.objects.visible_to(account)
    columns = {"batch": "application__batch__code", "application": "application__number", "state": "state"}
    rows = rows.filter(**{column: asked[name] for name, column in columns.items() if asked[name]})
    if asked["overdue"] is None:
        return rows
    late = Evaluation.objects.overdue(on=on)
    return rows.filter(pk__in=late) if asked["overdue"] else rows.exclude(pk__in=late)


def _evaluations(asked: Asked) -> "QuerySet[Any]":
    return evaluations_matching(asked.account, asked.values, on=asked.on).order_by(asked.values["ordering"])


def _evaluation_rows(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    plain = ("id", "application__number", "sitting", "expert__username", "state", "assigned_at", "due_on", "scored_at")
    found = rows.values(
        *plain,
        uscc=F("application__enterprise__uscc"),
        enterprise_name=F("application__enterprise__name"),
        batch_code=F("application__batch__code"),
    )
    for row in found:
        yield row | {"overdue": row["state"] == "assigned" and row["due_on"] < asked.on}


def _batches(asked: Asked) -> "QuerySet[Any]":
    narrowed = {name: asked.values[name] for name in ("stage", "state") if asked.values[name]}
    return Batch.objects.visible_to(asked.account).filter(**narrowed).order_by(asked.values["ordering"])


def _batch_rows(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    return rows.values("id", *(column.code for column in BATCHES))


LISTINGS = (
    Listing(
        "evaluations",
        _("专家评审"),
        EVALUATIONS,
        rows=_evaluations,
        load=_evaluation_rows,
        may=may_see_evaluations,
        filters=(*EVALUATION_FILTERS, IN_ORDER),
    ),
    Listing(
        "batches",
        _("评审批次"),
        BATCHES,
        rows=_batches,
        load=_batch_rows,
        may=may_run_batches,
        filters=(*BATCH_FILTERS, NEWEST),
    ),
)
