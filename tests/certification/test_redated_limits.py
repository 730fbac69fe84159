"""A day that the calendar gains or loses moves the limits that are running, and no others."""

from datetime import date, timedelta

import pytest

from certification.models import Application, ApplicationStep, CalendarDay
from certification.services.calendar_days import drop_day, keep_day
from certification.services.passage import Remark
from enterprises.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


def due_days(row: Application) -> tuple[date | None, date | None]:
    """Of the application and of its open step."""
    steps = ApplicationStep.objects.filter(application=row, closed_at=None)
    return Application.objects.get(pk=row.pk).due_on, steps.values_list("due_on", flat=True).first()


def holiday(day: date) -> CalendarDay:
    return CalendarDay(day=day, is_working=False, name="临时放假", source="通知")


def next_weekday(day: date) -> date:
    while (day := day + timedelta(days=1)).weekday() > 4:
        pass
    return day


def test_a_holiday_declared_later_moves_running_limits_and_taking_it_off_moves_them_back():
    city, qiye = make.account(Role.CITY_REVIEWER), make.applicant()
    running = make.step(make.filled(qiye), "submit", qiye)
    before, of_step = due_days(running)
    assert before is not None
    assert before == of_step
    keep_day(holiday(before), actor=city, at=make.NOW)
    assert due_days(running) == (next_weekday(before), next_weekday(before))
    drop_day(CalendarDay.objects.get(pk=before), actor=city, at=make.NOW)
    assert due_days(running) == (before, before)


def test_a_limit_that_stands_or_is_over_stays():
    city, qiye, other = make.account(Role.CITY_REVIEWER), make.applicant(), make.applicant()
    staff = make.reviewers()
    returned = make.step(make.filled(qiye), "submit", qiye)
    day = due_days(returned)[0]
    assert day is not None
    returned = make.step(returned, "return", staff["township"], remark=Remark("材料不清"))
    approved = make.approved(other, staff)
    closed = ApplicationStep.objects.filter(application=approved).order_by("pk").values_list("due_on")
    kept = list(closed)
    keep_day(holiday(day), actor=city, at=make.NOW)
    assert due_days(returned) == (None, None)
    assert list(closed) == kept


def test_what_was_used_before_a_return_still_counts():
    city, qiye, staff = make.account(Role.CITY_REVIEWER), make.applicant(), make.reviewers()
    row = make.step(make.filled(qiye), "submit", qiye)
    row = make.step(row, "accept", staff["township"])
    step = ApplicationStep.objects.get(application=row, closed_at=None)
    ApplicationStep.objects.filter(pk=step.pk).update(used_days=2)
    limit = row.rule.route.get(level=row.level).decide_days
    keep_day(holiday(next_weekday(make.NOW.date())), actor=city, at=make.NOW)
    due, _ = due_days(row)
    assert due is not None
    assert step.clock_from is not None
    worked, day = 0, step.clock_from
    off = set(CalendarDay.objects.filter(is_working=False).values_list("day", flat=True))
    on = set(CalendarDay.objects.filter(is_working=True).values_list("day", flat=True))
    while day < due:
        day += timedelta(days=1)
        worked += day in on or (day.weekday() < 5 and day not in off)
    assert worked == limit - 2
