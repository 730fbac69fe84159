"""High-tech enterprise status (高新技术企业资格): granted for a period, or ended before it is over."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ledger.verbs import Verb

from ..errors import NotPossible, Refusal, Refused
from ..identifiers import is_high_tech_certificate
from ..limits import EARLIEST
from ..models import Account, Enterprise, HighTechPeriod
from .amendments import Stamp, keep, locked, recorded


@transaction.atomic
def grant_high_tech(
    enterprise: Enterprise,
    *,
    certificate: str,
    valid_from: date,
    valid_to: date,
    actor: Account,
    at: datetime,
) -> HighTechPeriod:
    """Register a high-tech certificate and its days; periods of one enterprise do not overlap."""
    row = locked(enterprise, actor=actor, official=True)
    refusals = _period_refusals(row, certificate, valid_from, valid_to)
    if refusals:
        raise Refused(refusals)
    period = HighTechPeriod.objects.create(
        enterprise=row, certificate=certificate, valid_from=valid_from, valid_to=valid_to
    )
    payload = {"certificate": certificate, "from": str(valid_from), "to": str(valid_to)}
    number = recorded(Verb.HIGH_TECH_GRANTED, row, payload, actor=actor, at=at)
    keep(row, "high_tech", "", f"{certificate} {valid_from}–{valid_to}", Stamp(actor, at, number))
    return period


@transaction.atomic
def end_high_tech(period: HighTechPeriod, *, last_day: date, reason: str, actor: Account, at: datetime) -> None:
    """End a period early (资格取消); achievements keep the status of their own day."""
    row = locked(period.enterprise, actor=actor, official=True)
    period = HighTechPeriod.objects.select_for_update().get(pk=period.pk)
    found = []
    if not reason.strip():
        found.append(Refusal("reason_missing", _("请写明取消资格的依据"), field="reason"))
    if last_day < period.valid_from:
        message = _("截止日早于资格起始日 %(day)s") % {"day": period.valid_from}
        found.append(Refusal("end_before_start", message, field="last_day"))
    if found:
        raise Refused(found)
    if period.valid_to is not None and last_day >= period.valid_to:
        message = _("该资格本已于 %(day)s 届满") % {"day": period.valid_to}
        raise NotPossible([Refusal("ends_already", message, field="last_day")])
    before = str(period.valid_to or "")
    HighTechPeriod.objects.filter(pk=period.pk).update(valid_to=last_day)
    payload = {"certificate": period.certificate, "from": str(period.valid_from), "to": str(last_day)}
    number = recorded(Verb.HIGH_TECH_ENDED, row, payload, actor=actor, at=at)
    keep(row, "high_tech", before, f"{last_day} {reason.strip()}"[:200], Stamp(actor, at, number))


def _period_refusals(row: Enterprise, certificate: str, valid_from: date, valid_to: date) -> list[Refusal]:
    found = []
    if certificate and not is_high_tech_certificate(certificate):
        message = _("证书编号“%(number)s”格式不符") % {"number": certificate}
        remedy = _("江苏省证书形如 GR202232001234")
        found.append(Refusal("certificate_form", message, field="certificate", remedy=remedy))
    if valid_from < EARLIEST:
        message = _("起始日 %(day)s 早于 %(earliest)s") % {"day": valid_from, "earliest": EARLIEST}
        found.append(Refusal("period_too_early", message, field="valid_from"))
    if valid_to < valid_from:
        found.append(Refusal("period_turned", _("截止日早于起始日"), field="valid_to"))
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from)
    if HighTechPeriod.objects.filter(lasting, enterprise=row, valid_from__lte=valid_to).exists():
        found.append(Refusal("period_overlaps", _("与已登记的高新技术企业资格期间重叠"), field="valid_from"))
    return found
