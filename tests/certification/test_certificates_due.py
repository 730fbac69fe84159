"""What of the certificates is due within so many days: a surveillance or the expiry, told by the database and by hand
alike; and until when an older edition is to be converted.
"""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.certificates import (
    FILTERS,
    Attention,
    certificates_matching,
    matching_with_counts,
    next_due,
    shown_on,
)
from certification.models import Certificate, EditionTerms
from certification.services.certificate_events import Act, happen
from enterprises.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
NOTHING = dict.fromkeys((param.name for param in FILTERS), "")
OLD = {"edition": "GB/T 29490-2013", "applied_on": "2024-10-01", "issued_on": "2025-02-01", "expires_on": "2028-01-31"}
DAY = timedelta(days=1)


@pytest.fixture
def city():
    return make.account(Role.CITY_REVIEWER)


def numbers(account, day, **asked):
    rows = certificates_matching(account, {**NOTHING, **asked}, on=day)
    return set(rows.values_list("number", flat=True))


def due_counts(account, asked, on):
    rows, counts = matching_with_counts(account, asked, on=on)
    assert set(rows) == set(certificates_matching(account, asked, on=on))
    return counts


def test_a_surveillance_and_an_expiry_come_within_reach_day_by_day(city):
    row = make.certificate()  # issued 2025-01-10, expires 2028-01-09
    for due in (date(2026, 1, 10), date(2028, 1, 9)):
        for left, is_found in ((31, False), (30, True), (1, True), (0, True), (-1, False)):
            assert (numbers(city, due - left * DAY, due_within=30) == {row.number}) is is_found, (due, left)


def test_what_happened_moves_the_day_and_what_is_over_has_none(city):
    row = make.certificate()
    happen(row, "surveillance", Act(date(2025, 12, 20), "监督审核报告", city, make.NOW))
    assert numbers(city, date(2026, 1, 1), due_within=30) == set()
    assert numbers(city, date(2026, 12, 1), due_within=30) == {row.number}
    happen(row, "withdraw", Act(date(2026, 11, 1), "撤销通知", city, make.NOW))
    assert numbers(city, date(2026, 12, 1), due_within=30) == set()
    assert numbers(city, date(2026, 10, 31), due_within=60) == {row.number}


def test_the_counts_are_those_of_the_lists_they_open_and_follow_the_other_filters(city):
    first, second = make.certificate(), make.certificate(issued_on="2025-02-15", expires_on="2028-02-14")
    day = date(2025, 12, 20)  # 21 and 57 days before
    assert due_counts(city, NOTHING, on=day) == [(90, 2), (30, 1), (7, 0)]
    for notice, count in due_counts(city, NOTHING, on=day):
        assert len(numbers(city, day, due_within=notice)) == count
    only = {**NOTHING, "enterprise": second.enterprise.uscc, "due_within": 7}
    assert due_counts(city, only, on=day) == [(90, 1), (30, 0), (7, 0)]
    stranger = make.applicant()
    assert due_counts(stranger, NOTHING, on=day) == [(90, 0), (30, 0), (7, 0)]
    assert first.number in numbers(city, day, due_within=30, standing="valid")


@pytest.mark.parametrize("months", [1, 6, 11, 12, 18, 30000])
def test_the_database_leaves_out_nothing_that_is_due(months, city):
    """Ends of months of every length, against the days worked out of the events one by one."""
    for issued in (date(2024, 8, 28), date(2024, 8, 31), date(2024, 2, 29), date(2025, 1, 31), date(2025, 3, 1)):
        last = issued.replace(year=issued.year + 2, day=28)
        make.certificate(
            issued_on=str(issued), applied_on="2024-02-10", system_since="2023-06-01", expires_on=str(last)
        )
    EditionTerms.objects.update(surveillance_months=months)
    for day in (date(2025, 2, 1) + 9 * n * DAY for n in range(50)):
        rows = Certificate.objects.standing(on=day).prefetch_related("events")
        days = {shown.row.number: next_due(shown.row, shown.state, on=day) for shown in shown_on(rows, on=day)}
        for within in (1, 30):
            near = {number for number, due in days.items() if due and due <= day + within * DAY}
            assert numbers(city, day, due_within=within) == near, (day, within)


def test_it_asks_the_same_for_one_and_for_many(city):
    def asked():
        with CaptureQueriesContext(connection) as caught:
            due_counts(city, NOTHING, on=date(2025, 12, 20))
            numbers(city, date(2025, 12, 20), due_within=90)
        return len(caught)

    make.certificate()
    one = asked()
    for _ in range(4):
        make.certificate()
    assert asked() == one


@pytest.mark.parametrize(
    ("left", "attention", "shown"),
    [
        (91, (), 91),
        (90, (Attention.CONVERTING,), 90),
        (0, (Attention.CONVERTING,), 0),
        (-1, (Attention.UNCONVERTED,), None),
    ],
)
def test_an_older_edition_is_to_be_converted_by_a_day_that_is_said_beforehand(left, attention, shown, city):
    row = make.certificate(**OLD)
    convert_by = date(2027, 6, 30)
    EditionTerms.objects.filter(edition=row.edition).update(convert_by=convert_by, surveillance_months=36)
    (found,) = shown_on([row], on=convert_by - left * DAY)
    assert (found.attention, found.convert_left, found.state.convert_by) == (attention, shown, convert_by)


def test_what_has_been_converted_is_to_be_converted_no_more(city):
    row = make.certificate(**OLD)
    happen(row, "convert", Act(date(2025, 10, 10), "换版审核", city, make.NOW), edition="GB/T 29490-2023")
    (found,) = shown_on([row], on=date(2025, 12, 1))
    assert (found.convert_left, found.state.convert_by) == (None, None)
    (before,) = shown_on([row], on=date(2025, 9, 1))
    assert before.state.convert_by == date(2025, 12, 31)
