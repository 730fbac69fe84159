"""Keeping the table of holidays and moved working days (节假日与调休); a year of it is one fact of the ledger."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Account
from enterprises.rights import may_keep_calendar
from ledger.contents import record_content
from ledger.verbs import Verb

from ..errors import NotAllowed, Refusal
from ..models import CalendarDay


@transaction.atomic
def keep_day(row: CalendarDay, *, actor: Account, at: datetime) -> CalendarDay:
    """Write a day that differs from its weekday, and one ledger entry."""
    _check(actor)
    row.save()
    _record(row, actor, at, works="yes" if row.is_working else "no")
    return row


@transaction.atomic
def drop_day(row: CalendarDay, *, actor: Account, at: datetime) -> None:
    """Take a day off the table: it is worked or not by its weekday again."""
    _check(actor)
    CalendarDay.objects.filter(pk=row.pk).delete()
    _record(row, actor, at, works="by weekday")


def year_subject(year: int) -> str:
    """Under what name the ledger speaks of a year of the calendar."""
    return f"calendar:{year}"


def calendar_contents() -> dict[str, Any]:
    """What each year of the table says, by its subject."""
    contents: dict[str, Any] = {}
    for row in CalendarDay.objects.order_by("day"):
        contents.setdefault(year_subject(row.day.year), []).append(_said(row))
    return contents


def _said(row: CalendarDay) -> list[Any]:
    return [str(row.day), row.is_working, row.name, row.source]


def _check(actor: Account) -> None:
    if not may_keep_calendar(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更节假日与调休"))])


def _record(row: CalendarDay, actor: Account, at: datetime, *, works: str) -> None:
    def read() -> Any:
        return [_said(day) for day in CalendarDay.objects.filter(day__year=row.day.year).order_by("day")] or None

    codes = {"day": str(row.day), "works": works}
    record_content(Verb.CALENDAR_CHANGED, year_subject(row.day.year), read, actor=actor.as_actor(), at=at, codes=codes)
