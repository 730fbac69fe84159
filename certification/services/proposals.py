"""What experts mark as findings (拟提不符合项): kept with their sheet, on record once the result is confirmed.

Sealed as the scores are. Confirming the result with its public notice puts them on record as findings of the round, at
once and all of them; a granted appeal drops them with the result they came of. Why:
docs/decisions/0014-findings-of-an-evaluation.md.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.canonical import commitment
from ledger.record import record

from ..errors import Refusal
from ..marks import Mark, joined, mark_refusals
from ..messages import ring
from ..models import (
    Application,
    Evaluation,
    EvaluationState,
    Finding,
    FindingStatus,
    PanelRule,
    ProposedFinding,
    ScoreSheet,
)
from ..scoring import Item
from .findings import Found, record_finding
from .findings_said import dropped_fact
from .rulebooks import rules_of
from .working_days import days_after


def proposal_refusals(
    application: Application, items: Sequence[Item], marks: Mapping[str, Mark], *, whole: bool
) -> list[Refusal]:
    """Everything that is wrong with the marks of a sheet, by item."""
    menu = {module.code for module in rules_of(application.rule_id).rule.modules} if marks else set[str]()
    return [
        refusal
        for item in items
        if item.code in marks
        for refusal in mark_refusals(item, marks[item.code], menu=menu, whole=whole)
    ]


def write_proposals(row: Evaluation, sheet: ScoreSheet, marks: Mapping[str, Mark]) -> None:
    """Keep the marks as they are given; those that are not given any more are taken off."""
    ProposedFinding.objects.filter(evaluation=row).delete()
    ProposedFinding.objects.bulk_create(
        ProposedFinding(
            evaluation=row,
            item=item,
            module=marks[item.code].module,
            clause=marks[item.code].clause.strip(),
            severity=marks[item.code].severity,
            text=marks[item.code].text.strip(),
        )
        for item in sheet.items.all()
        if item.code in marks
    )


def sitting_code(application: Application, sitting: int) -> str:
    """Under what code a finding says which sitting found it."""
    return f"{application.number}-{sitting}"


def proposed(application: Application, sitting: int) -> list[Mark]:
    """What the experts of a sitting marked, as it will be on record; only of sheets that were handed in."""
    rows = ProposedFinding.objects.filter(
        evaluation__application=application, evaluation__sitting=sitting, evaluation__state=EvaluationState.SCORED
    )
    # By the evaluation's key: in no order that tells who is who.
    ordered = rows.order_by("item__order", "item", "evaluation__key")
    return joined(Mark(row.clause, row.text, row.severity, row.module) for row in ordered)


def adopt(application: Application, sitting: int, *, actor: Account, at: datetime) -> list[Finding]:
    """Put the marks of a sitting on record as findings of the round; for the service that confirms its result."""
    marks = proposed(application, sitting)
    if not marks:
        return []
    due_on = _due_on(application, timezone.localdate(at))
    code = sitting_code(application, sitting)
    return [
        record_finding(
            application,
            Found(mark.clause, mark.text, mark.severity, due_on, mark.module),
            actor=actor,
            at=at,
            evaluation=code,
        )
        for mark in marks
    ]


def _due_on(application: Application, today: date) -> date:
    days = PanelRule.objects.filter(rule=application.rule_id).values_list("correction_days", flat=True).first()
    return days_after(today, days or settings.FINDING_CORRECTION_DAYS)


def lock_findings(application: Application) -> list[Finding]:
    """What experts found in an application and nobody closed, locked until the transaction ends."""
    said_by_experts = Finding.objects.exclude(evaluation="").open()
    rows = said_by_experts.filter(application=application).select_related("application", "enterprise")
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def drop_findings(application: Application, *, reason: str, actor: Account, at: datetime) -> list[Finding]:
    """The result they came of no longer stands: what its experts found is dropped, unless it is closed already."""
    dropped = lock_findings(application)
    for row in dropped:
        row.closing_reason = reason.strip() or _("申诉成立，重新评审")
        row.closing_salt, said = commitment(row.closing_reason)
        row.closing_number = record(dropped_fact(row, said), actor=actor.as_actor(), at=at).number
        row.status, row.closed_at, row.closed_by = FindingStatus.DROPPED, at, actor
        row.save()
    if dropped:
        transaction.on_commit(ring)
    return dropped
