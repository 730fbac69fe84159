"""The one door: move() is the only writer of an application's status.

It locks the row, checks stage, person and gates, and writes status, clock, decision, achievement and
ledger entry in one transaction. Pages, API, admin, tasks and commands all come through here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.models import LedgerEntry
from ledger.prepared import NothingChanged, Statement, change, insertion
from ledger.record import Fact, record_many
from ledger.verbs import Verb

from ..errors import NotAllowed, NotPossible, Refusal, Refused, StaleStage
from ..gates import refusals
from ..messages import ring
from ..models import Application, ApplicationStep, Decision
from ..rights import may, reviewer_at_level
from ..stages import ACTIONS, STATUS_NAMES, Move, Status, Then, Who, find_move, moves_from
from ..wording import worded
from .achievements import granted, recorded_fact
from .clock import close, enter, resume, start_deciding, stop
from .dossiers import dossier_of
from .rulebooks import Rules, freeze, rule_in_force
from .standing import Standing, locked, standing_of
from .statements import committed_content, committed_words, submitted_content


@dataclass(frozen=True, slots=True)
class Remark:
    """What the person says with a move: a comment, and for a return all defects at once."""

    comment: str = ""
    defects: Sequence[dict[str, str]] = ()


NO_REMARK = Remark()


@dataclass(frozen=True, slots=True)
class _Passage:
    """One move under way."""

    row: Application
    move: Move
    rules: Rules
    step: ApplicationStep | None
    actor: Account
    at: datetime
    remark: Remark

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)


def move(
    application: Application,
    action: str,
    *,
    actor: Account,
    at: datetime,
    remark: Remark = NO_REMARK,
    expected_version: int | None = None,
) -> Application:
    """Make a move, or raise why not: nothing is changed then.

    Refused (something is missing; all of it at once), NotAllowed (person), NotPossible (state),
    StaleStage (someone else was first, or `expected_version` is no longer the application's).
    """
    try:
        with transaction.atomic():
            row, standing = locked(application, actor)
            if expected_version is not None and row.version != expected_version:
                raise _stale()
            _pass(_checked(row, standing, action, actor, at, remark))
    except (IntegrityError, NothingChanged) as error:
        raise _stale() from error
    return row


def _stale() -> StaleStage:
    message = _("该申报已被他人处理或刚刚变更，请刷新后再操作")
    return StaleStage([Refusal("stale", message, remedy=_("刷新页面，查看最新状态"))])


def allowed_moves(application: Application, actor: Account, *, rules: Rules | None = None) -> list[Move]:
    """The moves that this person could make now; gates may still refuse one, saying why."""
    standing = standing_of(application, actor)
    leading = moves_from(
        Status(application.status),
        is_last_level=(rules or standing.rules).is_last(application.level),
        was_accepted=standing.was_accepted,
    )
    return [found for found in leading if not _person_refusals(found, application, actor, standing)]


def bars(application: Application, actor: Account) -> list[Refusal]:
    """Why a reviewer of the present level and area takes no part in this application; empty: nothing bars them."""
    if not reviewer_at_level(actor, application):
        return []
    return _duty_refusals(standing_of(application, actor))


def _checked(
    row: Application, standing: Standing, action: str, actor: Account, at: datetime, remark: Remark
) -> _Passage:
    rules = _rules_for(row, action, standing, timezone.localdate(at))
    found = find_move(
        action,
        Status(row.status),
        is_last_level=rules.is_last(row.level),
        was_accepted=standing.was_accepted,
    )
    if found is None:
        raise NotPossible([_no_such_move(row, action)])
    strangers = _person_refusals(found, row, actor, standing)
    if strangers:
        raise NotAllowed(strangers)
    passage = _Passage(row, found, rules, standing.step, actor, at, remark)
    missing = [*_remark_refusals(found, remark), *_gate_refusals(passage)]
    if missing:
        raise Refused(missing)
    return passage


def _rules_for(row: Application, action: str, standing: Standing, day: date) -> Rules:
    """A draft is judged by the rules of the day it is submitted; after that its rules stay."""
    if action == "submit" and row.status == Status.DRAFT:
        return rule_in_force(row.stage, on=day)
    return standing.rules


def _no_such_move(row: Application, action: str) -> Refusal:
    if action not in ACTIONS:
        return Refusal("action_unknown", _("没有“%(action)s”这一动作") % {"action": action}, field="action")
    message = _("该申报现为“%(status)s”，不能进行此操作") % {"status": worded(STATUS_NAMES[Status(row.status)])}
    return Refusal("not_possible", message, field="action", remedy=_("刷新页面，查看最新状态"))


def _person_refusals(found: Move, row: Application, actor: Account, standing: Standing) -> list[Refusal]:
    if not may[found.who](actor, row):
        return [Refusal("not_allowed", _("您的账户不能在该申报的当前环节进行此操作"))]
    return _duty_refusals(standing) if found.who is Who.REVIEWER else []


def _duty_refusals(standing: Standing) -> list[Refusal]:
    """Nobody decides on an enterprise they are tied to, nor twice in one application."""
    if standing.own_interest:
        return [Refusal("own_interest", _("您与该企业有利害关系，应当回避"))]
    if standing.decided_before:
        return [Refusal("decided_before", _("您已在该申报的前一层级作出决定，不能再次审核"))]
    return []


def _remark_refusals(found: Move, remark: Remark) -> list[Refusal]:
    if found.needs_comment and not remark.comment.strip() and not remark.defects:
        remedy = _("退回须一次告知全部补正事项；不予通过须说明理由")
        return [Refusal("comment_missing", _("请写明理由"), field="comment", remedy=remedy)]
    return []


def _gate_refusals(passage: _Passage) -> list[Refusal]:
    if not passage.move.gates:
        return []
    gates, row = passage.move.gates, passage.row
    dossier = dossier_of(row.enterprise, on=passage.day, application=row, gates=gates)
    return refusals(gates, passage.rules.rule, dossier)


def _pass(passage: _Passage) -> None:
    """Write the move: clock, status by a conditional update, ledger entries, decision, achievement."""
    row = passage.row
    from_status, version = row.status, row.version
    if row.status == Status.DRAFT and passage.move.then is Then.ENTER:
        _settle_place_and_rules(passage)
    steps = _run_clock(passage)
    row.status, row.version = passage.move.target.value, version + 1
    _keep(passage, [*steps, change(row, *_WRITTEN, where={"status": from_status, "version": version})], from_status)
    transaction.on_commit(ring)


_WRITTEN = (
    "status",
    "version",
    "turn",
    "level",
    "due_on",
    "submitted_at",
    "closed_at",
    "rule_id",
    "township_id",
    "reporting_unit_id",
)


def _settle_place_and_rules(passage: _Passage) -> None:
    """At first submission the application is tied to the place and the rules of that day."""
    row = passage.row
    row.township_id = row.enterprise.township_id
    row.reporting_unit_id = row.enterprise.reporting_unit_id
    row.rule_id = passage.rules.rule_id
    row.submitted_at = passage.at
    freeze(passage.rules.row.rulebook, actor=passage.actor.as_actor(), at=passage.at)


def _run_clock(passage: _Passage) -> list[Statement]:
    """What the move means for the time limits (clock.py), and the statements that keep it."""
    row, rules, step, at = passage.row, passage.rules, passage.step, passage.at
    kept = []
    if passage.move.then in (Then.ENTER, Then.NEXT):
        if step:
            kept.append(close(step, at=at))
        kept.append(enter(row, rules.next_after(row.level), at=at))
    elif passage.move.then is Then.LEAVE and step:
        kept.append(close(step, at=at))
        row.due_on = None
    elif step and passage.move.target is Status.RETURNED:
        kept.append(stop(step, at=at))
        row.due_on = None
    elif step and row.status == Status.RETURNED:
        kept.append(resume(step, rules.step_at(row.level), at=at))
        row.due_on = step.due_on
    elif step and passage.move.target is Status.ACCEPTED:
        kept.append(start_deciding(step, rules.step_at(row.level), at=at))
        row.due_on = step.due_on
    if passage.move.target in (Status.APPROVED, Status.REJECTED, Status.WITHDRAWN):
        row.closed_at = at
    return kept


def _keep(passage: _Passage, changes: Sequence[Statement], from_status: str) -> None:
    """The changes, the ledger entries (codes and digests only), the decision that people read, what it grants.

    Everything is ready before the ledger is asked for its numbers: until the commit it is locked for all.
    """
    decision = _decision(passage, from_status)
    facts = [_moved_fact(passage, decision)]
    achievement = granted(passage.row, at=passage.at) if passage.move.grants else None
    if achievement:
        facts.append(recorded_fact(achievement, uscc=passage.row.enterprise.uscc))

    def numbered(entries: Sequence[LedgerEntry]) -> Iterator[Statement]:
        for fact, entry in zip((decision, achievement), entries, strict=False):
            if fact:
                fact.ledger_number = entry.number
                yield insertion(fact)

    record_many(facts, actor=passage.actor.as_actor(), at=passage.at, before=changes, after=numbered)


def _decision(passage: _Passage, from_status: str) -> Decision:
    row, found, remark = passage.row, passage.move, passage.remark
    return Decision(
        application=row,
        turn=row.turn - 1 if found.then is Then.NEXT else row.turn,
        level=passage.step.level if passage.step else row.level,
        action=found.action,
        decides=found.decides,
        from_status=from_status,
        to_status=found.target.value,
        actor=passage.actor,
        role=passage.actor.role,
        at=passage.at,
        comment=remark.comment.strip(),
        defects=list(remark.defects),
        snapshot=submitted_content(row) if found.action == "submit" else {},
    )


def _moved_fact(passage: _Passage, decision: Decision) -> Fact:
    """What the ledger says of the move; gives the decision the salt of the digests in it."""
    decision.salt, said = committed_words(decision.comment, decision.defects)
    payload = {
        "level": decision.level,
        "turn": decision.turn,
        "from": decision.from_status,
        "to": decision.to_status,
        "said": said,
        "content": committed_content(decision.snapshot, salt=decision.salt),
    }
    subject = f"application:{passage.row.number}"
    return Fact(Verb(passage.move.verb), subject, payload, enterprise=passage.row.enterprise.uscc)
