"""The working-day calendar as the database holds it."""

from datetime import date, timedelta

from ..models import CalendarDay
from ..workdays import WorkCalendar

LOOK_BACK = timedelta(days=800)


def work_calendar(*, around: date) -> WorkCalendar:
    """Exceptions from two years before a day on: enough for any open time limit."""
    rows = CalendarDay.objects.filter(day__gte=around - LOOK_BACK).values_list("day", "is_working")
    return WorkCalendar(dict(rows))


def years_without_notice(*, on: date, until: date) -> list[int]:
    """The years from a day to another whose 调休 notice is not in the table: limits there count plain weekdays."""
    noticed = CalendarDay.objects.filter(day__year__gte=on.year, day__year__lte=until.year, is_working=True)
    known = set(noticed.values_list("day__year", flat=True))
    return [year for year in range(on.year, until.year + 1) if year not in known]
