"""Naming the township of an enterprise whose place is known by its district only (补全所在乡镇（街道）).

This is no move: the dated place stays the same one and is said more precisely, within the same district and
unit, so that no figure of any day changes. A place in another district or unit is a move (relocate).
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.models import LedgerEntry
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..errors import Refused, refuse
from ..models import Account, Division, Enterprise, EnterpriseLocation
from ..models.place import DivisionLevel
from ..places import find_division, unit_of_division
from .amendments import Stamp, keep, locked, relocate

PLACE_VERBS = (Verb.ENTERPRISE_REGISTERED, Verb.ENTERPRISE_RELOCATED, Verb.ENTERPRISE_PLACE_COMPLETED)


@transaction.atomic
def state_place(
    enterprise: Enterprise,
    township: str,
    *,
    since: date | None,
    actor: Account,
    at: datetime,
    expected_version: int | None = None,
) -> Enterprise:
    """Say where the enterprise is: moved there since a day, or there all along where only the district is known.

    Without a day, or from the very day on which the incomplete place begins, the place is completed; any other
    day, district or unit is a move and raises what `relocate` raises.
    """
    row = locked(enterprise, actor=actor, expected_version=expected_version, official=True)
    today = timezone.localdate(at)
    current = _place(row)
    if since in (None, current.valid_from) and _completes(current, find_division(township, on=today), on=today):
        return complete_place(row, township, actor=actor, at=at)
    return relocate(row, township, since=since or today, actor=actor, at=at)


@transaction.atomic
def complete_place(enterprise: Enterprise, township: str, *, actor: Account, at: datetime) -> Enterprise:
    """Put the township in the place of its district; the entry supersedes the one that recorded the place."""
    row = locked(enterprise, actor=actor, official=True)
    today = timezone.localdate(at)
    current, division = _place(row), find_division(township, on=today)
    if not _completes(current, division, on=today):
        raise _no_completion(current, division)
    EnterpriseLocation.objects.filter(pk=current.pk).update(township=division)
    row.township, row.version = division, row.version + 1
    row.save(update_fields=["township", "version"])
    number = _recorded(row, current, actor=actor, at=at)
    keep(row, "township", current.township.name, division.name, Stamp(actor, at, number))
    return row


def is_incomplete(enterprise: Enterprise) -> bool:
    """Whether the enterprise's place is known by its district only."""
    return enterprise.township.level == DivisionLevel.DISTRICT


def _place(row: Enterprise) -> EnterpriseLocation:
    return EnterpriseLocation.objects.select_related("township").get(enterprise=row, valid_to__isnull=True)


def _completes(current: EnterpriseLocation, division: Division, *, on: date) -> bool:
    within = division.parent_id == current.township_id
    return within and unit_of_division(division, on=on).pk == current.reporting_unit_id


def _no_completion(current: EnterpriseLocation, division: Division) -> Refused:
    if current.township.level != DivisionLevel.DISTRICT:
        return refuse("place_complete", _("所在乡镇（街道）已经填明，无需补全"), field="township")
    message = _("“%(place)s”不在现记录的“%(district)s”之内，或不由同一统计单元报送")
    return refuse(
        "place_elsewhere",
        message % {"place": division.name, "district": current.township.name},
        field="township",
        remedy=_("请按变更所在地办理，并填写迁入日期"),
    )


def _recorded(row: Enterprise, current: EnterpriseLocation, *, actor: Account, at: datetime) -> int:
    earlier = LedgerEntry.objects.filter(enterprise=row.uscc, verb__in=PLACE_VERBS).order_by("-number")
    payload = {
        "since": str(current.valid_from),
        "township": row.township_id,
        "reporting_unit": current.reporting_unit_id,
    }
    fact = Fact(
        Verb.ENTERPRISE_PLACE_COMPLETED,
        f"enterprise:{row.uscc}",
        payload,
        enterprise=row.uscc,
        supersedes=earlier.values_list("number", flat=True).first(),
    )
    return record(fact, actor=actor.as_actor(), at=at).number
