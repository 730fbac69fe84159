"""Recording achievements and ending them: the facts behind every figure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account, Enterprise
from enterprises.places import Place, place_of
from ledger.canonical import commitment
from ledger.prepared import ask
from ledger.record import Actor, Fact, record
from ledger.rows import insert
from ledger.verbs import Verb

from ..certificate_checks import stated
from ..errors import NotAllowed, NotPossible, Refusal, Refused
from ..messages import ring
from ..models import Achievement, Application, Certificate, EndReason
from ..rights import may_end_achievement
from ..stages import STAGES

MAX_GROUND = 300
VERB_OF_END: dict[str, Verb] = {
    EndReason.EXPIRED: Verb.ACHIEVEMENT_ENDED,
    EndReason.WITHDRAWN: Verb.ACHIEVEMENT_ENDED,
    EndReason.REVOKED: Verb.ACHIEVEMENT_REVOKED,
    EndReason.ANNULLED: Verb.ACHIEVEMENT_ANNULLED,
}


def granted(application: Application, place: Place, *, at: datetime) -> Achievement:
    """The achievement of an approved application, effective on its day; not yet on record."""
    return placed(
        Achievement(
            enterprise=application.enterprise,
            stage=application.stage,
            round=application.round,
            effective_on=effective_day(application, on=timezone.localdate(at)),
            certificate_number=stated(application.fields).number if _has_certificate(application) else "",
            application=application,
            route="application",
            recorded_at=at,
        ),
        place,
    )


def effective_day(application: Application, *, on: date) -> date:
    """From when what is approved on a day holds: a certificate from its day of issue, everything else from that day."""
    issued_on = stated(application.fields).issued_on if _has_certificate(application) else None
    return issued_on or on


def _has_certificate(application: Application) -> bool:
    return STAGES[application.stage].has_certificate


def record_achievement(fact: Achievement, *, actor: Actor, at: datetime) -> Achievement:
    """Complete an unsaved achievement with place and high-tech status of its day, and write it.

    Inside the caller's transaction; the ledger entry carries every column that figures depend on.
    """
    placed(fact, ask(place_of(fact.enterprise, on=fact.effective_on)))
    fact.recorded_at = at
    entry = record(recorded_fact(fact, uscc=fact.enterprise.uscc), actor=actor, at=at)
    fact.ledger_number = entry.number
    insert(fact)
    return fact


def placed(fact: Achievement, place: Place) -> Achievement:
    """Gives an achievement the columns that it has from its enterprise's history."""
    fact.reporting_unit_id, fact.township_id = place.reporting_unit_id, place.township_id
    fact.was_high_tech = place.was_high_tech
    return fact


class Occasion(Protocol):
    """A stage and the day on which it was reached."""

    @property
    def stage(self) -> str: ...
    @property
    def effective_on(self) -> date: ...


class Facts(Occasion, Protocol):
    """The columns of an achievement that figures depend on: a row of the table, or values about to be one."""

    @property
    def round(self) -> int: ...
    @property
    def reporting_unit_id(self) -> str: ...
    @property
    def township_id(self) -> str: ...
    @property
    def was_high_tech(self) -> bool: ...
    @property
    def certificate_number(self) -> str: ...
    @property
    def route(self) -> str: ...


def recorded_fact(fact: Facts, *, uscc: str) -> Fact:
    """What the ledger says of a new achievement: codes and days only."""
    return Fact(
        verb=Verb.ACHIEVEMENT_RECORDED,
        subject=subject_of(fact, uscc=uscc),
        payload=recorded_payload(fact),
        enterprise=uscc,
    )


def subject_of(fact: Occasion, *, uscc: str) -> str:
    """Under what name the ledger speaks of an achievement."""
    return f"achievement:{uscc}:{fact.stage}:{fact.effective_on}"


def recorded_payload(fact: Facts) -> dict[str, str | int | bool | None]:
    """The columns of an achievement that figures depend on, as recorded with it."""
    return {
        "stage": fact.stage,
        "round": fact.round,
        "effective_on": str(fact.effective_on),
        "unit": fact.reporting_unit_id,
        "township": fact.township_id,
        "high_tech": fact.was_high_tech,
        "certificate": fact.certificate_number,
        "route": fact.route,
    }


@dataclass(frozen=True, slots=True)
class Ending:
    """How, when and on which ground an achievement ends; the ground is required."""

    reason: str
    ended_on: date
    ground: str


@transaction.atomic
def end_achievement(
    achievement: Achievement, *, reason: str, ended_on: date, ground: str, actor: Account, at: datetime
) -> Achievement:
    """End an achievement by its own named way: revoked, annulled (录入错误), withdrawn or expired.

    `ground` is the legal ground and reason. One that rests on a certificate ends with it (certificate_events.py).
    """
    row = Achievement.objects.select_for_update().get(pk=achievement.pk)
    row.enterprise = Enterprise.objects.get(pk=row.enterprise_id)
    if not may_end_achievement(actor, row.enterprise):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以终止认定"))])
    _check_end(row, reason, ended_on, ground, timezone.localdate(at))
    if (
        number := Certificate.objects.filter(achievement=row, is_annulled=False)
        .values_list("number", flat=True)
        .first()
    ):
        message, remedy = (
            _("该认定以证书 %(number)s 为依据") % {"number": number},
            _("请在该证书的页面办理撤销、注销等事项"),
        )
        raise NotPossible([Refusal("has_certificate", message, remedy=remedy)])
    return end_together(row, Ending(reason, ended_on, ground), actor=actor.as_actor(), at=at)


def end_together(row: Achievement, ending: Ending, *, actor: Actor, at: datetime) -> Achievement:
    """Write an ending that the caller has checked, in the caller's transaction.

    The ledger entry supersedes the one that recorded the achievement.
    """
    ground = ending.ground.strip()
    salt, said = commitment(ground)
    uscc, number = row.enterprise.uscc, row.ledger_number
    subject = subject_of(row, uscc=uscc)
    ended = ended_fact(subject, uscc=uscc, reason=ending.reason, ended_on=ending.ended_on, said=said, number=number)
    record(ended, actor=actor, at=at)
    Achievement.objects.filter(pk=row.pk).update(
        ended_on=ending.ended_on, ended_reason=ending.reason, ended_recorded_at=at, ended_ground=ground, ended_salt=salt
    )
    transaction.on_commit(ring)
    row.refresh_from_db()
    return row


def reinstate(row: Achievement, *, ground: str, actor: Actor, at: datetime) -> Achievement:
    """Correct an ending that was recorded in error: the achievement goes on. In the caller's transaction.

    Only the corrections of certificates come here; like every ending, the entry supersedes the one that recorded it.
    """
    _check_round_is_free(row)
    said, uscc = commitment(ground.strip())[1], row.enterprise.uscc
    fact = Fact(
        verb=Verb.ACHIEVEMENT_REINSTATED,
        subject=subject_of(row, uscc=uscc),
        payload={"ended_on": str(row.ended_on), "reason": row.ended_reason, "said": said},
        enterprise=uscc,
        supersedes=row.ledger_number,
    )
    record(fact, actor=actor, at=at)
    Achievement.objects.filter(pk=row.pk).update(
        ended_on=None, ended_reason="", ended_recorded_at=None, ended_ground="", ended_salt=""
    )
    transaction.on_commit(ring)
    row.refresh_from_db()
    return row


def _check_round_is_free(row: Achievement) -> None:
    """An application of the same round may have been granted meanwhile."""
    if row.application_id is None:
        return
    same = {"enterprise": row.enterprise_id, "stage": row.stage, "round": row.round}
    found = Achievement.objects.filter(**same, application__isnull=False, ended_reason="").exclude(pk=row.pk).first()
    if found:
        message = _("该企业同一轮次已另有 %(day)s 取得的有效认定") % {"day": found.effective_on}
        remedy = _("请先在企业档案中对该认定办理终止，再作更正")
        raise NotPossible([Refusal("round_taken", message, remedy=remedy)])


def ended_fact(subject: str, *, uscc: str, reason: str, ended_on: date | None, said: str, number: int) -> Fact:
    """What the ledger says of an ending; `number` is that of the entry which recorded the achievement."""
    return Fact(
        verb=VERB_OF_END[reason],
        subject=subject,
        payload={"ended_on": str(ended_on), "reason": reason, "said": said},
        enterprise=uscc,
        supersedes=number,
    )


def _check_end(row: Achievement, reason: str, ended_on: date, ground: str, today: date) -> None:
    if row.ended_reason:
        message = _("该认定已于 %(day)s 终止") % {"day": row.ended_on}
        raise NotPossible([Refusal("already_ended", message)])
    found = []
    if reason not in EndReason.values:
        message = _("终止原因“%(reason)s”不存在") % {"reason": reason}
        found.append(Refusal("reason_unknown", message, field="reason"))
    if not ground.strip():
        found.append(Refusal("ground_missing", _("请写明法律依据和理由"), field="ground"))
    if len(ground.strip()) > MAX_GROUND:
        said = {"limit": MAX_GROUND, "count": len(ground.strip())}
        message = _("依据和理由最多 %(limit)s 字，现 %(count)s 字") % said
        found.append(Refusal("ground_too_long", message, field="ground"))
    if ended_on > today:
        message = _("终止日期 %(day)s 晚于今天") % {"day": ended_on}
        found.append(Refusal("end_in_future", message, field="ended_on"))
    if ended_on < row.effective_on and reason != EndReason.ANNULLED:
        message = _("终止日期早于取得日期 %(day)s") % {"day": row.effective_on}
        found.append(Refusal("end_before_start", message, field="ended_on"))
    if found:
        raise Refused(found)
