"""Re-examinations of titles (称号复核): passed, the next period opens; failed, the title is revoked with it."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.canonical import commitment
from ledger.contents import content_digest
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..errors import Duplicate, NotPossible, Refusal, Refused
from ..messages import ring
from ..models import Achievement, EndReason, Reexamination
from ..title_checks import StatedReexamination, missing, unsound_reexamination
from ..title_life import State, next_due
from .achievements import Ending, end_together
from .title_terms import months_of
from .titles import check_right, locked_title, not_held, subject_of


def reexamine(achievement: Achievement, said: StatedReexamination, *, actor: Account, at: datetime) -> Reexamination:
    """Record what a re-examination came to. Raises NotAllowed, NotPossible, Refused, Duplicate."""
    check_right(actor, achievement.enterprise)
    try:
        with transaction.atomic():
            row, state = locked_title(achievement, on=timezone.localdate(at))
            if not state.is_held:
                raise not_held()
            made = _checked(row, state, said, at=at)
            return _written(made, actor=actor, at=at)
    except IntegrityError as error:
        remedy = _("刷新页面，查看最新状态")
        raise Duplicate([Refusal("examined_twice", _("这次复核刚刚已由他人登记"), remedy=remedy)]) from error


def _checked(row: Achievement, state: State, said: StatedReexamination, *, at: datetime) -> Reexamination:
    """The re-examination, not yet written."""
    if state.due_on is None:
        message, remedy = _("该称号没有待办的复核"), _("复核日期在称号文件中；登记有误的，请更正称号")
        raise NotPossible([Refusal("nothing_due", message, remedy=remedy)])
    days = [row.effective_on, *(each.examined_on for each in row.reexaminations.all())]
    found = missing(said)
    found += unsound_reexamination(said, after=max(days), today=timezone.localdate(at))
    if found or said.examined_on is None or said.passed is None:
        raise Refused(found)
    due = said.reexamine_on
    if said.passed and due is None:
        due = next_due(max(state.due_on, said.examined_on), months_of(row.stage), until=said.valid_until)
    plain = {name: getattr(said, name) for name in ("examined_on", "passed", "words", "document", "valid_until")}
    return Reexamination(achievement=row, due_on=state.due_on, reexamine_on=due, **plain)


def _written(row: Reexamination, *, actor: Account, at: datetime) -> Reexamination:
    row.salt, _said = commitment(row.words)
    title = row.achievement
    fact = Fact(Verb.TITLE_REEXAMINED, subject_of(title), reexamined_payload(row), enterprise=title.enterprise.uscc)
    row.recorded_at, row.recorded_by = at, actor
    row.ledger_number = record(fact, actor=actor.as_actor(), at=at).number
    row.save()
    if not row.passed:
        ending = Ending(EndReason.REVOKED, row.examined_on, row.words)
        end_together(title, ending, actor=actor.as_actor(), at=at)
    transaction.on_commit(ring)
    return row


def reexamined_payload(row: Reexamination) -> dict[str, Any]:
    """What the ledger says of a re-examination: days, the result, and what stands for its words."""
    return {
        "achievement": row.achievement.ledger_number,
        "due_on": str(row.due_on),
        "on": str(row.examined_on),
        "passed": row.passed,
        "until": str(row.valid_until or ""),
        "reexamine_on": str(row.reexamine_on or ""),
        "digest": content_digest(row.document),
        "said": commitment(row.words, salt=row.salt)[1],
    }
