"""The working-day calendar as the database holds it."""

from datetime import date

from ledger.prepared import Given, Prepared, Question, ask

from ..models import CalendarDay
from ..workdays import WorkCalendar

_EXCEPTIONS = Prepared(
    lambda: (
        CalendarDay.objects.filter(day__gt=Given("after"), day__lte=Given("until"))
        .order_by()
        .values_list("day", "is_working")
    )
)


def days_after(day: date, working_days: int) -> date:
    """The day `working_days` working days after a day."""
    return ask(calendar(after=day, until=date.max)).plus(day, working_days)


def days_between(start: date, end: date) -> int:
    """Working days after a day up to and including another."""
    return ask(calendar(after=start, until=end)).between(start, end) if start < end else 0


def calendar(*, after: date, until: date) -> Question[WorkCalendar]:
    """What is known of the days after a day, up to and including another."""
    return Question([_EXCEPTIONS.given(after=after, until=until)], lambda found: WorkCalendar(dict(found[0])))


def years_without_notice(*, on: date, until: date) -> list[int]:
    """The years from a day to another whose 调休 notice is not in the table: limits there count plain weekdays."""
    noticed = CalendarDay.objects.filter(day__year__gte=on.year, day__year__lte=until.year, is_working=True)
    known = set(noticed.values_list("day__year", flat=True))
    return [year for year in range(on.year, until.year + 1) if year not in known]
