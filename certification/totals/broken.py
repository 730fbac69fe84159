"""Stored totals, spans and checkpoint that no recount could even read, and what is done about them.

SQLite lets SQL put any value into any column. What is derived is thrown away and derived anew; a fact that cannot be
read is only named, since nothing but its entry in the ledger says what it was.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from enterprises.models import EnterpriseLocation, HighTechPeriod
from ledger.models import LedgerHead
from ledger.unreadable import Unreadable, unreadable

from ..models import Achievement, DayTotal, Indicator, IndicatorVersion, Span, Total, TotalsCheckpoint

SMALL = (TotalsCheckpoint, Total)
DERIVED = (*SMALL, DayTotal, Span)
FACTS = (Indicator, IndicatorVersion, Achievement, HighTechPeriod, EnterpriseLocation)
NAMED = 20


def small_faults() -> list[str]:
    """What is wrong with checkpoint and totals, which are few enough to be looked at before each recount."""
    return [*_named(SMALL), *_ahead()][:NAMED]


def faults() -> list[str]:
    """What cannot be read of all that a recount reads."""
    return [*_named(DERIVED), *_named(FACTS), *_ahead()][:NAMED]


def fact_faults() -> list[str]:
    """The facts that cannot be read: nothing may be repaired by them."""
    return list(_named(FACTS))[:NAMED]


def clear() -> None:
    """Take away what is derived and cannot be read, and set a checkpoint that is of no use back to the beginning."""
    if any(unreadable(TotalsCheckpoint)) or _ahead():
        TotalsCheckpoint.objects.update(number=0, definition="", folded_at=None, recounted_at=None)
    for model in (Total, DayTotal, Span):
        while rows := {found.row for found in unreadable(model)}:
            _drop(model, rows)


def _drop(model: Any, rows: set[str]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [(int(row),) for row in sorted(rows)])


def _named(models: tuple[Any, ...]) -> Iterator[str]:
    for model in models:
        name = model._meta.verbose_name
        yield from (_("%(table)s%(found)s") % {"table": name, "found": found} for found in _first(model))


def _first(model: Any) -> list[Unreadable]:
    return list(unreadable(model))[:NAMED]


def _ahead() -> list[str]:
    """A checkpoint beyond the ledger's end would leave out all that is yet to come."""
    if any(unreadable(TotalsCheckpoint)):
        return []
    head = LedgerHead.objects.values_list("number", flat=True).get(pk=1)
    numbers = TotalsCheckpoint.objects.filter(number__gt=head).values_list("number", flat=True)
    words = _("汇总进度 %(number)s 超过台账末号 %(head)s")
    return [words % {"number": number, "head": head} for number in numbers]
