"""Several applications in one go (批量办理): each through the door on its own, the outcome told one by one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import OperationalError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from enterprises.models import Account
from enterprises.services.trail import note_refusal

from ..errors import NotAllowed, NotPossible, Refusal, Refused, Stale
from ..models import Application, Decision
from ..queries import repeated
from ..stages import MOVES, STAGES, Move, Status, Who, moves_from
from .door import NO_REMARK, Remark, move, obstacles
from .rulebooks import Rules

NUMBER = re.compile(r"[A-Z0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """An application by its number, and the version of it that the person looked at (None: whichever)."""

    number: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Prospect:
    """What would become of one application; `application` is None for one that is absent or out of sight."""

    chosen: Chosen
    application: Application | None
    refusals: tuple[Refusal, ...]


class Ending(StrEnum):
    """How it ended for one application."""

    DONE = "done"
    REPEATED = "repeated"
    REFUSED = "refused"
    NOT_ALLOWED = "not_allowed"
    NOT_POSSIBLE = "not_possible"
    STALE = "stale"
    ABSENT = "absent"
    BUSY = "busy"


# The status under which the same refusal of one application is answered and kept on the audit trail.
STATUS_OF = {
    Ending.REFUSED: 400,
    Ending.NOT_ALLOWED: 403,
    Ending.ABSENT: 404,
    Ending.NOT_POSSIBLE: 409,
    Ending.STALE: 412,
    Ending.BUSY: 503,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one application; `earlier` is the move if this person had made it before."""

    number: str
    ending: Ending
    application: Application | None = None
    refusals: tuple[Refusal, ...] = ()
    earlier: Decision | None = None

    @property
    def stands(self) -> bool:
        """Whether the move is made, now or before."""
        return self.ending in (Ending.DONE, Ending.REPEATED)


def offered(rows: Iterable[Application]) -> list[Move]:
    """The moves that reviewers may make of several at once, as far as one of these rows has them."""
    found: dict[str, Move] = {}
    for row in rows:
        is_last = Rules(row.rule_id, row.rule.rulebook.digest).is_last(row.level)
        status, has_panel = Status(row.status), STAGES[row.stage].has_panel
        was_accepted = status is Status.ACCEPTED
        for each in moves_from(status, is_last_level=is_last, was_accepted=was_accepted, has_panel=has_panel):
            if each.who is Who.REVIEWER and each.action in settings.BULK_ACTIONS:
                found.setdefault(each.action, each)
    return sorted(found.values(), key=lambda each: each.needs_comment)


def move_named(action: str) -> Move | None:
    """The move that an action stands for here; None: it is not one for several at once."""
    if action not in settings.BULK_ACTIONS:
        return None
    return next((each for each in MOVES if each.action == action and each.who is Who.REVIEWER), None)


def foreseen(chosen: Sequence[Chosen], action: str, *, actor: Account, at: datetime) -> list[Prospect]:
    """What would become of each, with all reasons against it; changes nothing. Refused: no such request."""
    _check_request(chosen, action)
    rows = _in_sight(chosen, actor)
    return [_prospect(each, rows.get(each.number), action, actor, at) for each in chosen]


def move_each(
    chosen: Sequence[Chosen], action: str, *, actor: Account, at: datetime, remark: Remark = NO_REMARK
) -> list[Outcome]:
    """Make the move of each on its own: what is refused to one changes nothing for the others.

    Raises Refused, with nothing done, for a request that can be for none of them: no such action, none or
    too many chosen, a comment missing.
    """
    found = _check_request(chosen, action)
    if found.needs_comment and not remark.comment.strip():
        remedy = _("这一意见将写入每一件的办理记录并告知企业")
        raise Refused([Refusal("comment_missing", _("请写明理由"), field="comment", remedy=remedy)])
    rows = _in_sight(chosen, actor)
    _hold_together(rows.values())
    return [_moved(each, rows.get(each.number), action, actor, at, remark) for each in chosen]


def leave_on_trail(outcomes: Iterable[Outcome], *, request: HttpRequest, actor: Account, at: datetime) -> None:
    """A refusal inside an answer that is no refusal as a whole is kept on the audit trail like any other."""
    for each in outcomes:
        if not each.stands:
            number = each.number if NUMBER.fullmatch(each.number) else "?"  # what was typed instead is not kept
            path = f"/applications/{number}/actions/"
            note_refusal(request, account=actor, at=at, path=path, status=STATUS_OF[each.ending])


def _check_request(chosen: Sequence[Chosen], action: str) -> Move:
    found, most = move_named(action), settings.BULK_MAX_APPLICATIONS
    if found is None:
        remedy = _("不予通过等终结申报的决定，请逐件办理")
        raise Refused([Refusal("action_unknown", _("不能批量进行这一动作"), field="action", remedy=remedy)])
    if not chosen:
        remedy = _("请返回列表，勾选要办理的申报")
        raise Refused([Refusal("nothing_chosen", _("没有选择申报"), field="applications", remedy=remedy)])
    if len(chosen) > most:
        message = _("一次最多办理 %(most)s 件，现为 %(count)s 件") % {"most": most, "count": len(chosen)}
        raise Refused([Refusal("too_many", message, field="applications", remedy=_("请分几次办理"))])
    if len({each.number for each in chosen}) < len(chosen):
        message, remedy = _("同一件申报被选择了两次"), _("每件申报只选一次")
        raise Refused([Refusal("chosen_twice", message, field="applications", remedy=remedy)])
    return found


def _in_sight(chosen: Sequence[Chosen], actor: Account) -> dict[str, Application]:
    rows = Application.objects.visible_to(actor).with_file().filter(number__in=[each.number for each in chosen])
    return {row.number: row for row in rows}


def _hold_together(rows: Iterable[Application]) -> None:
    """Inside a larger transaction (an answer kept under its key) all rows are locked first, in one order.

    The ledger's head stays locked from the first move on: taking the next row only then could wait in a circle.
    """
    if transaction.get_connection().in_atomic_block:
        keys = [row.pk for row in rows]
        list(Application.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def _absent() -> Refusal:
    return Refusal("absent", _("您要找的内容不存在，或不在您的权限范围内"))


def _prospect(chosen: Chosen, row: Application | None, action: str, actor: Account, at: datetime) -> Prospect:
    if row is None:
        return Prospect(chosen, None, (_absent(),))
    return Prospect(chosen, row, tuple(obstacles(row, action, actor=actor, at=at, expected_version=chosen.version)))


def _moved(
    chosen: Chosen, row: Application | None, action: str, actor: Account, at: datetime, remark: Remark
) -> Outcome:
    number = chosen.number
    if row is None:
        return Outcome(number, Ending.ABSENT, refusals=(_absent(),))
    try:
        after = move(row, action, actor=actor, at=at, remark=remark, expected_version=chosen.version)
    except Refused as refused:
        return _refused(chosen, row, action, actor, refused)
    except OperationalError:  # the database gave up waiting; the others are not to be lost over it
        busy = Refusal("busy", _("系统繁忙，这一件没有办理"), remedy=_("请稍后再试"))
        return Outcome(number, Ending.BUSY, row, (busy,))
    return Outcome(number, Ending.DONE, after)


def _refused(chosen: Chosen, row: Application, action: str, actor: Account, refused: Refused) -> Outcome:
    """Why not; whoever sent the same thing twice is told that it was done the first time."""
    now = Application.objects.with_file().get(pk=row.pk)
    if isinstance(refused, Stale) and chosen.version is not None:
        earlier = repeated(now, action, actor=actor, version=chosen.version)
        if earlier:
            return Outcome(chosen.number, Ending.REPEATED, now, earlier=earlier)
    return Outcome(chosen.number, _ending(refused), now, refused.refusals)


def _ending(refused: Refused) -> Ending:
    for kind, ending in ((Stale, Ending.STALE), (NotAllowed, Ending.NOT_ALLOWED), (NotPossible, Ending.NOT_POSSIBLE)):
        if isinstance(refused, kind):
            return ending
    return Ending.REFUSED
