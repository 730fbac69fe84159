"""Panels of experts (评审专家): drawn by lot from the batch's seed (draw.py says how); who steps back is replaced."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.canonical import SALT_BYTES
from ledger.verbs import Verb

from ..draw import Candidate, bar_of
from ..errors import NotAllowed, NotPossible, Refusal, Refused
from ..models import Application, Batch, BatchState, Evaluation, EvaluationState, Expert
from ..rights import ties
from ..stages import Status
from .batches import locked_batch
from .experts import candidates
from .lots import Lots, lots_of, sittings_of, subjects_of
from .panel_records import record_batch, record_panel
from .working_days import days_after

MOST_WORDS = 300


@transaction.atomic
def draw_panels(batch: Batch, *, actor: Account, at: datetime) -> list[Evaluation]:
    """Draw the experts of every application of the batch that lacks some; the first draw publishes the seed.

    Of a closed batch only: who applied after the seed is public could foresee their lots.
    Raises NotAllowed, NotPossible (state; nothing to draw for), Refused (too few experts, named by application).
    """
    row = locked_batch(batch, actor, BatchState.OPEN, BatchState.CLOSED)
    _check_closed(row)
    waiting = row.applications.filter(status=Status.EVALUATING.value).select_related("enterprise")
    applications = list(waiting.select_for_update(of=("self",)).order_by("pk"))
    lots = [each for each in lots_of(applications, row, on=timezone.localdate(at)) if each.missing > 0]
    if not lots:
        message = _("该批次没有待抽取专家的申报")
        raise NotPossible([Refusal("nothing_to_draw", message, remedy=_("申报经市局“审核通过，提交评审”后方可抽取"))])
    if found := [_too_few(each) for each in lots if len(each.drawn.order) < each.missing]:
        raise Refused(found)
    if row.drawn_at is None:
        row.drawn_at = at
        row.save(update_fields=["drawn_at"])
        record_batch(Verb.BATCH_DRAWN, row, {"seed": row.seed}, actor=actor, at=at)
    due_on = days_after(timezone.localdate(at), row.scoring_days)
    return [made for each in lots for made in _seat(each, each.missing, due_on, actor=actor, at=at)]


def _check_closed(batch: Batch) -> None:
    if batch.state == BatchState.OPEN:
        message = _("批次 %(code)s 尚在受理申报，不能抽取专家：抽签种子随首次抽取公开") % {"code": batch.code}
        raise NotPossible([Refusal("batch_open", message, field="action", remedy=_("请先截止申报"))])


@transaction.atomic
def recuse(evaluation: Evaluation, *, reason: str, actor: Account, at: datetime) -> Evaluation:
    """An expert steps back, or is taken off by the city; the next one of the draw follows, if there is one."""
    row, application = locked_evaluation(evaluation)
    if actor.pk != row.expert_id:
        locked_batch(batch_of(application), actor, BatchState.OPEN, BatchState.CLOSED)
        if ties(account=actor, enterprise=application.enterprise_id).exists():
            raise NotAllowed([Refusal("own_interest", _("您与该企业有利害关系，应当回避"))])
    words = reason.strip()
    if not 0 < len(words) <= MOST_WORDS:
        message = _("回避理由应为 1 至 %(most)s 字，现为 %(count)s 字") % {"most": MOST_WORDS, "count": len(words)}
        raise Refused([Refusal("reason_length", message, field="comment", remedy=_("请写明回避或更换的理由"))])
    check_open(row, application)
    row.state, row.recused_at, row.recused_for = EvaluationState.RECUSED, at, words
    row.save(update_fields=["state", "recused_at", "recused_for"])
    gone = {"expert": row.expert.code, "sitting": row.sitting}
    record_panel(Verb.EXPERT_RECUSED, application, gone, actor=actor, at=at)
    _replace(application, actor=actor, at=at)
    return row


def _replace(application: Application, *, actor: Account, at: datetime) -> None:
    """The next one of the draw takes the seat, if there is one."""
    batch, today = batch_of(application), timezone.localdate(at)
    (lots,) = lots_of([application], batch, on=today)
    if lots.drawn.order:
        _seat(lots, 1, days_after(today, batch.scoring_days), actor=actor, at=at)


def release_panel(application: Application, *, actor: Account, at: datetime) -> None:
    """The application was withdrawn: nobody is asked to score it any more. What was typed stays, sealed for good."""
    panel = seated(application)
    if not panel:
        return
    waiting = [row.pk for row in panel if row.state == EvaluationState.ASSIGNED]
    Evaluation.objects.filter(pk__in=waiting).update(state=EvaluationState.RELEASED)
    said = {"sitting": panel[0].sitting, "experts": [row.expert.code for row in panel]}
    record_panel(Verb.EXPERTS_RELEASED, application, said, actor=actor, at=at)


def locked_evaluation(evaluation: Evaluation) -> tuple[Evaluation, Application]:
    """The evaluation, after the lock of its application: nobody else scores or steps back meanwhile."""
    applications = Application.objects.select_for_update(of=("self",)).select_related("enterprise", "batch__sheet")
    application = applications.get(pk=evaluation.application_id)
    return Evaluation.objects.select_related("expert").get(pk=evaluation.pk), application


def check_open(row: Evaluation, application: Application) -> None:
    """Not handed in, not stepped back, and its sitting is still on."""
    if row.state == EvaluationState.SCORED:
        message, remedy = _("您已提交对该申报的评分，不能再次评分"), _("评分提交后不再更改")
        raise NotPossible([Refusal("scored_before", message, field="scores", remedy=remedy)])
    is_on = application.status == Status.EVALUATING and row.sitting == sitting_of(application)
    if row.state == EvaluationState.RECUSED or not is_on:
        remedy = _("请在评审列表中查看仍待评分的申报")
        raise NotPossible([Refusal("not_open", _("该评审已结束，或您已回避"), remedy=remedy)])


def check_unbarred(row: Evaluation, application: Application, *, on: date) -> None:
    """What became known after the draw (a tie, an employer, a group, an adviser) keeps the expert out as well."""
    profile = candidates(Expert.objects.filter(pk=row.expert_id))
    subject = subjects_of([application], on=on)[application.pk]
    bars = [bar_of(each, subject) for each in profile or [Candidate(f"account:{row.expert_id}")]]
    if any(bars):
        remedy = _("请选择“回避”，由抽取次序的下一位专家接替")
        raise NotAllowed([Refusal("own_interest", _("您与该企业有利害关系，应当回避"), remedy=remedy)])


def batch_of(application: Application) -> Batch:
    if application.batch is None:
        raise Batch.DoesNotExist(application.number)
    return application.batch


def sitting_of(application: Application) -> int:
    """The number of its present (or last) sitting; 0: it has not been sent to the experts."""
    return sittings_of([application])[application.pk]


def seated(application: Application) -> list[Evaluation]:
    """The evaluations of the present sitting, without those who stepped back."""
    rows = application.evaluations.filter(sitting=sitting_of(application)).exclude(state=EvaluationState.RECUSED)
    return list(rows.select_related("expert").order_by("place"))


def _seat(lots: Lots, count: int, due_on: date, *, actor: Account, at: datetime) -> Sequence[Evaluation]:
    """Assign the first ones of the draw, and put the whole draw on record."""
    called = lots.drawn.order[:count]
    made = Evaluation.objects.bulk_create(
        Evaluation(
            application=lots.application,
            sitting=lots.sitting,
            expert_id=int(code.removeprefix("account:")),
            place=lots.place + number,
            assigned_at=at,
            due_on=due_on,
            salt=secrets.token_hex(SALT_BYTES),
        )
        for number, code in enumerate(called, 1)
    )
    said: dict[str, Any] = {
        "sitting": lots.sitting,
        "experts": list(called),
        "order": list(lots.drawn.order),
        "barred": {code: str(bar) for code, bar in sorted(lots.drawn.barred.items())},
        "field": lots.field,
        "fields": dict(sorted(lots.fields.items())),
    }
    record_panel(Verb.EXPERTS_DRAWN, lots.application, said, actor=actor, at=at)
    return made


def _too_few(lots: Lots) -> Refusal:
    drawn = lots.drawn
    said = {
        "number": lots.application.number,
        "free": len(drawn.order),
        "missing": lots.missing,
        "barred": len(drawn.barred),
    }
    message = _("申报 %(number)s 尚缺专家 %(missing)s 名，可抽取的只有 %(free)s 名（回避 %(barred)s 名）") % said
    return Refusal("too_few_experts", message, field="experts", remedy=_("请在专家资料中补充专家"))
