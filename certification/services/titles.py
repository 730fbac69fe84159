"""Recording titles (称号): the dated fact that figures count, with the document that it rests on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account, Enterprise
from ledger.contents import content_digest
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..errors import Duplicate, NotAllowed, NotPossible, Refusal, Refused
from ..messages import ring
from ..models import Achievement, Application, Document, EndReason, TitleDocument, TitleLevel
from ..paperwork import Kind
from ..rights import may_keep_titles, ties
from ..stages import STAGES
from ..title_checks import Known, StatedTitle, missing, unsound
from ..title_life import Period, State, next_due, state_on
from .achievements import end_achievement, record_achievement
from .achievements import subject_of as achievement_subject
from .title_terms import months_of


def record_title(enterprise: Enterprise, said: StatedTitle, *, actor: Account, at: datetime) -> TitleDocument:
    """Record a title with its document, and its achievement unless that is on record already (an import).

    Raises NotAllowed, Refused (everything at once), Duplicate (somebody else recorded it meanwhile).
    """
    return _guarded(enterprise, said, actor=actor, at=at)


def title_of_grant(application: Application, *, actor: Account, at: datetime) -> TitleDocument | None:
    """The title that a granted application brings with it, in the transaction of the grant: its paper is the document,
    its kind's interval says when it is re-examined. None where the stage is no title, or its rule issues no paper: the
    document of such a fact is recorded afterwards, like that of an import.
    """
    if not STAGES[application.stage].is_title:
        return None
    fact = Achievement.objects.select_related("enterprise").get(application=application)
    papers = {row.kind: row for row in Document.objects.filter(achievement=fact)}
    paper = papers.get(Kind.CERTIFICATE) or papers.get(Kind.DECISION)
    if paper is None:
        return None
    row = TitleDocument(
        achievement=fact,
        document=paper.number,
        issued_by=paper.content["issuing_body"],
        level=TitleLevel.CITY,
        valid_until=paper.valid_until,
        reexamine_on=next_due(fact.effective_on, months_of(fact.stage), until=paper.valid_until),
    )
    return _written(row, actor=actor, at=at)


def _guarded(
    enterprise: Enterprise, said: StatedTitle, *, anew: str = "", actor: Account, at: datetime
) -> TitleDocument:
    """`anew`: the kind of a title that was annulled in this transaction, and is recorded again."""
    check_right(actor, enterprise)
    try:
        with transaction.atomic():
            row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
            return _recorded(row, said, anew=anew, actor=actor, at=at)
    except IntegrityError as error:
        remedy = _("刷新页面，核对已登记的称号")
        raise Duplicate([Refusal("title_twice", _("该称号刚刚已由他人登记"), remedy=remedy)]) from error


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, on which ground, and when."""

    ground: str
    actor: Account
    at: datetime


def correct_title(achievement: Achievement, said: StatedTitle, act: Act) -> TitleDocument:
    """What was recorded was wrong: annulled as if it never was, and recorded anew, in one transaction.

    Raises NotPossible where an application was granted: what it says is the decision's, not the recorder's.
    """
    if achievement.application_id is not None:
        message, remedy = _("该称号由申报认定，不能更正"), _("认定有误的，请撤销或注销该称号")
        raise NotPossible([Refusal("title_granted", message, remedy=remedy)])
    today = timezone.localdate(act.at)
    with transaction.atomic():
        end_title(achievement, EndReason.ANNULLED, today, act)
        return _guarded(achievement.enterprise, said, anew=achievement.stage, actor=act.actor, at=act.at)


def end_title(achievement: Achievement, reason: str, ended_on: date, act: Act) -> Achievement:
    """The title ends: revoked, given up, over, or recorded in error; on a ground that is required."""
    check_right(act.actor, achievement.enterprise)
    check_is_title(achievement)
    said: dict[str, Any] = {"reason": reason, "ended_on": ended_on, "ground": act.ground}
    return end_achievement(achievement, **said, actor=act.actor, at=act.at)


def check_right(actor: Account, enterprise: Enterprise) -> None:
    """Titles are the city's to record, and nobody's who is tied to the enterprise."""
    if not may_keep_titles(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以登记称号、复核和培育指导"))])
    if ties(account=actor, enterprise=enterprise).exists():
        raise NotAllowed([Refusal("own_interest", _("您与该企业有利害关系，应当回避"))])


def check_is_title(achievement: Achievement) -> None:
    if not STAGES[achievement.stage].is_title:
        message = _("该认定不是称号")
        raise NotPossible([Refusal("no_title", message, remedy=_("请在企业档案中办理"))])


def locked_title(achievement: Achievement, *, on: date) -> tuple[Achievement, State]:
    """The title under the lock of its enterprise, which every change of it takes, and how it stands."""
    enterprise = Enterprise.objects.select_for_update().get(pk=achievement.enterprise_id)
    row = Achievement.objects.select_related("title").get(pk=achievement.pk)
    row.enterprise = enterprise
    check_is_title(row)
    return row, state_of(row, on=on)


def not_held() -> NotPossible:
    message, remedy = _("该称号现已不在有效期内"), _("再次取得的，请照新的文件登记称号")
    return NotPossible([Refusal("not_held", message, remedy=remedy)])


def document_of(row: Achievement) -> TitleDocument | None:
    """The document of a title; an achievement that was imported may have none."""
    found: TitleDocument | None = getattr(row, "title", None)
    return found


def state_of(row: Achievement, *, on: date) -> State:
    """How a title stands on a day; prefetch document and re-examinations of many."""
    document = document_of(row)
    given = Period(document.valid_until, document.reexamine_on) if document else Period()
    held = sorted(row.reexaminations.all(), key=lambda each: (each.examined_on, each.pk))
    passed = [Period(each.valid_until, each.reexamine_on) for each in held if each.passed]
    return state_on(given, passed, ended=row.ended_reason, on=on)


def _recorded(enterprise: Enterprise, said: StatedTitle, *, anew: str, actor: Account, at: datetime) -> TitleDocument:
    today = timezone.localdate(at)
    bare = _bare(enterprise, said)
    known = Known(
        today=today,
        earliest=settings.EARLIEST_ACHIEVEMENT,
        levels=tuple(TitleLevel.values),
        established_on=enterprise.established_on,
        held_since=None if bare else _held_since(enterprise, said),
        is_on_record=bare is not None or said.stage == anew,
    )
    found = [*missing(said), *unsound(said, known)]
    if found or said.effective_on is None:
        raise Refused(found)
    fact = bare or record_achievement(_achievement(enterprise, said, said.effective_on), actor=actor.as_actor(), at=at)
    due = said.reexamine_on or next_due(said.effective_on, months_of(said.stage), until=said.valid_until)
    plain = {name: getattr(said, name) for name in ("document", "issued_by", "level", "valid_until")}
    return _written(TitleDocument(achievement=fact, reexamine_on=due, **plain), actor=actor, at=at)


def _written(row: TitleDocument, *, actor: Account, at: datetime) -> TitleDocument:
    row.recorded_at, row.recorded_by = at, actor
    row.ledger_number = record(recorded_fact(row), actor=actor.as_actor(), at=at).number
    row.save()
    transaction.on_commit(ring)
    return row


def _achievement(enterprise: Enterprise, said: StatedTitle, on: date) -> Achievement:
    return Achievement(enterprise=enterprise, stage=said.stage, effective_on=on, route="document")


def _bare(enterprise: Enterprise, said: StatedTitle) -> Achievement | None:
    """The achievement of that very day on record without a document: the document belongs to it."""
    if said.effective_on is None:
        return None
    rows = Achievement.objects.filter(enterprise=enterprise, stage=said.stage, effective_on=said.effective_on)
    row = rows.filter(title__isnull=True, ended_reason="").first()
    if row is not None:
        row.enterprise = enterprise
    return row


def _held_since(enterprise: Enterprise, said: StatedTitle) -> date | None:
    """Since when the enterprise holds this title; of a yearly one, in the year of the stated day."""
    rows = Achievement.objects.filter(enterprise=enterprise, stage=said.stage).exclude(ended_reason="annulled")
    if said.stage in STAGES and STAGES[said.stage].is_yearly:
        year = said.effective_on.year if said.effective_on else 0
        rows = rows.filter(effective_on__year=year)
    else:
        rows = rows.filter(ended_reason="")
    return rows.values_list("effective_on", flat=True).first()


def subject_of(row: Achievement) -> str:
    """Under what name the ledger speaks of a title."""
    return achievement_subject(row, uscc=row.enterprise.uscc).replace("achievement:", "title:", 1)


def recorded_fact(row: TitleDocument) -> Fact:
    return Fact(
        Verb.TITLE_RECORDED,
        subject_of(row.achievement),
        recorded_payload(row),
        enterprise=row.achievement.enterprise.uscc,
    )


def recorded_payload(row: TitleDocument) -> dict[str, Any]:
    """What the ledger says of a title's document: codes and days, and the digest of its texts."""
    return {
        "achievement": row.achievement.ledger_number,
        "level": row.level,
        "until": str(row.valid_until or ""),
        "reexamine_on": str(row.reexamine_on or ""),
        "digest": content_digest([row.document, row.issued_by]),
    }
