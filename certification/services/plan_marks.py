"""The marks of a plan (规划): below which share of its line a figure is at risk, and whether the plan is over."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.rights import may_manage_plan
from enterprises.services.trail import note_change
from ledger.contents import record_content
from ledger.verbs import Verb

from ..errors import NotAllowed, Refusal, Refused
from ..models import Plan


@transaction.atomic
def set_marks(plan: Plan, *, at_risk_below: Decimal, is_closed: bool, actor: Account, at: datetime) -> Plan:
    """Write the marks, and one ledger entry. Raises NotAllowed, Refused (no share between 0 and 1)."""
    if not may_manage_plan(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有规划管理员可以设定规划的预警线和状态"))])
    if not 0 < at_risk_below <= 1:
        message = _("比例应大于 0、不大于 1，现为 %(share)s") % {"share": at_risk_below}
        raise Refused([Refusal("share_out_of_range", message, field="at_risk_below")])
    before = marks_of(Plan.objects.get(pk=plan.pk))
    Plan.objects.filter(pk=plan.pk).update(at_risk_below=at_risk_below, is_closed=is_closed)
    plan.refresh_from_db()
    fields = [name for name, value in marks_of(plan).items() if value != before[name]]
    entry = record_content(
        Verb.PLAN_MARKED,
        subject_of(plan.pk),
        lambda: marks_of(plan),
        actor=actor.as_actor(),
        at=at,
        codes=marks_of(plan),
    )
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=fields)
    return plan


def subject_of(code: str) -> str:
    """Under what name the ledger speaks of a plan's marks."""
    return f"plan:{code}"


def marks_of(plan: Plan) -> dict[str, Any]:
    return {"at_risk_below": f"{plan.at_risk_below:.2f}", "is_closed": plan.is_closed}


def plan_contents() -> dict[str, Any]:
    """The marks of each plan, by its subject."""
    return {subject_of(plan.pk): marks_of(plan) for plan in Plan.objects.order_by("pk")}
