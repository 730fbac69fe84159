"""Which definition of an indicator is counted on a day: the same as the one that pages show."""

from datetime import date

import pytest

from certification.models import IndicatorVersion
from certification.totals.measures import Measure, measures_in_force, ymd

pytestmark = pytest.mark.django_db
DAYS = [date(2015, 1, 1), date(2016, 1, 1), date(2017, 12, 31), date(2018, 1, 1), date(2019, 5, 5), date(2026, 1, 1)]


def by_queryset(on: date) -> list[Measure]:
    rows = IndicatorVersion.objects.filter(computed_from="registry").exclude(reading="none").in_force(on=on)
    return [
        Measure(
            row.indicator.code,
            row.reading,
            row.stage,
            row.high_tech_only,
            ymd(row.opening_on) if row.opening_on else 0,
        )
        for row in rows.select_related("indicator").order_by("indicator__plan", "indicator__order")
    ]


def again(code: str, **changes: object) -> None:
    """A further version of an indicator."""
    row = IndicatorVersion.objects.filter(indicator__code=code).order_by("version").last()
    assert row is not None
    row.pk, row.version = None, row.version + 1
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def test_the_reference_plan_counts_seven_indicators() -> None:
    assert len(measures_in_force(on=date(2020, 1, 1))) == 7
    for day in DAYS:
        assert measures_in_force(on=day) == by_queryset(day)


def test_later_versions_hold_from_their_day_whatever_their_order() -> None:
    again("evaluation_passed", in_force_from=date(2018, 1, 1), stage="guanbiao.certification")
    again("evaluation_passed", in_force_from=date(2017, 1, 1), stage="guanbiao.cultivation")
    again("evaluation_passed", in_force_from=date(2018, 1, 1), stage="project.strategy")
    again("international_leaders", in_force_from=date(2019, 1, 1), computed_from="reported")
    again(
        "pct_applications",
        in_force_from=date(2019, 1, 1),
        computed_from="registry",
        reading="enterprises",
        stage="project.strategy",
    )
    again("nationally_certified", in_force_from=date(2014, 1, 1), high_tech_only=True)
    for day in DAYS:
        assert measures_in_force(on=day) == by_queryset(day)
    stages = {measure.indicator: measure.stage for measure in measures_in_force(on=date(2018, 6, 1))}
    assert stages["evaluation_passed"] == "project.strategy"
