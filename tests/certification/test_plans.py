"""Plan figures as data: loading, rates, revising an indicator."""

from datetime import date
from decimal import Decimal

import pytest

from certification.errors import NotAllowed, NotPossible, Refused
from certification.models import Indicator, IndicatorVersion, Job, OutcomeRow, Plan
from certification.reference import load_plans
from certification.services.plans import revise_indicator
from certification.totals.figures import check_day, figures, rate
from enterprises.models import Division, DivisionUnit, ReportingUnit
from enterprises.places import unit_of_division
from ledger.models import LedgerEntry
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return Plan.objects.get(pk="13th")


def test_outcome_rates_of_the_12th_plan_are_recomputed_half_up():
    rows = OutcomeRow.objects.filter(plan="12th", target__isnull=False)
    rates = {row.name: int(rate(row.actual, row.target)) for row in rows}
    assert list(rates.values()) == [226, 221, 100, 368, 325, 128, 248, 140, 374, 146, 228]
    printed = {row.name: row.printed_rate for row in rows if int(row.printed_rate.rstrip("%")) != rates[row.name]}
    assert printed == {"发明专利授权量": "324%"}
    assert OutcomeRow.objects.get(name="发明专利授权量").note


def test_all_indicators_of_the_13th_plan_are_loaded_once(plan):
    assert IndicatorVersion.objects.filter(in_headline_table=True).count() == 25
    before = (IndicatorVersion.objects.count(), LedgerEntry.objects.count())
    load_plans(at=make.NOW)
    assert (IndicatorVersion.objects.count(), LedgerEntry.objects.count()) == before
    version = IndicatorVersion.objects.get(indicator__code="guanbiao_enterprises")
    assert (version.opening, version.opening_on, version.target) == (456, date(2015, 12, 31), 500)


def test_headline_starts_from_its_opening_balance(plan):
    make.achievement(make.enterprise(), "guanbiao.implementation", date(2015, 12, 31))
    make.achievement(make.enterprise(), "guanbiao.implementation", date(2016, 1, 1))
    from_registry = {f.indicator: f for f in figures(plan, as_of=date(2016, 12, 31))}
    assert from_registry["guanbiao_enterprises"].value == 456  # nothing folded yet


@pytest.mark.parametrize("day", [date(2015, 12, 30), date(2026, 11, 21)])
def test_days_outside_the_plan_are_refused_by_name(plan, day):
    with pytest.raises(Refused) as refused:
        check_day(plan, day, today=date(2026, 11, 20))
    assert refused.value.refusals[0].field == "as_of"
    assert str(day) in refused.value.refusals[0].message


def test_revising_makes_a_version_and_a_ledger_entry(plan):
    manager = make.account("plan_manager")
    indicator = Indicator.objects.get(code="evaluation_passed")
    new = revise_indicator(
        indicator, {"target": Decimal(260)}, in_force_from=date(2018, 1, 1), actor=manager, at=make.NOW
    )
    assert (new.version, new.target) == (2, 260)
    for day, target in ((date(2017, 6, 1), 250), (date(2018, 6, 1), 260)):
        assert figures(plan, as_of=day, indicators=["evaluation_passed"])[0].target == target
    assert LedgerEntry.objects.order_by("-number")[0].verb == "plan.target_set"
    assert not Job.objects.exists()


def test_changing_what_is_counted_queues_a_recount():
    words = {"in_force_from": date(2020, 1, 1), "actor": make.account("plan_manager"), "at": make.NOW}
    changes = {"opening": Decimal(10), "opening_on": date(2015, 12, 31), "opening_source": "某文件"}
    revise_indicator(Indicator.objects.get(code="evaluation_passed"), changes, **words)
    assert Job.objects.get().kind == "recount"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"target": Decimal(0)}, "target_not_positive"),
        ({"comparator": "range", "target_max": Decimal(1)}, "range_turned"),
        ({"comparator": "range"}, "range_incomplete"),
        ({"opening": Decimal(5)}, "opening_incomplete"),
        ({"opening": Decimal(5), "opening_on": date(2015, 12, 31)}, "opening_without_source"),
        ({"stage": ""}, "reading_without_stage"),
    ],
)
def test_contradicting_revisions_are_refused(changes, code):
    words = {"in_force_from": date(2020, 1, 1), "actor": make.account("plan_manager"), "at": make.NOW}
    with pytest.raises(Refused) as refused:
        revise_indicator(Indicator.objects.get(code="evaluation_passed"), changes, **words)
    assert code in {r.code for r in refused.value.refusals}


def test_only_the_plan_manager_revises_and_not_backwards():
    indicator, words = Indicator.objects.get(code="evaluation_passed"), {"at": make.NOW}
    stranger, manager = make.account("city_reviewer"), make.account("plan_manager")
    with pytest.raises(NotAllowed):
        revise_indicator(indicator, {}, in_force_from=date(2020, 1, 1), actor=stranger, **words)
    with pytest.raises(NotPossible):
        revise_indicator(indicator, {}, in_force_from=date(2000, 1, 1), actor=manager, **words)


def test_places_are_dated():
    assert ReportingUnit.objects.count() == 7
    assert Division.objects.filter(level="township").count() == 69
    jingkai = DivisionUnit.objects.in_force(on=date(2020, 1, 1)).filter(unit="jingkai", division__level="township")
    assert jingkai.count() == 6
    old = Division.objects.get(pk="320405")
    assert unit_of_division(old, on=date(2014, 1, 1)).pk == "jingkai"
