"""Priorities (优先标识): recorded, ended, corrected, annulled; which an enterprise has on a day.

High-tech status is a priority too, but lies in the register of high-tech certificates (HighTechPeriod), which figures
rest on; what an enterprise has on a day is told from both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise, HighTechPeriod
from ledger.canonical import commitment
from ledger.contents import content_digest
from ledger.record import record
from ledger.verbs import Verb

from ..errors import NotPossible, Refusal, Refused
from ..inputs.priority_stated import (
    KindRule,
    KnownKinds,
    StatedPriority,
    overlaps,
    wrong_with_end,
    wrong_with_priority,
)
from ..models import Priority, PriorityKind, PriorityPaper
from .input_facts import (
    Act,
    InputKind,
    Upload,
    annul,
    check_right,
    checked_ground,
    ended_fact,
    kept_once,
    locked,
    put_on_record,
    unannulled,
    with_paper,
)

HIGH_TECH = "high_tech"
CHAIN = "industry_chain"


def _codes(row: Priority) -> dict[str, Any]:
    days = {"from": str(row.valid_from), "until": str(row.valid_until or "")}
    return {"kind": row.kind_id, **days, "digest": content_digest([row.value, row.document])}


PRIORITY = InputKind(
    model=Priority,
    paper=PriorityPaper,
    subject="priority",
    recorded=Verb.PRIORITY_RECORDED,
    annulled=Verb.PRIORITY_ANNULLED,
    filed=Verb.PRIORITY_FILED,
    ended=Verb.PRIORITY_ENDED,
    key=lambda row: f"{row.kind_id}:{row.valid_from}",
    codes=_codes,
    words=lambda row: "",
)


@dataclass(frozen=True, slots=True)
class Held:
    """A priority that an enterprise has on a day. `until`: the last day as known (None: no end is set)."""

    kind: str
    value: str
    since: date
    until: date | None


def record_priority(enterprise: Enterprise, said: StatedPriority, act: Act, upload: Upload = None) -> Priority:
    """Record a priority, with its document. Raises NotAllowed, Refused (everything at once), Duplicate."""
    check_right(act.actor, enterprise)
    return kept_once(lambda: with_paper(PRIORITY, _recorded(enterprise, said, act, None), upload, act))


def correct_priority(row: Priority, said: StatedPriority, act: Act, upload: Upload = None) -> Priority:
    """What was recorded was wrong: annulled on a ground, and recorded anew, in one transaction."""

    def write() -> Priority:
        void = annul(PRIORITY, row, act)
        return with_paper(PRIORITY, _recorded(void.enterprise, said, act, void), upload, act)

    return kept_once(write)


def end_priority(fact: Priority, last_day: date | None, act: Act) -> Priority:
    """It ends before its time, on a ground. Raises NotAllowed, NotPossible, Refused."""
    check_right(act.actor, fact.enterprise)
    with transaction.atomic():
        row = unannulled(PRIORITY, fact)
        if row.ended_at is not None:
            message, remedy = _("该标识已终止"), _("刷新页面，查看最新状态")
            raise NotPossible([Refusal("ended_already", message, remedy=remedy)])
        today = timezone.localdate(act.at)
        if found := wrong_with_end(last_day, since=row.valid_from, until=row.valid_until, today=today):
            raise Refused(found)
        row.ended_on, row.ended_at, row.ended_by = last_day, act.at, act.actor
        row.ended_ground = checked_ground(act.ground)
        row.ended_salt = commitment(row.ended_ground)[0]
        row.ended_number = record(ended_fact(PRIORITY, row), actor=act.actor.as_actor(), at=act.at).number
        row.save(update_fields=["ended_on", "ended_ground", "ended_salt", "ended_at", "ended_by", "ended_number"])
        return row


def _recorded(enterprise: Enterprise, said: StatedPriority, act: Act, replaces: Priority | None) -> Priority:
    owner, known = locked(enterprise), kinds_known(on=timezone.localdate(act.at))
    if (found := wrong_with_priority(said, known)) or said.valid_from is None:
        raise Refused(found)
    rows = Priority.objects.filter(enterprise=owner, kind=said.kind, value=said.value, annulled_at__isnull=True)
    for row in rows:
        if overlaps((said.valid_from, said.valid_until), (row.valid_from, last_day_of(row))):
            message = _("与已登记的同一标识（自 %(day)s 起）期间重叠") % {"day": row.valid_from}
            remedy = _("请先终止原标识；登记有误的，请在原记录页面更正")
            raise Refused([Refusal("priority_overlaps", message, field="valid_from", remedy=remedy)])
    return put_on_record(PRIORITY, priority_of(owner, said, replaces), act)


def priority_of(owner: Enterprise, said: StatedPriority, replaces: Priority | None) -> Priority:
    """The row of a sound statement, not yet written."""
    plain = {name: getattr(said, name) for name in ("value", "valid_from", "valid_until", "document")}
    return Priority(enterprise=owner, kind_id=said.kind, replaces=replaces, **plain)


def last_day_of(row: Priority) -> date | None:
    """The last day of a priority as known; None: no end is set."""
    return min(filter(None, (row.valid_until, row.ended_on)), default=None)


def kinds_known(*, on: date) -> KnownKinds:
    """What a statement is held against on a day: the kinds in use."""
    rows = PriorityKind.objects.filter(is_active=True).order_by("code")
    return KnownKinds(
        on, settings.EARLIEST_ACHIEVEMENT, {row.pk: KindRule(row.needs_value, row.choices) for row in rows}
    )


def priorities_of(enterprises: Iterable[int], *, on: date) -> dict[int, list[Held]]:
    """What each of some enterprises (their keys) has on a day, high-tech status included; two questions for all."""
    keys = list(enterprises)
    found: dict[int, list[Held]] = {key: [] for key in keys}
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    lasting &= Q(ended_on__isnull=True) | Q(ended_on__gte=on)
    rows = Priority.objects.filter(lasting, enterprise__in=keys, annulled_at__isnull=True, valid_from__lte=on)
    for row in rows.order_by("kind", "value"):
        found[row.enterprise_id].append(Held(row.kind_id, row.value, row.valid_from, last_day_of(row)))
    for period in HighTechPeriod.objects.in_force(on=on).filter(enterprise__in=keys):
        held = Held(HIGH_TECH, period.certificate, period.valid_from, period.valid_to)
        found[period.enterprise_id].append(held)
    return found
