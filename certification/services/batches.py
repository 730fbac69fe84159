"""Running batches (批次): planned, opened (from then on fixed), closed to new applications."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from enterprises.rights import may_run_batches
from ledger.verbs import Verb

from ..errors import Duplicate, NotAllowed, NotPossible, Refusal, Refused
from ..models import Batch, BatchState, PanelRule, ScoreSheet
from ..remedies import of_batch
from ..stages import STAGES
from ..values import unseen
from .batch_terms import opening_refusals
from .panel_records import record_batch
from .rulebooks import rule_in_force

SEED_BYTES = 32
NUMBERS = ("experts", "scoring_days", "notice_days", "appeal_days")
LEAST = {
    "experts": "least_experts",
    "scoring_days": "scoring_days",
    "notice_days": "notice_days",
    "appeal_days": "appeal_days",
}
MOST_NUMBER, MOST_REASON = 250, 300


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch is to be; the numbers are the rule's where they are not given."""

    code: str
    title: str
    stage: str
    opens_on: date
    closes_on: date
    sheet: str
    experts: int | None = None
    scoring_days: int | None = None
    notice_days: int | None = None
    appeal_days: int | None = None


@transaction.atomic
def plan_batch(plan: Plan, *, actor: Account, at: datetime) -> Batch:
    """Put a batch down. Raises NotAllowed, Duplicate (its code is taken), Refused (all that is wrong with it)."""
    check_right(actor)
    values = _values(plan)
    try:
        with transaction.atomic():
            row = Batch.objects.create(**values, created_at=at, created_by=actor)
    except IntegrityError as error:
        message = _("批次编号“%(code)s”已存在（不分大小写）") % {"code": plan.code}
        raise Duplicate([Refusal("batch_exists", message, field="code", remedy=_("请另取编号"))]) from error
    record_batch(Verb.BATCH_CHANGED, row, {"stage": row.stage}, actor=actor, at=at)
    return row


def plan_of(batch: Batch) -> Plan:
    """What a batch is to be, as it stands."""
    said = {field.name: getattr(batch, field.name) for field in fields(Plan)}
    return Plan(**{**said, "sheet": batch.sheet_id})


@transaction.atomic
def change_batch(batch: Batch, plan: Plan, *, actor: Account, at: datetime) -> Batch:
    """Put it down otherwise, as long as it is not open; its code and its stage stay. Raises as plan_batch does."""
    row = locked_batch(batch, actor, BatchState.PLANNED)
    for name, value in _values(replace(plan, code=row.code, stage=row.stage)).items():
        setattr(row, name, value)
    row.save()
    record_batch(Verb.BATCH_CHANGED, row, {"stage": row.stage}, actor=actor, at=at)
    return row


@transaction.atomic
def cancel_batch(batch: Batch, *, comment: str, actor: Account, at: datetime) -> Batch:
    """It is not to be opened, with the reason; its code stays taken."""
    row = locked_batch(batch, actor, BatchState.PLANNED)
    reason = comment.strip()
    if not 0 < len(reason) <= MOST_REASON:
        said = {"most": MOST_REASON, "count": len(reason)}
        message = _("取消批次的理由应为 1 至 %(most)s 字，现为 %(count)s 字") % said
        raise Refused([Refusal("reason_length", message, field="comment", remedy=_("请写明取消的理由"))])
    row.state, row.cancelled_for = BatchState.CANCELLED, reason
    row.save(update_fields=["state", "cancelled_for"])
    record_batch(Verb.BATCH_CANCELLED, row, {}, actor=actor, at=at)
    return row


@transaction.atomic
def open_batch(batch: Batch, *, actor: Account, at: datetime) -> Batch:
    """From now on it is fixed, and applied for in its window; the digest of its seed is on record."""
    row = locked_batch(batch, actor, BatchState.PLANNED)
    if row.closes_on < timezone.localdate(at):
        message = _("申报截止日 %(day)s 已过") % {"day": row.closes_on}
        raise NotPossible([Refusal("window_past", message, field="closes_on", remedy=_("请另建批次"))])
    if found := opening_refusals(row):
        raise Refused(found)
    row.state, row.opened_at, row.seed = BatchState.OPEN, at, secrets.token_hex(SEED_BYTES)
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "opened_at", "seed"])
    except IntegrityError as error:
        remedy = _("请先截止正在受理的批次")
        raise NotPossible([Refusal("another_open", _("该阶段已有开放的批次"), remedy=remedy)]) from error
    said = {"seed_digest": hashlib.sha256(row.seed.encode()).hexdigest()}
    record_batch(Verb.BATCH_OPENED, row, said, actor=actor, at=at)
    return row


@transaction.atomic
def close_batch(batch: Batch, *, actor: Account, at: datetime) -> Batch:
    """No new applications from now on; what has been submitted goes its way."""
    row = locked_batch(batch, actor, BatchState.OPEN)
    row.state = BatchState.CLOSED
    row.save(update_fields=["state"])
    record_batch(Verb.BATCH_CLOSED, row, {}, actor=actor, at=at)
    return row


def locked_batch(batch: Batch, actor: Account, *states: BatchState) -> Batch:
    """The batch, nobody else's until the transaction ends; it must be in one of these states."""
    check_right(actor)
    row: Batch = Batch.objects.select_for_update(of=("self",)).select_related("sheet").get(pk=batch.pk)
    if row.state not in states:
        message = _("批次 %(code)s 现为“%(state)s”，不能进行此操作") % {
            "code": row.code,
            "state": row.get_state_display(),
        }
        remedy = of_batch(row.state, states[0])
        raise NotPossible([Refusal("not_possible", message, field="action", remedy=remedy)])
    return row


def check_right(actor: Account) -> None:
    if not may_run_batches(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以办理评审批次"))])


def rule_number(rule: PanelRule, name: str) -> int:
    return int(getattr(rule, LEAST[name]))


def _panel_rule(plan: Plan) -> PanelRule:
    """What the rule of the window's first day asks of a panel."""
    known = STAGES.get(plan.stage)
    if known is None or not known.has_panel:
        message = _("“%(stage)s”不是分批评审的阶段") % {"stage": plan.stage}
        raise Refused([Refusal("stage_without_panel", message, field="stage")])
    found = PanelRule.objects.filter(rule=rule_in_force(plan.stage, on=plan.opens_on).rule_id).first()
    if found is None:
        remedy = _("请在规则年度中填写该阶段的专家评审规则")
        raise NotPossible([Refusal("panel_rule_missing", _("规则年度没有专家评审规则"), remedy=remedy)])
    return found


def _values(plan: Plan) -> dict[str, Any]:
    """The columns of a batch that is as planned. Raises NotPossible (no rule), Refused (all that is wrong)."""
    rule = _panel_rule(plan)
    values = {field.name: getattr(plan, field.name) for field in fields(plan)}
    values |= {name: rule_number(rule, name) if values[name] is None else values[name] for name in NUMBERS}
    values["sheet"] = ScoreSheet.objects.filter(pk=values["sheet"]).first()
    found = _refusals(values, rule)
    if values["sheet"] is None or not values["sheet"].items.exists():
        message, remedy = _("评分表不存在或没有评分项"), _("请选择已有的评分表")
        found.append(Refusal("sheet_unknown", message, field="sheet", remedy=remedy))
    if found:
        raise Refused(found)
    return values


def _refusals(values: Mapping[str, Any], rule: PanelRule) -> list[Refusal]:
    found = []
    if hidden := unseen(values["title"]):
        points = _("、").join(f"U+{ord(each):04X}" for each in hidden)
        message = _("名称中含有不可见的字符 %(characters)s") % {"characters": points}
        found.append(Refusal("unseen_characters", message, field="title", remedy=_("请删除后重新填写")))
    if values["closes_on"] < values["opens_on"]:
        found.append(Refusal("window_turned", _("申报截止日早于开始日"), field="closes_on"))
    for name in NUMBERS:
        least, value = rule_number(rule, name), values[name]
        if not least <= value <= MOST_NUMBER:
            said = {"name": field_label(Batch, name), "value": value, "least": least}
            message = _("%(name)s为 %(value)s，规则要求至少 %(least)s") % said
            remedy = _("请填 %(least)s 至 %(most)s") % {"least": least, "most": MOST_NUMBER}
            found.append(Refusal("number_out_of_range", message, field=name, remedy=remedy))
    return found


def field_label(model: type[Model], name: str) -> str:
    """What a column is called."""
    return str(getattr(model._meta.get_field(name), "verbose_name", name))
