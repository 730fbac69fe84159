"""Keeping the table of divisions (区划) and through which unit each one reports when."""

import itertools
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ledger.contents import record_content
from ledger.verbs import Verb

from ..errors import NotAllowed, Refusal, Refused
from ..models import Account, Division, DivisionUnit, EventKind
from ..rights import may_keep_places
from .rows import Rows, differing
from .trail import note_change

NO_ROWS = Rows()


@transaction.atomic
def keep_division(division: Division, *, units: Rows = NO_ROWS, actor: Account, at: datetime) -> Division:
    """Write a division with its days and the periods of its units, and one ledger entry.

    Raises NotAllowed, Refused (days or periods that contradict each other).
    """
    if not may_keep_places(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更区划和所属统计单元"))])
    if turned := _turned(division, units):
        raise Refused(turned)
    fields = [*differing(division), *units.differing()]
    division.save()
    units.write(division=division)
    if overlaps := _overlaps(division):
        raise Refused(overlaps)
    entry = record_content(
        Verb.DIVISION_CHANGED,
        subject_of(division.pk),
        lambda: division_contents(division.pk)[subject_of(division.pk)],
        actor=actor.as_actor(),
        at=at,
    )
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=fields)
    return division


def subject_of(code: str) -> str:
    """Under what name the ledger speaks of a division."""
    return f"division:{code}"


def division_contents(*codes: str) -> dict[str, Any]:
    """What each division says, by its subject: itself, its days, its units with their days; of all without codes."""
    rows = Division.objects.prefetch_related("unit_periods").order_by("code")
    return {
        subject_of(row.pk): {
            "name": row.name,
            "level": row.level,
            "parent": row.parent_id,
            "from": _day(row.valid_from),
            "to": _day(row.valid_to),
            "units": sorted(
                [_day(period.valid_from), _day(period.valid_to), period.unit_id] for period in row.unit_periods.all()
            ),
        }
        for row in (rows.filter(pk__in=codes) if codes else rows)
    }


def _day(day: Any) -> str:
    return str(day or "")


def _turned(division: Division, units: Rows) -> list[Refusal]:
    """Days the wrong way round."""
    found = []
    if division.valid_from and division.valid_to and division.valid_to < division.valid_from:
        found.append(Refusal("division_turned", _("截止日早于起始日"), field="valid_to"))
    periods = [row for row in units.kept if isinstance(row, DivisionUnit)]
    if any(period.valid_to and period.valid_to < period.valid_from for period in periods):
        found.append(Refusal("unit_turned", _("所属统计单元的截止日早于起始日")))
    return found


def _overlaps(division: Division) -> list[Refusal]:
    """A division reports through one unit at a time."""
    periods = list(DivisionUnit.objects.filter(division=division).order_by("valid_from"))
    message = _("所属统计单元的期间重叠：前一段须在 %(day)s 之前截止")
    return [
        Refusal("units_overlap", message % {"day": later.valid_from})
        for earlier, later in itertools.pairwise(periods)
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from
    ]
