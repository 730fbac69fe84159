"""Revising an indicator (指标修订): a new version with its day; earlier versions stay as they were."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.rights import may_manage_plan
from enterprises.services.trail import note_change
from ledger.contents import record_content
from ledger.verbs import Verb

from ..errors import NotAllowed, NotPossible, Refusal, Refused
from ..models import Indicator, IndicatorVersion
from ..models.plan import Comparator, ComputedFrom, Reading
from .jobs import queue_job
from .plan_contents import indicator_content, indicator_subject

REVISABLE = (
    "category",
    "name",
    "name_en",
    "kind",
    "comparator",
    "target",
    "target_max",
    "unit",
    "passage",
    "in_headline_table",
    "computed_from",
    "reading",
    "stage",
    "high_tech_only",
    "opening",
    "opening_on",
    "opening_source",
    "reporter",
    "note",
)
# A change in one of these changes what is counted.
COUNTING = ("computed_from", "reading", "stage", "high_tech_only", "opening_on")


@transaction.atomic
def revise_indicator(
    indicator: Indicator, changes: Mapping[str, Any], *, in_force_from: date, actor: Account, at: datetime
) -> IndicatorVersion:
    """Write the next version of an indicator; the ledger keeps target and opening balance.

    A change of what is counted queues a recount. Raises NotAllowed, NotPossible (closed plan, an earlier
    day than the current version's), Refused (values that contradict each other).
    """
    indicator = Indicator.objects.select_for_update().select_related("plan").get(pk=indicator.pk)
    new, values = checked_revision(indicator, changes, in_force_from=in_force_from, actor=actor, at=at)
    if not values:
        return new
    new.save(force_insert=True)
    _record(new, indicator, values, actor, at)
    if set(values) & set(COUNTING):
        queue_job("recount", owner=actor, at=at)
    return new


def checked_revision(
    indicator: Indicator, changes: Mapping[str, Any], *, in_force_from: date, actor: Account, at: datetime
) -> tuple[IndicatorVersion, dict[str, Any]]:
    """The unsaved next version and what differs in it (nothing: the current one); raises what forbids it."""
    if not may_manage_plan(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有规划管理员可以修订指标"))])
    current = IndicatorVersion.objects.filter(indicator=indicator).order_by("-version")[0]
    if indicator.plan.is_closed or in_force_from < current.in_force_from:
        message = _("规划已结束，或启用日早于现行版本")
        raise NotPossible([Refusal("revision_too_early", message, field="in_force_from")])
    values = {key: value for key, value in changes.items() if key in REVISABLE and getattr(current, key) != value}
    if not values:
        return current, values
    new = _next_version(current, values, in_force_from)
    refusals = _contradictions(new, timezone.localdate(at))
    if refusals:
        raise Refused(refusals)
    return new, values


def _next_version(current: IndicatorVersion, values: Mapping[str, Any], in_force_from: date) -> IndicatorVersion:
    columns = model_to_dict(current, exclude=["id", "indicator"])
    columns.update(values)
    columns.update(version=current.version + 1, in_force_from=in_force_from)
    return IndicatorVersion(indicator=current.indicator, **columns)


def _contradictions(new: IndicatorVersion, today: date) -> list[Refusal]:
    found = []
    if new.target <= 0:
        message = _("目标应大于 0，现为 %(target)s") % {"target": new.target}
        found.append(Refusal("target_not_positive", message, field="target"))
    if new.target_max is not None and new.target_max < new.target:
        message = _("目标上限 %(most)s 小于下限 %(least)s") % {"most": new.target_max, "least": new.target}
        found.append(Refusal("range_turned", message, field="target_max"))
    if (new.comparator == Comparator.RANGE) != (new.target_max is not None):
        message = _("区间目标须同时填写上限，其他比较方式不填上限")
        found.append(Refusal("range_incomplete", message, field="target_max"))
    if (new.opening is None) != (new.opening_on is None):
        found.append(Refusal("opening_incomplete", _("期初数与期初日须同时填写"), field="opening_on"))
    if new.opening is not None and not new.opening_source:
        found.append(Refusal("opening_without_source", _("请写明期初数的出处"), field="opening_source"))
    if new.opening_on and new.opening_on > today:
        message = _("期初日 %(day)s 晚于今天") % {"day": new.opening_on}
        found.append(Refusal("opening_in_future", message, field="opening_on"))
    if new.reading != Reading.NONE and (new.computed_from != ComputedFrom.REGISTRY or not new.stage):
        found.append(Refusal("reading_without_stage", _("由本系统计数的指标须指明计数阶段"), field="stage"))
    return found


def _record(
    new: IndicatorVersion, indicator: Indicator, values: Mapping[str, Any], actor: Account, at: datetime
) -> None:
    """One entry: what is another value now, and the digest of the indicator with all its versions."""
    payload = {
        "version": new.version,
        "from": str(new.in_force_from),
        **{key: _code(value) for key, value in sorted(values.items()) if key not in ("note", "opening_source")},
    }
    entry = record_content(
        Verb.OPENING_BALANCE_SET if {"opening", "opening_on"} & set(values) else Verb.TARGET_SET,
        indicator_subject(indicator.plan_id, indicator.code),
        lambda: indicator_content(indicator),
        actor=actor.as_actor(),
        at=at,
        codes=payload,
    )
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=sorted(values))


def _code(value: Any) -> Any:
    """A value as the ledger keeps it."""
    return str(value) if isinstance(value, Decimal | date) else value
