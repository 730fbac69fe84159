"""What every event of a certificate shares (证书事项): who says so, what is checked, how it is written.

Used by certificate_events.py and certificate_corrections.py, inside their transactions.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account, Enterprise
from enterprises.origin import origin
from ledger.canonical import commitment
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..certificate_life import EVENTS, STANDING_NAMES, Kind, State, accepts, day_after, is_later, possible
from ..errors import NotPossible, Refusal, Refused, StaleStage
from ..messages import ring
from ..models import Certificate, CertificateEvent, EndReason
from ..remedies import of_certificate
from ..wording import worded
from .achievements import MAX_GROUND, Ending, end_together
from .certificate_facts import all_terms, standing_events, state_of
from .certificates import subject_of


@dataclass(frozen=True, slots=True)
class Act:
    """Who says that something happened, on which day, on which ground, and when they say so."""

    on: date
    reason: str
    actor: Account
    at: datetime


def locked(certificate: Certificate) -> Certificate:
    """The certificate, nobody else's until the transaction ends: every act locks its enterprise."""
    Enterprise.objects.select_for_update().get(pk=certificate.enterprise_id)
    related = ("enterprise", "achievement__enterprise", "replaces__achievement__enterprise", "replaces__enterprise")
    return Certificate.objects.select_related(*related).get(pk=certificate.pk)


def check(row: Certificate, kind: Kind, act: Act, *, edition: str = "") -> None:
    """Whether something may have happened on its day, as the certificate stood then; raises why not."""
    earliest, latest = _days(row, act)
    state = state_of(row, on=min(max(act.on, earliest), latest))
    check_possible(state, kind)
    found = [*_day_refusals(act, earliest, latest), *_repeated(row, kind, act), *reason_refusals(act.reason)]
    if kind is Kind.CONVERT:
        found += _edition_refusals(state, edition, act.on)
    if found:
        raise Refused(found)


def check_possible(state: State, kind: Kind) -> None:
    """Raises NotPossible unless this may happen to a certificate that stands so."""
    if EVENTS[kind] not in possible(state):
        said = {"standing": worded(STANDING_NAMES[state.standing]), "event": name_of(kind)}
        message = _("证书现为“%(standing)s”，不能办理“%(event)s”") % said
        remedy = of_certificate(name_of(event.kind) for event in possible(state))
        raise NotPossible([Refusal("not_possible", message, field="kind", remedy=remedy)])


def _days(row: Certificate, act: Act) -> tuple[date, date]:
    """Not before the issue or the last event, not after today, not after the last day of the certificate."""
    earliest = max([row.issued_on, *(event.on for event in standing_events(row))])
    return earliest, min(timezone.localdate(act.at), row.expires_on)


def _day_refusals(act: Act, earliest: date, latest: date) -> list[Refusal]:
    if earliest <= act.on <= latest:
        return []
    message = _("发生日期 %(day)s 不在 %(earliest)s 至 %(latest)s 之间")
    remedy = _("不早于发证和上一事项，不晚于今天和有效期；请核对日期")
    said = {"day": act.on, "earliest": earliest, "latest": latest}
    return [Refusal("event_day", message % said, field="on", remedy=remedy)]


def _repeated(row: Certificate, kind: Kind, act: Act) -> list[Refusal]:
    if not any(event.kind == kind and event.on == act.on for event in standing_events(row)):
        return []
    message = _("%(day)s 的“%(event)s”已经登记") % {"day": act.on, "event": name_of(kind)}
    return [Refusal("repeated", message, field="on", remedy=_("请核对日期，不必重复登记"))]


def reason_refusals(reason: str) -> list[Refusal]:
    """Every event has its ground and reason, of a readable length."""
    if not reason.strip():
        remedy = _("例如认证机构通知的文号和日期")
        return [Refusal("reason_missing", _("请写明依据和理由"), field="reason", remedy=remedy)]
    if len(reason.strip()) > MAX_GROUND:
        message = _("依据和理由最多 %(limit)s 字，现 %(count)s 字") % {
            "limit": MAX_GROUND,
            "count": len(reason.strip()),
        }
        return [Refusal("reason_too_long", message, field="reason", remedy=_("请精简后再填"))]
    return []


def _edition_refusals(state: State, edition: str, on: date) -> list[Refusal]:
    terms = all_terms()
    old = terms.get(state.edition)
    later = [code for code, each in terms.items() if is_later(each, old) and accepts(each, applied_on=on)]
    if edition in later:
        return []
    message = _("不能在 %(day)s 由 %(old)s 换为“%(edition)s”") % {"day": on, "old": state.edition, "edition": edition}
    remedy = _("可换用的版本：%(editions)s") % {"editions": _("、").join(later) or _("（无）")}
    return [Refusal("edition_unknown", message, field="edition", remedy=remedy)]


def end_with(row: Certificate, kind: Kind, act: Act) -> None:
    """End the achievement by an event that ends the certificate.

    One that has ended keeps its ending, but for two: an expiry that the event precedes, and what is annulled never was.
    """
    event, fact = EVENTS[kind], row.achievement
    expired = (fact.ended_reason, fact.ended_on) == (EndReason.EXPIRED, day_after(row.expires_on))
    is_error = kind is Kind.ANNUL and fact.ended_reason != EndReason.ANNULLED
    if event.ends and (not fact.ended_reason or expired or is_error):
        ending = Ending(event.ends, max(act.on, row.issued_on), act.reason)
        end_together(fact, ending, actor=act.actor.as_actor(), at=act.at)


def write(
    row: Certificate, kind: Kind, act: Act, *, edition: str = "", corrects: CertificateEvent | None = None
) -> CertificateEvent:
    """Write an event that the caller has checked, with its ledger entry."""
    event, whence, reason = EVENTS[kind], origin(), act.reason.strip()
    salt, said = commitment(reason)
    made = CertificateEvent(
        certificate=row,
        kind=kind.value,
        on=act.on,
        edition=edition,
        corrects=corrects,
        reason=reason,
        salt=salt,
        actor=act.actor,
        at=act.at,
        channel=whence.channel.value,
        address=whence.address,
    )
    superseded = corrects.ledger_number if corrects else row.ledger_number if event.ends else None
    payload, uscc = event_payload(made, said), row.enterprise.uscc
    fact = Fact(Verb(event.verb), subject_of(row), payload, enterprise=uscc, supersedes=superseded)
    made.ledger_number = record(fact, actor=act.actor.as_actor(), at=act.at).number
    made.save(force_insert=True)
    transaction.on_commit(ring)
    return made


def event_payload(row: CertificateEvent, said: str) -> dict[str, Any]:
    """What the ledger says of an event; `said` is the commitment to its reason, `whence` to where it came from."""
    whence = commitment(f"{row.channel} {row.address}", salt=row.salt)[1]
    plain = {"on": str(row.on), "edition": row.edition, "said": said, "whence": whence}
    return plain | {"corrects": row.corrects.ledger_number} if row.corrects else plain


def name_of(kind: Kind) -> str:
    event = EVENTS[kind]
    return worded((event.name_zh, event.name_en))


def stale() -> StaleStage:
    message = _("该证书刚被他人处理，请刷新后再操作")
    return StaleStage([Refusal("stale", message, remedy=_("刷新页面，查看最新状态"))])
