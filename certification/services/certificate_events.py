"""What happens to a certificate after its issue (证书事项): each kind is a service of its own, with day and reason.

Everything is checked and written under the lock of the certificate: standing, day, person. An event that ends the
certificate ends its achievement in the same transaction, by the same day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account, Enterprise
from enterprises.origin import origin
from ledger.canonical import commitment
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..certificate_checks import Stated, missing, unsound
from ..certificate_life import EVENTS, STANDING_NAMES, Kind, State, accepts, is_later, possible
from ..errors import NotPossible, Refusal, Refused, StaleStage
from ..messages import ring
from ..models import Certificate, CertificateEvent
from ..wording import worded
from .achievements import MAX_GROUND, Ending, end_together
from .certificate_facts import all_terms, body_named, known_for, state_of
from .certificates import check_right, subject_of, unwritten, written


@dataclass(frozen=True, slots=True)
class Act:
    """Who says that something happened, on which day, on which ground, and when they say so."""

    on: date
    reason: str
    actor: Account
    at: datetime


def survey(certificate: Certificate, act: Act) -> CertificateEvent:
    """The body's surveillance (监督审核) was passed."""
    return _happened(certificate, Kind.SURVEILLANCE, act)


def suspend(certificate: Certificate, act: Act) -> CertificateEvent:
    """The body suspended the certificate; the achievement goes on."""
    return _happened(certificate, Kind.SUSPEND, act)


def restore(certificate: Certificate, act: Act) -> CertificateEvent:
    """A suspended certificate holds again; the city's to say."""
    return _happened(certificate, Kind.RESTORE, act)


def withdraw(certificate: Certificate, act: Act) -> CertificateEvent:
    """The body withdrew the certificate (撤销): the achievement no longer counts."""
    return _happened(certificate, Kind.WITHDRAW, act)


def surrender(certificate: Certificate, act: Act) -> CertificateEvent:
    """The enterprise gave the certificate up (注销)."""
    return _happened(certificate, Kind.SURRENDER, act)


def annul(certificate: Certificate, act: Act) -> CertificateEvent:
    """It was recorded in error (录入错误): as if it never was; its number may be recorded anew."""
    return _happened(certificate, Kind.ANNUL, act)


def convert(certificate: Certificate, edition: str, act: Act) -> CertificateEvent:
    """Conversion to a later edition at a surveillance: the expiry stays."""
    return _happened(certificate, Kind.CONVERT, act, edition=edition)


def happen(certificate: Certificate, kind: str, act: Act, *, edition: str = "") -> CertificateEvent:
    """The service of a kind of event, by its code; a renewal brings a new certificate and is not among them."""
    if kind == Kind.CONVERT:
        return convert(certificate, edition, act)
    service = BY_KIND.get(kind)
    if service is None:
        message = _("没有“%(kind)s”这一证书事项") % {"kind": kind}
        remedy = _("可用的值：%(kinds)s") % {"kinds": _("、").join([*BY_KIND, Kind.CONVERT])}
        raise Refused([Refusal("kind_unknown", message, field="kind", remedy=remedy)])
    return service(certificate, act)


BY_KIND: dict[str, Callable[[Certificate, Act], CertificateEvent]] = {
    Kind.SURVEILLANCE: survey,
    Kind.SUSPEND: suspend,
    Kind.RESTORE: restore,
    Kind.WITHDRAW: withdraw,
    Kind.SURRENDER: surrender,
    Kind.ANNUL: annul,
}


def renew(certificate: Certificate, said: Stated, act: Act) -> Certificate:
    """Re-certification: a new certificate with its own years follows, and the old one ends on its day of issue."""
    check_right(act.actor, certificate.enterprise)
    try:
        with transaction.atomic():
            row, state = _locked(certificate, on=timezone.localdate(act.at))
            known = known_for(row.enterprise, said, on=timezone.localdate(act.at))
            found = [*missing(said), *unsound(said, known)]
            body = body_named(said.body)
            if found or body is None:
                raise Refused(found)
            act = Act(said.issued_on or act.on, act.reason, act.actor, act.at)
            _check(row, state, Kind.RENEW, act, edition="")
            _write(row, Kind.RENEW, act, edition="")
            following = unwritten(row.enterprise, said, body)
            following.replaces = row
            return written(following, actor=act.actor, at=act.at)
    except IntegrityError as error:
        raise _stale() from error


def _happened(certificate: Certificate, kind: Kind, act: Act, *, edition: str = "") -> CertificateEvent:
    check_right(act.actor, certificate.enterprise)
    try:
        with transaction.atomic():
            row, state = _locked(certificate, on=timezone.localdate(act.at))
            _check(row, state, kind, act, edition=edition)
            return _write(row, kind, act, edition=edition)
    except IntegrityError as error:
        raise _stale() from error


def _locked(certificate: Certificate, *, on: date) -> tuple[Certificate, State]:
    """The certificate, nobody else's until the transaction ends, and how it stands then."""
    Enterprise.objects.select_for_update().get(pk=certificate.enterprise_id)
    row = Certificate.objects.select_related("enterprise", "achievement").get(pk=certificate.pk)
    return row, state_of(row, on=on)


def _check(row: Certificate, state: State, kind: Kind, act: Act, *, edition: str) -> None:
    if EVENTS[kind] not in possible(state):
        said = {"standing": worded(STANDING_NAMES[state.standing]), "event": _name(kind)}
        message = _("证书现为“%(standing)s”，不能办理“%(event)s”") % said
        raise NotPossible([Refusal("not_possible", message, field="kind", remedy=_("刷新页面，查看最新状态"))])
    found = [*_day_refusals(row, kind, act), *_repeated(row, kind, act), *_reason_refusals(act.reason)]
    if kind is Kind.CONVERT:
        found += _edition_refusals(state, edition, act.on)
    if found:
        raise Refused(found)


def _day_refusals(row: Certificate, kind: Kind, act: Act) -> list[Refusal]:
    """Not before the issue or the last event, not after today, not after the last day of the certificate."""
    if kind is Kind.ANNUL:
        return []
    days = [row.issued_on, *row.events.values_list("on", flat=True)]
    earliest, today = max(days), timezone.localdate(act.at)
    latest = min(today, row.expires_on)
    if earliest <= act.on <= latest:
        return []
    message = _("发生日期 %(day)s 不在 %(earliest)s 至 %(latest)s 之间")
    remedy = _("不早于发证和上一事项，不晚于今天和有效期；请核对日期")
    said = {"day": act.on, "earliest": earliest, "latest": latest}
    return [Refusal("event_day", message % said, field="on", remedy=remedy)]


def _repeated(row: Certificate, kind: Kind, act: Act) -> list[Refusal]:
    if not row.events.filter(kind=kind.value, on=act.on).exists():
        return []
    message = _("%(day)s 的“%(event)s”已经登记") % {"day": act.on, "event": _name(kind)}
    return [Refusal("repeated", message, field="on", remedy=_("请核对日期，不必重复登记"))]


def _reason_refusals(reason: str) -> list[Refusal]:
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


def _write(row: Certificate, kind: Kind, act: Act, *, edition: str) -> CertificateEvent:
    event, whence, reason = EVENTS[kind], origin(), act.reason.strip()
    if event.ends and not row.achievement.ended_reason:
        ending = Ending(event.ends, max(act.on, row.issued_on), reason)
        end_together(row.achievement, ending, actor=act.actor.as_actor(), at=act.at)
    salt, said = commitment(reason)
    came = commitment(f"{whence.channel.value} {whence.address}", salt=salt)[1]
    payload = {"on": str(act.on), "edition": edition, "said": said, "whence": came}
    superseded = row.ledger_number if event.ends else None
    fact = Fact(Verb(event.verb), subject_of(row), payload, enterprise=row.enterprise.uscc, supersedes=superseded)
    number = record(fact, actor=act.actor.as_actor(), at=act.at).number
    if kind is Kind.ANNUL:
        Certificate.objects.filter(pk=row.pk).update(is_annulled=True)
    transaction.on_commit(ring)
    return CertificateEvent.objects.create(
        certificate=row,
        kind=kind.value,
        on=act.on,
        edition=edition,
        reason=reason,
        salt=salt,
        actor=act.actor,
        at=act.at,
        ledger_number=number,
        channel=whence.channel.value,
        address=whence.address,
    )


def _name(kind: Kind) -> str:
    event = EVENTS[kind]
    return worded((event.name_zh, event.name_en))


def _stale() -> StaleStage:
    message = _("该证书刚被他人处理，请刷新后再操作")
    return StaleStage([Refusal("stale", message, remedy=_("刷新页面，查看最新状态"))])
