"""What the inputs of eligibility add to the timeline of an enterprise."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise

from ..models import CreditCheck, Priority, YearFigures
from ..wording import named


class InputEvent(NamedTuple):
    """A day, what happened, more of it, and the number of its entry."""

    on: date
    title: str
    detail: str
    number: int


def events_of(enterprise: Enterprise) -> Iterator[InputEvent]:
    """What was recorded, and what was annulled since."""
    yield from _checks(enterprise)
    yield from _priorities(enterprise)
    for row in YearFigures.objects.filter(enterprise=enterprise):
        told = {"year": row.year, "version": row.version}
        title = _("填报 %(year)s 年度数据（第 %(version)s 版）") % told
        yield InputEvent(timezone.localdate(row.stated_at), title, row.why, row.ledger_number)


def _checks(enterprise: Enterprise) -> Iterator[InputEvent]:
    for row in CreditCheck.objects.filter(enterprise=enterprise).select_related("source"):
        told = {"source": named(row.source), "result": row.get_result_display()}
        yield InputEvent(row.checked_on, _("信用核查（%(source)s）：%(result)s") % told, row.ground, row.ledger_number)
        yield from _annulment(row, _("注销误记的信用核查"))


def _priorities(enterprise: Enterprise) -> Iterator[InputEvent]:
    for row in Priority.objects.filter(enterprise=enterprise).select_related("kind"):
        name, detail = named(row.kind), " · ".join(filter(None, [row.value, row.document]))
        yield InputEvent(row.valid_from, _("优先标识：%(kind)s") % {"kind": name}, detail, row.ledger_number)
        if row.ended_on and row.ended_number:
            title = _("优先标识终止：%(kind)s") % {"kind": name}
            yield InputEvent(row.ended_on, title, row.ended_ground, row.ended_number)
        yield from _annulment(row, _("注销误记的优先标识"))


def _annulment(row: CreditCheck | Priority, title: str) -> Iterator[InputEvent]:
    if row.annulled_at and row.annulled_number:
        yield InputEvent(timezone.localdate(row.annulled_at), title, row.annulled_ground, row.annulled_number)
