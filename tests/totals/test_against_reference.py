"""Every figure on random histories against the plain-Python reference (tests/totals/reference.py)."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification.models import IndicatorVersion, Plan
from certification.totals.checkpoint import fold
from certification.totals.figures import Figure, enterprises_behind, figures
from certification.totals.recount import recount
from certification.totals.series import series
from enterprises.models import Account
from enterprises.roles import Role
from tests import factories

from . import histories
from .histories import NOW, import_all, reach, reference_view, register, telling_days, undone
from .reference import INDICATORS, Company, answer

pytestmark = pytest.mark.django_db
UNITS = sorted(set(histories.TOWNS.values()))
often = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture
def clerk() -> Account:
    return factories.account(Role.CITY_REVIEWER)


@given(made=histories.companies())
@often
def test_figures_of_imported_histories_equal_the_reference_on_every_telling_day(
    made: list[Company], clerk: Account, tmp_path: Path
) -> None:
    with undone():
        for company in made:
            register(company, clerk)
        import_all(made, tmp_path)
        fold(at=NOW)
        view = reference_view(made)
        days = telling_days(view)
        for day in days:
            check_day(view, day)
        check_units_asked_alone(view, days[len(days) // 2])
        assert recount(at=NOW, repair=False).is_clean


def check_day(view: Iterable[Company], day: date) -> None:
    plan = Plan.objects.get(code="13th")
    for figure in figures(plan, as_of=day, indicators=INDICATORS):
        check_figure(figure, list(view), day)


def check_figure(figure: Figure, view: list[Company], day: date) -> None:
    wanted = answer(view, figure.indicator, day)
    said = (figure.indicator, day)
    assert (figure.gained, figure.value, figure.valid_now) == (
        len(wanted.enterprises),
        wanted.value,
        wanted.valid_now,
    ), said
    behind = sorted(drilled(figure.indicator, day))
    assert [uscc for uscc, _ in behind] == sorted(wanted.enterprises), said
    for unit in figure.units:
        if unit.reporting_unit in UNITS:
            part = answer(view, figure.indicator, day, unit.reporting_unit)
            assert unit.gained == len(part.enterprises), (*said, unit.reporting_unit)
            assert unit.value == (part.value or 0), (*said, unit.reporting_unit)
            assert part.valid_now is None or unit.valid_now == part.valid_now, (*said, unit.reporting_unit)
            here = [uscc for uscc, counted_in in behind if counted_in == unit.reporting_unit]
            assert here == sorted(part.enterprises), (*said, unit.reporting_unit)


def check_units_asked_alone(view: list[Company], day: date) -> None:
    """What a unit gets when it asks for itself is its part of what the city gets."""
    for indicator in INDICATORS:
        behind = drilled(indicator, day)
        for unit in UNITS:
            assert sorted(drilled(indicator, day, unit)) == sorted(row for row in behind if row[1] == unit)


def drilled(indicator: str, day: date, unit: str = "") -> list[tuple[str, str]]:
    """(enterprise, unit in which it counts) of everything behind a figure."""
    return list(enterprises_behind(indicator, as_of=day, unit=unit).values_list("enterprise__uscc", "unit"))


@given(made=histories.companies(most=3))
@settings(often, max_examples=12)
def test_month_ends_of_a_series_equal_the_reference(made: list[Company], clerk: Account, tmp_path: Path) -> None:
    with undone():
        for company in made:
            register(company, clerk)
        import_all(made, tmp_path)
        fold(at=NOW)
        view, plan, until = reference_view(made), Plan.objects.get(code="13th"), date(2020, 11, 17)
        for version in IndicatorVersion.objects.of_plan("13th").filter(indicator__code__in=INDICATORS):
            for unit in ("", "wujin"):
                for point in series(version, plan, until=until, unit=unit):
                    day = min(point.on, until)
                    if (point.on.year, point.on.month) > (until.year, until.month):
                        assert point.value is None
                    else:
                        wanted = answer(view, version.indicator.code, day, unit)
                        assert point.value == wanted.value, (version.indicator.code, day, unit)


@given(made=histories.companies(most=3), data=st.data())
@often
def test_folding_in_any_rhythm_gives_what_folding_once_gives(
    made: list[Company], clerk: Account, data: st.DataObject
) -> None:
    """Facts are written by the services in a random order; folds happen anywhere among them, also twice."""
    with undone():
        rows = {company.code: register(company, clerk) for company in made}
        rows = {row.uscc: row for row in rows.values()}
        todo = [(company.code, reached) for company in made for reached in company.reached]
        for code, reached in data.draw(st.permutations(todo)):
            reach(rows[code], reached, clerk)
            for _ in range(data.draw(st.integers(0, 2))):
                fold(at=NOW)
        fold(at=NOW)
        assert recount(at=NOW, repair=False).is_clean
        check_day(reference_view(made), date(2020, 12, 29))


@given(made=histories.companies(most=3))
@settings(often, max_examples=12)
def test_figures_of_one_unit_asked_alone_equal_its_part(made: list[Company], clerk: Account, tmp_path: Path) -> None:
    with undone():
        for company in made:
            register(company, clerk)
        import_all(made, tmp_path)
        fold(at=NOW)
        view, plan, day = reference_view(made), Plan.objects.get(code="13th"), date(2019, 2, 1)
        for figure in figures(plan, as_of=day, unit="jingkai", indicators=INDICATORS):
            part = answer(view, figure.indicator, day, "jingkai")
            assert (figure.gained, figure.value) == (len(part.enterprises), part.value)
