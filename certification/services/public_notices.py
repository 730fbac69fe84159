"""Confirming the results of a batch at once with a public notice (公示), and deciding when it is over."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.record import next_number
from ledger.verbs import Verb

from ..errors import NotAllowed, NotPossible, Refusal, Refused
from ..models import Application, Batch, BatchState, NoticeLine, PanelResult, PublicNotice
from ..numbering import NOTICE_SERIES, notice_number
from ..stages import OPEN_STATUSES, STAGES, WITH_REVIEWER, Status
from .batches import locked_batch
from .door import NO_REMARK, Remark, move
from .notice_terms import Said, said_of
from .panel_records import record_batch
from .panels import sitting_of
from .proposals import adopt
from .sealing import placed
from .series import next_serial
from .working_days import days_after


@transaction.atomic
def publish_results(batch: Batch, *, actor: Account, at: datetime) -> PublicNotice:
    """Confirm every result of the batch that is not public yet, and what the experts found. All of them, or nothing.

    Raises NotAllowed, NotPossible (state; nothing to confirm), Refused (those whose result is still out; a phone
    that the notice must carry is not set).
    """
    row = locked_batch(batch, actor, BatchState.CLOSED)
    waiting = _held(row, Status.EVALUATING)
    under_review = row.applications.filter(status__in=[status.value for status in WITH_REVIEWER]).order_by("pk")
    results = {each.pk: _result_of(each) for each in waiting}
    _check_all_in([*under_review, *(each for each in waiting if results[each.pk] is None)])
    if not waiting:
        message = _("该批次没有待公示的结果")
        raise NotPossible([Refusal("nothing_to_publish", message, remedy=_("请先抽取专家并完成评分"))])
    said = said_of(row.stage, basis=waiting[0].rule.basis if waiting[0].rule else "")
    ranked = {key: asdict(each) for key, each in placed(row, waiting).items()} if STAGES[row.stage].has_ranking else {}
    # Numbers of every series before the ledger's head, which record() takes: whoever else takes both, in this order.
    serial = next_serial(NOTICE_SERIES, timezone.localdate(at).year)
    for each in waiting:
        adopt(each, sitting_of(each), actor=actor, at=at)
    notice = _published(row, serial, said, actor=actor, at=at)
    NoticeLine.objects.bulk_create(
        NoticeLine(notice=notice, application=each, result=results[each.pk], **ranked.get(each.pk, {}))
        for each in waiting
    )
    record_batch(Verb.BATCH_NOTICED, row, {"notice": notice.number, "lines": len(waiting)}, actor=actor, at=at)
    for each in waiting:
        move(each, "publish_notice", actor=actor, at=at)
    return notice


@transaction.atomic
def recognise(batch: Batch, *, comment: str = "", actor: Account, at: datetime) -> list[Application]:
    """When notice and appeals are over: grant what passed, reject what did not (for that a comment is needed).

    All of them, or nothing, with every reason. What is under appeal, or evaluated again, waits on its own. When nothing
    is under way any more, whoever ended it (the city one by one, an enterprise by withdrawing), the batch is finished.
    """
    row = locked_batch(batch, actor, BatchState.CLOSED)
    noticed = _held(row, Status.NOTICED)
    under_way = row.applications.filter(status__in=[status.value for status in OPEN_STATUSES])
    if not noticed and (count := under_way.count()):
        message = _("该批次没有公示中的申报，尚有 %(count)s 件在办") % {"count": count}
        remedy = _("请先办理在办的申报，评审完毕后公示结果")
        raise NotPossible([Refusal("nothing_to_decide", message, remedy=remedy)])
    decided = _decided(noticed, comment, actor=actor, at=at)
    if not under_way.exists():
        row.state = BatchState.FINISHED
        row.save(update_fields=["state"])
        record_batch(Verb.BATCH_FINISHED, row, {}, actor=actor, at=at)
    return decided


def _decided(noticed: Sequence[Application], comment: str, *, actor: Account, at: datetime) -> list[Application]:
    """Each is granted or rejected as its result says. Raises Refused with what stands in the way of which."""
    decided: list[Application] = []
    found: dict[Refusal, list[str]] = {}
    for each in noticed:
        passed = _has_passed(each)
        remark, action = (NO_REMARK, "grant") if passed else (Remark(comment), "reject")
        try:
            decided.append(move(each, action, actor=actor, at=at, remark=remark))
        except (NotAllowed, NotPossible):
            raise
        except Refused as refused:
            for refusal in refused.refusals:
                found.setdefault(refusal, []).append(each.number)
    if found:
        raise Refused(_naming(numbers, refusal) for refusal, numbers in found.items())
    return decided


def _naming(numbers: Sequence[str], refusal: Refusal) -> Refusal:
    """The same reason, with the applications that it holds up."""
    said = {"numbers": _("、").join(numbers), "message": refusal.message}
    return replace(refusal, message=_("申报 %(numbers)s：%(message)s") % said)


def _held(batch: Batch, status: Status) -> list[Application]:
    """The batch's applications in a status, locked in one order: the ledger's head is locked after them."""
    rows = batch.applications.filter(status=status.value).select_related("enterprise")
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _result_of(application: Application) -> PanelResult | None:
    return application.panel_results.filter(sitting=sitting_of(application)).first()


def _has_passed(application: Application) -> bool:
    """As the notice says of its present sitting."""
    result = _result_of(application)
    line = NoticeLine.objects.filter(result=result).select_related("result").first() if result else None
    return line is not None and line.passed


def _check_all_in(missing: Sequence[Application]) -> None:
    if missing:
        remedy = _("请待全部申报审核完毕、专家全部评分后再公示")
        raise Refused(
            Refusal("result_missing", _("申报 %(number)s 还没有评审结果") % {"number": row.number}, remedy=remedy)
            for row in missing
        )


def _published(batch: Batch, serial: int, said: Said, *, actor: Account, at: datetime) -> PublicNotice:
    today = timezone.localdate(at)
    return PublicNotice.objects.create(
        number=notice_number(today.year, serial),
        batch=batch,
        published_at=at,
        published_by=actor,
        ends_on=days_after(today, batch.notice_days),
        appeal_until=days_after(today, batch.appeal_days),
        **asdict(said),
        ledger_number=next_number(),
    )
