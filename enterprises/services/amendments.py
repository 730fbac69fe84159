"""Changing an enterprise's file: every change keeps its before and after, its day and its ledger entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ledger.record import Fact, record
from ledger.verbs import Verb

from ..errors import NotAllowed, Refusal, Refused, Stale, refuse
from ..identifiers import clean_name
from ..limits import as_kept, established_in_future, unknown_tier, value_refusals
from ..models import (
    Account,
    Enterprise,
    EnterpriseChange,
    EnterpriseLocation,
    EnterpriseName,
    InnovationTier,
)
from ..origin import origin
from ..places import find_division, unit_of_division
from ..rights import may_edit_enterprise, may_state_official
from ..search import index, search_text

PLAIN_FIELDS = ("industry", "established_on", "has_rd_institution", "innovation_tier")
OFFICIAL_FIELDS = ("innovation_tier",)
PRIVATE_FIELDS = ("contact_name", "contact_phone")
MASK = gettext_noop("（已更新）")


def locked(
    enterprise: Enterprise, *, actor: Account, expected_version: int | None = None, official: bool = False
) -> Enterprise:
    """The enterprise's row, locked; raises NotAllowed or Stale. Call inside a transaction.

    `official`: the change is of a fact that only reviewers state.
    """
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if not may_edit_enterprise(actor, row):
        raise NotAllowed([Refusal("not_allowed", _("您的账户不能修改该企业的档案"))])
    if official and not may_state_official(actor, row):
        message = _("名称、所在地、高新技术企业资格和十百千由审核部门登记，请联系所在乡镇（街道）")
        raise NotAllowed([Refusal("official_fact", message)])
    if expected_version is not None and row.version != expected_version:
        message = _("该企业档案刚被他人修改，请刷新后再改")
        raise Stale([Refusal("stale", message, remedy=_("刷新页面，核对后重新提交"))])
    return row


@transaction.atomic
def amend(
    enterprise: Enterprise,
    changes: Mapping[str, Any],
    *,
    actor: Account,
    at: datetime,
    expected_version: int | None = None,
) -> Enterprise:
    """Change plain and contact fields; unknown fields are refused, unchanged ones are not recorded."""
    official = any(key in changes and changes[key] != getattr(enterprise, key) for key in OFFICIAL_FIELDS)
    row = locked(enterprise, actor=actor, expected_version=expected_version, official=official)
    changed = _changed(row, changes)
    refusals = _field_refusals(changed, timezone.localdate(at))
    if refusals:
        raise Refused(refusals)
    if not changed:
        return row
    before = {key: getattr(row, key) for key in changed}
    for key, value in changed.items():
        setattr(row, key, value)
    _save(row, *changed)
    payload = {key: MASK if key in PRIVATE_FIELDS else _code(value) for key, value in changed.items()}
    number = recorded(Verb.ENTERPRISE_AMENDED, row, payload, actor=actor, at=at)
    stamp = Stamp(actor, at, number)
    for key, value in changed.items():
        private = key in PRIVATE_FIELDS
        keep(row, key, "" if private else before[key], MASK if private else value, stamp)
    return row


@transaction.atomic
def rename(
    enterprise: Enterprise,
    name: str,
    *,
    since: date,
    actor: Account,
    at: datetime,
    expected_version: int | None = None,
) -> Enterprise:
    """Give the enterprise a new name from a day on; the old one stays findable."""
    row = locked(enterprise, actor=actor, expected_version=expected_version, official=True)
    new = clean_name(name)
    current = EnterpriseName.objects.get(enterprise=row, valid_to__isnull=True)
    if len(new) < 2 or new == current.name:
        raise refuse("name_unchanged", _("新名称不能为空，也不能与现名相同"), field="name")
    if too_long := value_refusals({"name": new}):
        raise Refused(too_long)
    _check_since(since, current.valid_from, timezone.localdate(at))
    EnterpriseName.objects.filter(pk=current.pk).update(valid_to=since - timedelta(days=1))
    EnterpriseName.objects.create(enterprise=row, name=new, valid_from=since)
    row.name = new
    _save(row, "name")
    names = EnterpriseName.objects.filter(enterprise=row).order_by("-valid_from").values_list("name", flat=True)
    index([(row.pk, search_text(uscc=row.uscc, names=names))])
    number = recorded(Verb.ENTERPRISE_RENAMED, row, {"since": str(since)}, actor=actor, at=at)
    keep(row, "name", current.name, new, Stamp(actor, at, number))
    return row


@transaction.atomic
def relocate(
    enterprise: Enterprise,
    township: str,
    *,
    since: date,
    actor: Account,
    at: datetime,
    expected_version: int | None = None,
) -> Enterprise:
    """Move the enterprise to another division from a day on; achievements stay where they were made."""
    row = locked(enterprise, actor=actor, expected_version=expected_version, official=True)
    division = find_division(township, on=since)
    unit = unit_of_division(division, on=since)
    current = EnterpriseLocation.objects.select_related("township").get(enterprise=row, valid_to__isnull=True)
    if division.pk == current.township_id:
        raise refuse("place_unchanged", _("新区划与现区划相同"), field="township")
    _check_since(since, current.valid_from, timezone.localdate(at))
    EnterpriseLocation.objects.filter(pk=current.pk).update(valid_to=since - timedelta(days=1))
    EnterpriseLocation.objects.create(enterprise=row, township=division, reporting_unit=unit, valid_from=since)
    row.township, row.reporting_unit = division, unit
    _save(row, "township", "reporting_unit")
    payload = {"since": str(since), "township": division.code, "reporting_unit": unit.code}
    number = recorded(Verb.ENTERPRISE_RELOCATED, row, payload, actor=actor, at=at)
    keep(row, "township", current.township.name, division.name, Stamp(actor, at, number))
    return row


def _changed(row: Enterprise, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What says something else than the row, as it is kept; unknown fields stay among them, to be refused."""
    known = {key for key in changes if key in PLAIN_FIELDS + PRIVATE_FIELDS}
    sent = {key: value for key, value in changes.items() if key not in known or getattr(row, key) != value}
    return {key: value for key, value in as_kept(sent).items() if key not in known or getattr(row, key) != value}


def _field_refusals(changes: Mapping[str, Any], today: date) -> list[Refusal]:
    found = [
        Refusal("unknown_field", _("字段“%(field)s”不能这样修改") % {"field": key}, field=key)
        for key in changes
        if key not in PLAIN_FIELDS + PRIVATE_FIELDS
    ]
    found.extend(value_refusals({key: value for key, value in changes.items() if key in PLAIN_FIELDS + PRIVATE_FIELDS}))
    tier = changes.get("innovation_tier", InnovationTier.NONE)
    if tier not in InnovationTier.values:
        found.append(unknown_tier(tier))
    established = changes.get("established_on")
    if established and established > today:
        found.append(established_in_future(established))
    return found


def _check_since(since: date, current_from: date, today: date) -> None:
    if since > today:
        raise refuse("since_in_future", _("起始日 %(day)s 晚于今天") % {"day": since}, field="since")
    if since <= current_from:
        message = _("起始日须晚于现记录的起始日 %(day)s") % {"day": current_from}
        raise refuse("since_too_early", message, field="since")


def _code(value: Any) -> Any:
    return value if isinstance(value, bool | int) or value is None else str(value)


def _save(row: Enterprise, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def recorded(verb: Verb, row: Enterprise, payload: dict[str, Any], *, actor: Account, at: datetime) -> int:
    fact = Fact(verb, f"enterprise:{row.uscc}", payload, enterprise=row.uscc)
    return record(fact, actor=actor.as_actor(), at=at).number


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who changed something, when, and under which ledger number."""

    actor: Account
    at: datetime
    number: int


def keep(row: Enterprise, field: str, before: Any, after: Any, stamp: Stamp) -> None:
    whence = origin()
    EnterpriseChange.objects.create(
        enterprise=row,
        at=stamp.at,
        actor=stamp.actor,
        field=field,
        before="" if before is None else str(before),
        after="" if after is None else str(after),
        ledger_number=stamp.number,
        channel=whence.channel.value,
        address=whence.address,
    )
