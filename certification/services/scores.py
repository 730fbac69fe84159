"""Scoring (评分): an expert keeps the sheet as often as they like, and hands it in once, each score with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from enterprises.rights import is_expert
from ledger.verbs import Verb

from ..errors import NotAllowed, Refusal, Refused
from ..marks import Mark
from ..models import Application, Evaluation, EvaluationState, PanelResult, Score, ScoreSheet
from ..scoring import Item, outcome, points_of, points_refusals, reason_refusals
from .panel_records import record_panel
from .panels import batch_of, check_open, check_unbarred, locked_evaluation, seated
from .proposals import proposal_refusals, write_proposals
from .sheets import items_of, method_of

MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Given:
    """What an expert gives for one item, as it came in."""

    points: object
    reason: str = ""
    advice: str = ""
    finding: Mark | None = None


UNFILLED = object()  # something is said about the item, but it has no points yet
Sheet = Mapping[str, Given]


@transaction.atomic
def keep_scores(evaluation: Evaluation, given: Sheet, *, hand_in: bool, actor: Account, at: datetime) -> Evaluation:
    """Keep what is filled in (what is not given any more is taken off), and hand it in if that is meant.

    Raises NotAllowed (somebody else's; a tie), NotPossible (handed in before, over), Refused (all that is wrong).
    """
    row, application = locked_evaluation(evaluation)
    if not is_expert(actor) or actor.pk != row.expert_id:
        raise NotAllowed([Refusal("not_allowed", _("只有被指派的专家本人可以评分"))])
    check_open(row, application)
    check_unbarred(row, application, on=timezone.localdate(at))
    sheet = batch_of(application).sheet
    items, marks = items_of(sheet), {code: each.finding for code, each in given.items() if each.finding}
    found = _refusals(items, given, whole=hand_in) + proposal_refusals(application, items, marks, whole=hand_in)
    if found:
        raise Refused(found)
    _write(row, sheet, given)
    write_proposals(row, sheet, marks)
    if hand_in:
        row.state, row.scored_at = EvaluationState.SCORED, at
        row.save(update_fields=["state", "scored_at"])
        said = {"expert": actor.code, "sitting": row.sitting}
        record_panel(Verb.EVALUATION_SCORED, application, said, actor=actor, at=at)
        _conclude(application, sheet, actor=actor, at=at)
    return row


def _refusals(items: list[Item], given: Sheet, *, whole: bool) -> list[Refusal]:
    found = []
    for code in given.keys() - {item.code for item in items}:
        message = _("评分表中没有评分项“%(code)s”") % {"code": code}
        found.append(Refusal("item_unknown", message, field=f"scores.{code}", remedy=_("请使用评分表中的代码")))
    for item in items:
        if item.code in given:
            found += _item_refusals(item, given[item.code], whole=whole)
        elif whole:
            found.append(_missing(item))
    return found


def _missing(item: Item) -> Refusal:
    message, remedy = _("“%(item)s”还没有评分") % {"item": item.title}, _("请为每一项评分并写明理由")
    return Refusal("points_missing", message, field=f"scores.{item.code}.points", remedy=remedy)


def _item_refusals(item: Item, given: Given, *, whole: bool) -> list[Refusal]:
    missing = [_missing(item)] if whole else []
    found = missing if given.points is UNFILLED else points_refusals(item, given.points)
    for name, words in (("reason", given.reason), ("advice", given.advice)):
        if len(words) > MOST_WORDS:
            said = {"item": item.title, "most": MOST_WORDS, "count": len(words)}
            message = _("“%(item)s”的文字最多 %(most)s 字，现为 %(count)s 字") % said
            found.append(Refusal("too_long", message, field=f"scores.{item.code}.{name}", remedy=_("请精简")))
    return found + (reason_refusals(item, given.reason) if whole else [])


def _write(row: Evaluation, sheet: ScoreSheet, given: Sheet) -> None:
    Score.objects.filter(evaluation=row).delete()
    Score.objects.bulk_create(
        Score(
            evaluation=row,
            item=item,
            points=points_of(given[item.code].points),
            reason=given[item.code].reason.strip(),
            advice=given[item.code].advice.strip(),
        )
        for item in sheet.items.all()
        if item.code in given
    )


def _conclude(application: Application, sheet: ScoreSheet, *, actor: Account, at: datetime) -> None:
    """The last one is in: the result by the sheet's rule, and nobody is blind any more."""
    panel = seated(application)
    if len(panel) < batch_of(application).experts or any(row.state != EvaluationState.SCORED for row in panel):
        return
    totals: dict[int, Decimal] = {row.pk: Decimal(0) for row in panel}
    for key, points in Score.objects.filter(evaluation__in=panel).values_list("evaluation", "points"):
        totals[key] += points or Decimal(0)
    reached = outcome(list(totals.values()), method_of(sheet))
    result = PanelResult.objects.create(
        application=application,
        sitting=panel[0].sitting,
        total=reached.total,
        spread=reached.spread,
        is_disputed=reached.is_disputed,
        grade=reached.grade,
        passed=reached.passed,
        concluded_at=at,
    )
    said = {"sitting": result.sitting, "experts": len(panel)}
    record_panel(Verb.PANEL_CONCLUDED, application, said, actor=actor, at=at)
