"""The one door: move() is the only writer of an application's status.

It locks the row, checks stage, person and gates, and writes status, clock, decision, achievement and
ledger entry in one transaction. Pages, API, admin, tasks and commands all come through here.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.prepared import NothingChanged
from ledger.rows import change

from ..errors import NotAllowed, NotPossible, Refusal, Refused, StaleStage
from ..gates import Dossier, refusals
from ..messages import ring
from ..models import Application
from ..remedies import of_application
from ..rights import may, reviewer_at_level
from ..stages import ACTIONS, CLOSED_STATUSES, STAGES, STATUS_NAMES, Move, Status, Then, Who, moves_from
from ..wording import worded
from .clock import run_clock
from .consequences import follow, lock_ahead
from .decisions import Before, keep
from .documents import Issuing, drafts, print_refusals
from .entering import batch_entered
from .passage import NO_REMARK as NO_REMARK
from .passage import Passage, known_for
from .passage import Remark as Remark
from .rulebooks import Rules, freeze, rule_in_force
from .standing import Standing, locked, standing_of, tie_refusals


def move(
    application: Application,
    action: str,
    *,
    actor: Account | None,
    at: datetime,
    remark: Remark = NO_REMARK,
    expected_version: int | None = None,
) -> Application:
    """Make a move, or raise why not: nothing is changed then. `actor`: None for the registry itself (a daily task).

    Refused (something is missing; all of it at once), NotAllowed (person), NotPossible (state),
    StaleStage (someone else was first, or `expected_version` is no longer the application's).
    """
    try:
        with transaction.atomic():
            row, standing = locked(application, actor)
            if expected_version is not None and row.version != expected_version:
                raise _stale()
            _pass(_passage(row, standing, action, actor, at, remark))
    except (IntegrityError, NothingChanged) as error:
        raise _stale() from error
    return row


def _stale() -> StaleStage:
    message = _("该申报已被他人处理或刚刚变更，请刷新后再操作")
    return StaleStage([Refusal("stale", message, remedy=_("刷新页面，查看最新状态"))])


def allowed_moves(
    application: Application, actor: Account, *, rules: Rules | None = None, on: date | None = None
) -> list[Move]:
    """The moves that this person could make now; gates may still refuse one, saying why.

    `on`: without those whose day has not come by then.
    """
    standing = standing_of(application, actor)
    leading = _leading(application, rules or standing.rules, standing)
    alone = [found for found in leading if not (found.in_batch or _is_not_due(found, application, on))]
    return [found for found in alone if not _person_refusals(found, application, actor, standing)]


def _leading(row: Application, rules: Rules, standing: Standing) -> tuple[Move, ...]:
    """Every move out of where it stands, whoever makes it."""
    return moves_from(
        Status(row.status),
        is_last_level=rules.is_last(row.level),
        was_accepted=standing.was_accepted,
        has_panel=STAGES[row.stage].has_panel,
    )


def _is_not_due(found: Move, application: Application, on: date | None) -> bool:
    """Made once a day has passed: the application has no such day, or it has not passed yet."""
    last = application.correct_by
    return found.by_itself and (last is None or (on is not None and on <= last))


def obstacles(
    application: Application, action: str, *, actor: Account, at: datetime, expected_version: int | None = None
) -> list[Refusal]:
    """Why this person could not make the move now, every reason; empty: nothing is in the way. Locks nothing.

    What the person has still to say (a comment) is not asked.
    """
    try:
        if expected_version is not None and application.version != expected_version:
            raise _stale()
        passage = _passage(application, standing_of(application, actor), action, actor, at, NO_REMARK)
    except Refused as refused:
        return list(refused.refusals)
    return _gate_refusals(passage, known_for(passage).dossier)


def bars(application: Application, actor: Account) -> list[Refusal]:
    """Why a reviewer of the present level and area takes no part in this application; empty: nothing bars them."""
    if not reviewer_at_level(actor, application):
        return []
    return _duty_refusals(standing_of(application, actor))


def _passage(
    row: Application, standing: Standing, action: str, actor: Account | None, at: datetime, remark: Remark
) -> Passage:
    """The move that this person makes from here, if there is one."""
    rules = _rules_for(row, action, standing, timezone.localdate(at))
    found = next((each for each in _leading(row, rules, standing) if each.action == action), None)
    if found is None:
        instead = allowed_moves(row, actor, rules=rules, on=timezone.localdate(at)) if actor else []
        raise NotPossible([_no_such_move(row, action, instead)])
    strangers = _person_refusals(found, row, actor, standing)
    if strangers:
        raise NotAllowed(strangers)
    return Passage(row, found, rules, standing, actor, at, remark)


def _rules_for(row: Application, action: str, standing: Standing, day: date) -> Rules:
    """A draft is judged by the rules of the day it is submitted; after that its rules stay."""
    if action == "submit" and row.status == Status.DRAFT:
        return rule_in_force(row.stage, on=day)
    return standing.rules


def _no_such_move(row: Application, action: str, instead: Iterable[Move]) -> Refusal:
    if action not in ACTIONS:
        return Refusal("action_unknown", _("没有“%(action)s”这一动作") % {"action": action}, field="action")
    if action == "withdraw" and row.status in (Status.NOTICED, Status.OBJECTED):
        remedy = _("对结果有异议的，请在申诉期内提出申诉")
        return Refusal("result_public", _("评审结果已经公示，不能再撤回申报"), field="action", remedy=remedy)
    message = _("该申报现为“%(status)s”，不能进行此操作") % {"status": worded(STATUS_NAMES[Status(row.status)])}
    names = [worded((each.name_zh, each.name_en)) for each in instead]
    remedy = of_application(names, is_closed=row.status in CLOSED_STATUSES)
    return Refusal("not_possible", message, field="action", remedy=remedy)


def _person_refusals(found: Move, row: Application, actor: Account | None, standing: Standing) -> list[Refusal]:
    if not (may[found.who](actor, row) if actor else found.by_itself):
        return [Refusal("not_allowed", _("您的账户不能在该申报的当前环节进行此操作"))]
    if found.who is Who.CITY:  # it decides nothing about the application: only a tie bars from it
        return tie_refusals(standing)
    return _duty_refusals(standing) if found.who is Who.REVIEWER else []


def _duty_refusals(standing: Standing) -> list[Refusal]:
    """Nobody decides on an enterprise they are tied to, on what they applied for, nor twice in one application."""
    if tied := tie_refusals(standing):
        return tied
    if standing.decided_before:
        return [Refusal("decided_before", _("您已在该申报的前一层级作出决定，不能再次审核"))]
    return []


def _remark_refusals(found: Move, remark: Remark) -> list[Refusal]:
    if found.needs_comment and not remark.comment.strip() and not remark.defects:
        remedy = _("退回须一次告知全部补正事项；不予通过须说明理由")
        return [Refusal("comment_missing", _("请写明理由"), field="comment", remedy=remedy)]
    return []


def _gate_refusals(passage: Passage, dossier: Dossier | None) -> list[Refusal]:
    return refusals(passage.gates, passage.rules.rule, dossier) if dossier else []


def _pass(passage: Passage) -> None:
    """Write the move, if nothing is missing: clock, status by a conditional update, ledger, decision, achievement."""
    row, known = passage.row, known_for(passage)
    drawn = passage.drawn(known)
    issuing = Issuing(drawn, drafts(drawn, known.wordings), [])
    missing = [*_remark_refusals(passage.move, passage.remark), *_gate_refusals(passage, known.dossier)]
    missing += print_refusals(issuing.drafts)
    if missing:
        raise Refused(missing)
    before, version = Before(row.status, row.turn, row.level, row.correct_by), row.version
    if passage.move.then is Then.ENTER:
        _settle_place_and_rules(passage)
    steps = run_clock(passage, known.calendar)
    row.status, row.version = passage.move.target.value, version + 1
    status = change(row, *_WRITTEN, where={"status": before.status, "version": version})
    lock_ahead(passage)
    keep(passage, before, known, issuing, changes=[*steps, status])
    follow(passage)
    transaction.on_commit(ring)


_WRITTEN = (
    "status",
    "version",
    "turn",
    "level",
    "due_on",
    "correct_by",
    "submitted_at",
    "closed_at",
    "rule_id",
    "township_id",
    "reporting_unit_id",
    "batch_id",
)


def _settle_place_and_rules(passage: Passage) -> None:
    """At first submission the application is tied to the place, the rules and the batch of that day."""
    row = passage.row
    row.township_id = row.enterprise.township_id
    row.reporting_unit_id = row.enterprise.reporting_unit_id
    row.rule_id = passage.rules.rule_id
    row.submitted_at = passage.at
    row.batch = batch_entered(row.stage, enterprise=row.enterprise_id, on=passage.day)
    freeze(passage.rules.row.rulebook, actor=passage.acting, at=passage.at)
