"""Which organisation advised which enterprise, and when (辅导关系): it may neither certify it nor judge it."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.limits import EARLIEST
from enterprises.models import Account, Enterprise
from enterprises.services.amendments import locked
from ledger.canonical import commitment
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..errors import NotPossible, Refusal, Refused
from ..models import Advising, Organisation

MAX_REASON = 200


def advisers_of(enterprise: Enterprise, on: date) -> "QuerySet[Organisation]":
    """The organisations that advised the enterprise on a day."""
    return Organisation.objects.filter(
        pk__in=Advising.objects.in_force(on=on).filter(enterprise=enterprise).values("organisation")
    )


def advisers_until(enterprise: Enterprise, on: date) -> "QuerySet[Organisation]":
    """The organisations that had advised the enterprise by a day, whether or not they still did."""
    begun = Advising.objects.filter(enterprise=enterprise, valid_from__lte=on)
    return Organisation.objects.filter(pk__in=begun.values("organisation"))


@transaction.atomic
def begin_advising(
    enterprise: Enterprise,
    organisation: Organisation | None,
    *,
    valid_from: date,
    valid_to: date | None = None,
    actor: Account,
    at: datetime,
) -> Advising:
    """Register that an organisation advises the enterprise; periods of one organisation do not overlap."""
    row = locked(enterprise, actor=actor, official=True)
    found = _faults(row, organisation, valid_from, valid_to, today=timezone.localdate(at))
    if found or organisation is None:
        raise Refused(found)
    advising = Advising(enterprise=row, organisation=organisation, valid_from=valid_from, valid_to=valid_to)
    payload = {"organisation": organisation.pk, "from": str(valid_from), "to": str(valid_to or "")}
    fact = Fact(Verb.ADVISING_BEGUN, subject_of(advising), payload, enterprise=row.uscc)
    advising.ledger_number = record(fact, actor=actor.as_actor(), at=at).number
    advising.save()
    return advising


@transaction.atomic
def end_advising(advising: Advising, *, last_day: date, reason: str, actor: Account, at: datetime) -> Advising:
    """The organisation advises the enterprise no longer; the days until then stay."""
    enterprise = locked(advising.enterprise, actor=actor, official=True)
    row = Advising.objects.select_for_update().get(pk=advising.pk)
    row.enterprise = enterprise
    _check_end(row, last_day, reason.strip(), today=timezone.localdate(at))
    row.valid_to, row.ended_reason = last_day, reason.strip()
    row.ended_salt, said = commitment(row.ended_reason)
    payload = {"to": str(last_day), "said": said}
    fact = Fact(Verb.ADVISING_ENDED, subject_of(row), payload, enterprise=enterprise.uscc, supersedes=row.ledger_number)
    record(fact, actor=actor.as_actor(), at=at)
    row.save(update_fields=["valid_to", "ended_reason", "ended_salt"])
    return row


def subject_of(row: Advising) -> str:
    """Under what name the ledger speaks of it."""
    return f"advising:{row.enterprise.uscc}:{row.organisation_id}:{row.valid_from}"


def _faults(
    row: Enterprise, organisation: Organisation | None, since: date, until: date | None, *, today: date
) -> list[Refusal]:
    found = []
    if organisation is None or not organisation.is_adviser:
        remedy = _("请从辅导机构名单中选择；名单由市局维护")
        found.append(Refusal("adviser_unknown", _("所选机构不是已登记的辅导机构"), field="organisation", remedy=remedy))
    if not EARLIEST <= since <= today:
        message = _("起始日 %(day)s 不在 %(earliest)s 至今天之间") % {"day": since, "earliest": EARLIEST}
        found.append(Refusal("advising_day", message, field="valid_from", remedy=_("请核对日期")))
    if until is not None and until < since:
        found.append(Refusal("period_turned", _("截止日早于起始日"), field="valid_to", remedy=_("请核对两个日期")))
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=since)
    same = Advising.objects.filter(lasting, enterprise=row, organisation=organisation)
    if (same.filter(valid_from__lte=until) if until else same).exists():
        message, remedy = _("与已登记的同一机构的辅导期间重叠"), _("请先结束已登记的辅导关系")
        found.append(Refusal("advising_overlaps", message, field="valid_from", remedy=remedy))
    return found


def _check_end(row: Advising, last_day: date, reason: str, *, today: date) -> None:
    if row.valid_to is not None and row.valid_to <= today:
        message = _("该辅导关系本已于 %(day)s 结束") % {"day": row.valid_to}
        raise NotPossible([Refusal("ends_already", message, field="last_day")])
    found = []
    if not reason:
        found.append(Refusal("reason_missing", _("请写明结束的原因"), field="reason"))
    if len(reason) > MAX_REASON:
        said = {"limit": MAX_REASON, "count": len(reason)}
        message = _("原因最多 %(limit)s 字，现 %(count)s 字") % said
        found.append(Refusal("reason_too_long", message, field="reason"))
    if not row.valid_from <= last_day <= today:
        message = _("截止日 %(day)s 不在起始日 %(since)s 至今天之间") % {"day": last_day, "since": row.valid_from}
        found.append(Refusal("end_day", message, field="last_day", remedy=_("请核对日期")))
    if found:
        raise Refused(found)
