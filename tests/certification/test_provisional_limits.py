"""Time limits that reach into a year whose notice of moved days is missing are called provisional."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from certification.models import Application, CalendarDay, RouteStep
from certification.services.clock import provisional_years
from tests import factories as make
from tests.pages.visiting import visitor, words

pytestmark = pytest.mark.django_db
WARNING = "尚无 2027 年的调休安排"


def test_a_limit_that_could_begin_today_reaches_as_far_as_the_longest_promise():
    # A correction has 15 working days: from Thursday 10 December the last one is Thursday 31 December.
    assert provisional_years(on=date(2026, 12, 10)) == []
    assert provisional_years(on=date(2026, 12, 11)) == [2027]
    # Without such a limit it is the city, who decides within 10.
    RouteStep.objects.update(correction_days=None)
    assert provisional_years(on=date(2026, 12, 17)) == []
    assert provisional_years(on=date(2026, 12, 18)) == [2027]


def test_an_open_limit_counts_until_it_is_closed_and_the_notice_ends_the_warning():
    applicant = make.applicant()
    row = make.step(make.filled(applicant), "submit", applicant)
    Application.objects.filter(pk=row.pk).update(due_on=date(2027, 1, 4))
    assert provisional_years(on=date(2026, 11, 20)) == [2027]
    CalendarDay.objects.create(day=date(2027, 5, 8), is_working=True, name="劳动节调休")
    assert provisional_years(on=date(2026, 11, 20)) == []
    CalendarDay.objects.filter(day=date(2027, 5, 8)).delete()
    Application.objects.filter(pk=row.pk).update(status="withdrawn")
    assert provisional_years(on=date(2026, 11, 20)) == []


@pytest.mark.parametrize(("day", "warned"), [(10, False), (11, True)])
def test_reviewers_are_warned_and_the_city_is_led_to_the_table(day, warned):
    with time_machine.travel(datetime(2026, 12, day, 2, 0, tzinfo=UTC), tick=False):
        for level, reviewer in make.reviewers().items():
            answer = visitor(reviewer).get("/reviews/")
            assert (WARNING in words(answer)) is warned
            leads = "/admin/certification/calendarday/" in answer.content.decode()
            assert leads is (warned and level == "city")
