"""Undoing what was recorded in error (录入错误): a certificate that never was, an event that did not happen.

Nothing is edited: an entry is added that supersedes, and what rested on the error falls away in the same transaction
(docs/decisions/0017-undoing-errors-of-recording.md).
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..certificate_life import EVENTS, Kind, day_after, first_impossible
from ..errors import NotPossible, Refusal, Refused
from ..models import Certificate, CertificateEvent, EndReason
from .achievements import Ending, end_together, reinstate
from .certificate_acts import Act, check_possible, end_with, locked, name_of, reason_refusals, stale, write
from .certificate_facts import all_terms, as_happened, correctable, issue_of, standing_events, state_of
from .certificates import check_right


def annul(certificate: Certificate, act: Act) -> CertificateEvent:
    """It was recorded in error (录入错误): as if it never was, on any day; its number may be recorded anew.

    The certificate that it was to follow stands again as it did, and so does that one's achievement.
    """
    check_right(act.actor, certificate.enterprise)
    try:
        with transaction.atomic():
            row = locked(certificate)
            check_possible(state_of(row, on=timezone.localdate(act.at)), Kind.ANNUL)
            _check_said(act)
            _check_not_between(row)
            end_with(row, Kind.ANNUL, act)
            made = write(row, Kind.ANNUL, act)
            Certificate.objects.filter(pk=row.pk).update(is_annulled=True)
            if row.replaces is not None:
                _stands_again(row.replaces, act)
            return made
    except IntegrityError as error:
        raise stale() from error


def correct(certificate: Certificate, number: int | None, act: Act) -> CertificateEvent:
    """An event (its ledger number) was recorded in error: it falls away, and may be recorded anew as it was."""
    check_right(act.actor, certificate.enterprise)
    try:
        with transaction.atomic():
            row = locked(certificate)
            check_possible(state_of(row, on=timezone.localdate(act.at)), Kind.CORRECT)
            _check_said(act)
            return _fallen_away(row, _to_correct(row, number), act)
    except IntegrityError as error:
        raise stale() from error


def _check_said(act: Act) -> None:
    """When the error was found, and how: not after today, and never without the reason."""
    found, today = reason_refusals(act.reason), timezone.localdate(act.at)
    if act.on > today:
        message = _("发生日期 %(day)s 晚于今天 %(today)s") % {"day": act.on, "today": today}
        found.append(Refusal("event_day", message, field="on", remedy=_("请填写发现误记之日")))
    if found:
        raise Refused(found)


def _check_not_between(row: Certificate) -> None:
    """One between two others goes last first: else the first and the last would hold side by side."""
    following = row.replaced_by.filter(is_annulled=False).first()
    if row.replaces_id is None or following is None:
        return
    told = {"number": row.number, "following": following.number}
    message = _("证书 %(number)s 已由证书 %(following)s 接续，不能先注销为录入错误") % told
    remedy = _("请先对证书 %(following)s 办理“录入错误”，再办理本证书，然后照实重新登记") % told
    raise NotPossible([Refusal("followed", message, field="kind", remedy=remedy)])


def _to_correct(row: Certificate, number: int | None) -> CertificateEvent:
    event = next((each for each in standing_events(row) if each.ledger_number == number), None)
    if event is not None and event.kind == Kind.RENEW:
        following = row.replaced_by.filter(is_annulled=False).values_list("number", flat=True).first() or ""
        message = _("“%(event)s”随新证书登记，不能单独更正") % {"event": name_of(Kind.RENEW)}
        remedy = _("请对新证书 %(number)s 办理“录入错误”，本证书即恢复原状") % {"number": following}
        raise NotPossible([Refusal("renewed", message, field="corrects", remedy=remedy)])
    if event is None:
        message = _("该证书没有台账号为“%(number)s”、可以更正的事项") % {"number": number or ""}
        listed = [f"{each.ledger_number} {each.on} {each.get_kind_display()}" for each in correctable(row)]
        remedy = _("可以更正的事项：%(events)s") % {"events": _("、").join(listed) or _("（无）")}
        raise Refused([Refusal("event_unknown", message, field="corrects", remedy=remedy)])
    _check_rest(row, event)
    return event


def _check_rest(row: Certificate, without: CertificateEvent) -> None:
    """What was recorded later must be possible without the event, else that is to be corrected first."""
    rest = [event for event in standing_events(row) if event.pk != without.pk]
    later = first_impossible(issue_of(row), [as_happened(event) for event in rest], all_terms())
    if later is None:
        return
    told = {"event": without.get_kind_display(), "later": name_of(later.kind), "day": later.on}
    message = _("更正“%(event)s”后，%(day)s 的“%(later)s”就无从发生") % told
    remedy = _("请先更正 %(day)s 的“%(later)s”，再更正本事项，然后照实重新登记") % told
    raise NotPossible([Refusal("later_event", message, field="corrects", remedy=remedy)])


def _stands_again(row: Certificate, act: Act) -> None:
    """The certificate whose follower never was: its superseding falls away."""
    renewal = next((event for event in standing_events(row) if event.kind == Kind.RENEW), None)
    if renewal is not None:
        _fallen_away(row, renewal, act)


def _fallen_away(row: Certificate, event: CertificateEvent, act: Act) -> CertificateEvent:
    made = write(row, Kind.CORRECT, act, corrects=event)
    CertificateEvent.objects.filter(pk=event.pk).update(is_corrected=True)
    ended = (EVENTS[Kind(event.kind)].ends, event.on)
    if (row.achievement.ended_reason, row.achievement.ended_on) == ended:
        _unend(row, act)
    return made


def _unend(row: Certificate, act: Act) -> None:
    """The achievement goes on; if the certificate is over meanwhile, until the day after its last day."""
    if row.expires_on < timezone.localdate(act.at):
        ending = Ending(EndReason.EXPIRED, day_after(row.expires_on), act.reason)
        end_together(row.achievement, ending, actor=act.actor.as_actor(), at=act.at)
    else:
        reinstate(row.achievement, ground=act.reason, actor=act.actor.as_actor(), at=act.at)
