"""Keeping the table of holidays and moved working days (节假日与调休); a year of it is one fact of the ledger."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.rights import may_keep_calendar
from enterprises.services.rows import differing
from enterprises.services.trail import note_change
from ledger.contents import record_content
from ledger.verbs import Verb

from ..errors import NotAllowed, Refusal, refuse
from ..models import CalendarDay
from .clock import redate_limits

YEARS_AHEAD = 5  # a notice is published for the coming year


@transaction.atomic
def keep_day(row: CalendarDay, *, actor: Account, at: datetime) -> CalendarDay:
    """Write a day that differs from its weekday, and one ledger entry; limits that run are counted anew."""
    _check(actor)
    _check_day(row, at)
    fields = differing(row)
    row.save()
    redate_limits()
    _record(row, actor, at, works="yes" if row.is_working else "no", fields=fields)
    return row


@transaction.atomic
def drop_day(row: CalendarDay, *, actor: Account, at: datetime) -> None:
    """Take a day off the table: it is worked or not by its weekday again."""
    _check(actor)
    CalendarDay.objects.filter(pk=row.pk).delete()
    redate_limits()
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


def _check_day(row: CalendarDay, at: datetime) -> None:
    """A slip of the keyboard is no holiday."""
    earliest, latest = settings.EARLIEST_ACHIEVEMENT.year, timezone.localdate(at).year + YEARS_AHEAD
    if not earliest <= row.day.year <= latest:
        message = _("日期应在 %(earliest)s 年至 %(latest)s 年之间，请检查年份")
        raise refuse("day_implausible", message % {"earliest": earliest, "latest": latest}, field="day")


def _record(row: CalendarDay, actor: Account, at: datetime, *, works: str, fields: Sequence[str] = ()) -> None:
    def read() -> Any:
        return [_said(day) for day in CalendarDay.objects.filter(day__year=row.day.year).order_by("day")] or None

    codes = {"day": str(row.day), "works": works}
    subject = year_subject(row.day.year)
    entry = record_content(Verb.CALENDAR_CHANGED, subject, read, actor=actor.as_actor(), at=at, codes=codes)
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=fields, about=str(row.day))
