"""The working-day calendar as the database holds it."""

from datetime import date, timedelta

from ..models import CalendarDay
from ..workdays import WorkCalendar

LOOK_BACK = timedelta(days=800)


def work_calendar(*, around: date) -> WorkCalendar:
    """Exceptions from two years before a day on: enough for any open time limit."""
    rows = CalendarDay.objects.filter(day__gte=around - LOOK_BACK).values_list("day", "is_working")
    return WorkCalendar(dict(rows))


def years_without_notice(*, on: date) -> list[int]:
    """Years, this and the next, whose 调休 notice has not been loaded: their limits are provisional."""
    return [
        year
        for year in (on.year, on.year + 1)
        if not CalendarDay.objects.filter(day__year=year, is_working=True).exists()
    ]
