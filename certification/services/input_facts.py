"""Facts that eligibility rests on: recorded, annulled, corrected, filed. Each kind says what is its own (InputKind).

What the city recorded in error is annulled on a ground and stays on file; the right one is a row of its own.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional, TypeVar

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enterprises.models import Account, Enterprise
from ledger.canonical import commitment
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..errors import Duplicate, NotAllowed, NotPossible, Refusal, Refused
from ..models.inputs import InputFact, InputPaper
from ..rights import may_keep_inputs, ties
from .filing import columns_of, looked_at, named, stored

Upload = Optional["File[bytes]"]
R = TypeVar("R", bound=InputFact)
GROUND_MOST = 300


@dataclass(frozen=True, slots=True)
class InputKind:
    """One kind of fact. `key` tells its rows apart; `codes` is what the ledger says, `words` what it only seals."""

    model: type[Any]
    paper: type[Any]
    subject: str
    recorded: Verb
    annulled: Verb
    filed: Verb
    key: Callable[[Any], str]
    codes: Callable[[Any], dict[str, Any]]
    words: Callable[[Any], str]
    ended: Verb | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, when, and on which ground."""

    actor: Account
    at: datetime
    ground: str = ""


def check_right(actor: Account, enterprise: Enterprise) -> None:
    """These facts are the city's to record, and nobody's who is tied to the enterprise."""
    if not may_keep_inputs(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以登记信用核查和优先标识"))])
    if ties(account=actor, enterprise=enterprise).exists():
        raise NotAllowed([Refusal("own_interest", _("您与该企业有利害关系，应当回避"))])


def locked(enterprise: Enterprise) -> Enterprise:
    """The enterprise under the lock that every change of its facts takes."""
    return Enterprise.objects.select_for_update().get(pk=enterprise.pk)


def kept_once(write: Callable[[], R]) -> R:
    """Write in one transaction; of two who state the same at once, one is told."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as error:
        remedy = _("刷新页面，核对已登记的记录")
        raise Duplicate([Refusal("recorded_twice", _("同一事项刚刚已由他人登记"), remedy=remedy)]) from error


def put_on_record(kind: InputKind, row: R, act: Act) -> R:
    """Write a new row with its entry; inside a transaction."""
    row.recorded_at, row.recorded_by = act.at, act.actor
    row.salt = commitment(kind.words(row))[0]
    row.ledger_number = record(recorded_fact(kind, row), actor=act.actor.as_actor(), at=act.at).number
    row.save(force_insert=True)
    return row


def annul(kind: InputKind, fact: R, act: Act) -> R:
    """What was recorded in error never was; the row stays with the ground. Raises NotAllowed, NotPossible, Refused."""
    check_right(act.actor, fact.enterprise)
    with transaction.atomic():
        row = unannulled(kind, fact)
        row.annulled_at, row.annulled_by = act.at, act.actor
        row.annulled_ground = checked_ground(act.ground)
        row.annulled_salt = commitment(row.annulled_ground)[0]
        row.annulled_number = record(annulled_fact(kind, row), actor=act.actor.as_actor(), at=act.at).number
        row.save(update_fields=["annulled_at", "annulled_by", "annulled_ground", "annulled_salt", "annulled_number"])
        return row


def unannulled(kind: InputKind, fact: R) -> R:
    """The row as it is now, under the lock of its enterprise."""
    enterprise = locked(fact.enterprise)
    row: R = kind.model.objects.get(pk=fact.pk)
    row.enterprise = enterprise
    if row.is_annulled:
        message, remedy = _("该记录已注销"), _("刷新页面，查看最新状态")
        raise NotPossible([Refusal("annulled", message, remedy=remedy)])
    return row


def checked_ground(ground: str) -> str:
    """A ground that was given."""
    ground = ground.strip()
    if not ground:
        raise Refused([Refusal("ground_missing", _("请写明依据和理由"), field="annulment", remedy=_("例如抄录有误"))])
    if len(ground) > GROUND_MOST:
        told = {"label": _("依据和理由"), "limit": GROUND_MOST, "count": len(ground)}
        message = _("“%(label)s”最多 %(limit)s 字，现 %(count)s 字") % told
        raise Refused([Refusal("too_long", message, field="annulment", remedy=_("请精简后再填"))])
    return ground


def with_paper(kind: InputKind, row: R, upload: Upload, act: Act) -> R:
    """The row; with a document that was handed in together with it on file."""
    if upload is not None:
        file_paper(kind, row, upload, act)
    return row


def file_paper(kind: InputKind, fact: InputFact, upload: Upload, act: Act) -> InputPaper:
    """Keep a document or screenshot with a fact, and its digest on record; the earlier ones stay."""
    check_right(act.actor, fact.enterprise)
    checked = looked_at(upload)

    def write(key: uuid.UUID) -> InputPaper:
        row = unannulled(kind, fact)
        paper: InputPaper = kind.paper(fact=row, **columns_of(key, checked, actor=act.actor, at=act.at))
        paper.ledger_number = record(filed_fact(kind, paper), actor=act.actor.as_actor(), at=act.at).number
        paper.save(force_insert=True)
        return paper

    return stored(checked, write)


def subject_of(kind: InputKind, row: Any) -> str:
    """Under what name the ledger speaks of a fact."""
    return f"{kind.subject}:{row.enterprise.uscc}:{kind.key(row)}"


def recorded_fact(kind: InputKind, row: Any) -> Fact:
    said = commitment(kind.words(row), salt=row.salt)[1]
    replaced = row.replaces.ledger_number if row.replaces_id else None
    codes = {**kind.codes(row), "said": said}
    return Fact(kind.recorded, subject_of(kind, row), codes, enterprise=row.enterprise.uscc, supersedes=replaced)


def annulled_fact(kind: InputKind, row: Any) -> Fact:
    said = {"said": commitment(row.annulled_ground, salt=row.annulled_salt)[1]}
    number = row.ledger_number
    return Fact(kind.annulled, subject_of(kind, row), said, enterprise=row.enterprise.uscc, supersedes=number)


def ended_fact(kind: InputKind, row: Any) -> Fact:
    """Of a kind that can end before its time."""
    said = {"ended_on": str(row.ended_on), "said": commitment(row.ended_ground, salt=row.ended_salt)[1]}
    number = row.ledger_number
    return Fact(
        kind.ended or kind.annulled, subject_of(kind, row), said, enterprise=row.enterprise.uscc, supersedes=number
    )


def filed_fact(kind: InputKind, paper: Any) -> Fact:
    codes = {"of": paper.fact.ledger_number, "sha256": paper.sha256, "file": named(paper)}
    return Fact(kind.filed, subject_of(kind, paper.fact), codes, enterprise=paper.fact.enterprise.uscc)
