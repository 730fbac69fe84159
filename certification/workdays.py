"""Counting working days (工作日) over a table of exceptions, and whole months. Pure.

The exceptions (holidays, and weekend days worked in exchange 调休) come from the editable calendar table;
a day that is not in it is a working day from Monday to Friday.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """`exceptions[day]` says whether that day is worked, where it differs from its weekday."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def plus(self, day: date, working_days: int) -> date:
        """The day `working_days` working days after `day`; the day itself is not counted."""
        left = working_days
        while left > 0:
            day += ONE_DAY
            left -= self.is_working_day(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 if `end` is not later."""
        days = (end - start).days
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, days + 1))


def months_after(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(first: date, months: int) -> date:
    """The last day of so many months that begin on a day: from the 20th to the 19th, from 31 August to the end of
    February, since no 31st follows.
    """
    same = months_after(first, months)
    return same if same.day < first.day else same - timedelta(days=1)
