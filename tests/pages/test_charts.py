"""Geometry of the charts."""

from datetime import date
from decimal import Decimal

import pytest

from certification.charts.axis import ticks
from certification.charts.heat import heat_level
from certification.charts.meter import gauge, meter
from certification.charts.trend import trend
from certification.totals.series import Point

D = Decimal


def test_meter_below_the_target_ends_at_the_target():
    shown = meter(opening=D(456), value=D(480), target=D(500))
    assert (shown.opening, shown.gained_at, shown.gained, shown.target_at) == ("91.20", "91.20", "4.80", "100.00")
    assert not shown.is_full


def test_meter_beyond_the_target_ends_at_the_value():
    shown = meter(opening=None, value=D(200), target=D(100))
    assert (shown.opening, shown.gained, shown.target_at) == ("0.00", "100.00", "50.00")
    assert shown.is_full


def test_meter_without_a_value_is_empty():
    shown = meter(opening=D(456), value=None, target=D(500))
    assert (shown.opening, shown.gained) == ("0.00", "0.00")


def test_gauge_is_the_meter_on_three_quarters_of_a_circle():
    bent = gauge(meter(opening=D(50), value=D(100), target=D(100)))
    assert (bent.opening, bent.gained, bent.gained_turn, bent.target_turn) == ("37.50", "37.50", "270.00", "405.00")


@pytest.mark.parametrize(
    ("value", "most", "level"),
    [(0, 10, 0), (1, 100, 1), (20, 100, 1), (21, 100, 2), (100, 100, 5), (None, 9, 0), (3, 0, 0)],
)
def test_heat_grows_with_the_share_of_the_largest(value, most, level):
    assert heat_level(value, most) == level


@pytest.mark.parametrize(
    ("low", "high", "first", "last"),
    [(0, 100, 0, 100), (456, 566, 450, 575), (10, 100, 0, 100), (7, 7, 7, 8), (0, 0, 0, 1), (0, 3, 0, 3)],
)
def test_axis_begins_at_zero_unless_all_values_lie_high(low, high, first, last):
    marks = ticks(D(low), D(high))
    assert (marks[0], marks[-1]) == (first, last)
    assert marks[0] <= low
    assert marks[-1] >= high


def point(month: int, value: int | None, planned: int | None) -> Point:
    on = date(2016, month, 28)
    return Point(f"{on:%Y-%m}", on, None if value is None else D(value), value, None if planned is None else D(planned))


def test_trend_breaks_where_nothing_is_known_and_labels_the_last_value():
    chart = trend([point(1, 4, 2), point(2, None, 3), point(3, 6, 4), point(4, None, 5)])
    assert chart is not None
    assert chart.value_path.count("M") == 2
    assert chart.planned_path.count("M") == 1
    assert chart.last_label == "6"
    assert [strip.title for strip in chart.strips] == [
        "2016-01：实际 4，计划 2",
        "2016-02：计划 3",
        "2016-03：实际 6，计划 4",
        "2016-04：计划 5",
    ]


def test_trend_of_a_unit_has_no_planned_line():
    chart = trend([point(1, 1, None), point(2, 2, None)])
    assert chart is not None
    assert chart.planned_path == ""
    assert chart.strips[0].title == "2016-01：实际 1"


def test_trend_of_nothing_is_no_chart():
    assert trend([]) is None
    assert trend([point(1, None, 5)]) is None
