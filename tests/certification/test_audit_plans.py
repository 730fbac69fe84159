"""Plans altered with SQL are named: days, texts, outcome table, indicators and every version of them."""

import json
from datetime import date
from decimal import Decimal

import pytest

from certification.audit import fact_faults
from certification.models import Indicator, IndicatorVersion, OutcomeRow, Plan
from certification.reference import load_plans
from certification.services.plan_contents import indicator_contents
from certification.services.plan_marks import plan_contents
from certification.services.plans import revise_indicator
from ledger.contents import content_digest
from ledger.models import LedgerEntry
from ledger.record import SYSTEM, Fact, record_many
from ledger.verbs import Verb
from tests import factories as make

pytestmark = pytest.mark.django_db
CODE = "evaluation_passed"
SUBJECT = f"indicator:13th:{CODE}"


def numbers():
    return [fault.number for fault in fact_faults(limit=60)]


def last_of(subject):
    return LedgerEntry.objects.filter(subject=subject).latest("number").number


def revised(**changes):
    words = {"in_force_from": date(2018, 1, 1), "actor": make.account("plan_manager"), "at": make.NOW}
    return revise_indicator(Indicator.objects.get(code=CODE), changes, **words)


@pytest.mark.parametrize(
    "altered",
    [
        {"stage": "guanbiao.certification"},
        {"reading": "yearly"},
        {"kind": "level"},
        {"unit": "件"},
        {"comparator": ">"},
        {"target_max": Decimal(9999)},
        {"high_tech_only": True},
        {"computed_from": "reported"},
        {"in_force_from": date(2017, 1, 1)},
        {"in_headline_table": True},
        {"name": "别的"},
        {"note": "别的"},
        {"target": Decimal(1)},
    ],
)
@pytest.mark.parametrize("version", [1, 2])
def test_every_column_of_every_version_is_held(altered, version):
    revised(target=Decimal(260))
    assert numbers() == []
    IndicatorVersion.objects.filter(indicator__code=CODE, version=version).update(**altered)
    found = numbers()
    assert found
    assert set(found) <= set(LedgerEntry.objects.filter(subject=SUBJECT).values_list("number", flat=True))


def test_removed_versions_and_indicators_are_named():
    new = revised(target=Decimal(260))
    last = last_of(SUBJECT)
    new.delete()
    assert numbers() == [last]
    IndicatorVersion.objects.filter(indicator__code=CODE).delete()
    assert last in numbers()
    Indicator.objects.filter(code=CODE).delete()
    assert last in numbers()


def test_added_and_moved_indicators_are_named():
    row = Indicator.objects.get(code=CODE)
    Indicator.objects.create(plan_id="13th", code="added", order=99)
    assert numbers() == [0]
    Indicator.objects.filter(pk=row.pk).update(order=98)
    assert set(numbers()) == {0, last_of(SUBJECT)}


@pytest.mark.parametrize("altered", [{"starts_on": date(2015, 1, 1)}, {"ends_on": date(2021, 1, 1)}, {"title": "别的"}])
def test_days_and_texts_of_a_plan_are_held(altered):
    Plan.objects.filter(pk="13th").update(**altered)
    assert numbers() == [last_of("plan:13th:definition")]


@pytest.mark.parametrize(
    "altered", [{"target": Decimal(1)}, {"actual": Decimal(1)}, {"unit": "家"}, {"order": 99}, None]
)
def test_the_outcome_table_is_held(altered):
    first = OutcomeRow.objects.filter(plan="12th")[:1].values("pk")
    rows = OutcomeRow.objects.filter(pk__in=[row["pk"] for row in first])
    if altered:
        rows.update(**altered)
    else:
        rows.delete()
    assert numbers() == [last_of("plan:12th:definition")]


def test_a_withdrawn_opening_balance_agrees_with_its_entries():
    changes = {"opening": Decimal(10), "opening_on": date(2015, 12, 31), "opening_source": "某文件"}
    revised(**changes)
    revised(opening=None, opening_on=None, opening_source="")
    assert numbers() == []


def test_the_entry_of_a_revision_carries_the_digest_of_the_whole():
    revised(stage="guanbiao.certification")
    entry = LedgerEntry.objects.latest("number")
    assert json.loads(entry.payload)["digest"] == content_digest(indicator_contents(CODE)[SUBJECT])


@pytest.fixture
def older():
    """A plan with an indicator that the ledger knows as it did before anything was on record as a whole."""
    plan = Plan.objects.create(
        pk="14th", title="旧", title_en="old", source="旧", starts_on=date(2021, 1, 1), ends_on=date(2025, 12, 31)
    )
    row = Indicator.objects.create(plan=plan, code=CODE, order=1)
    values = IndicatorVersion.objects.values().get(indicator__code=CODE, indicator__plan="13th")
    IndicatorVersion.objects.create(**values | {"id": None, "indicator_id": row.pk})
    facts = [
        Fact(Verb.PLAN_MARKED, "plan:14th", {"digest": content_digest(plan_contents()["plan:14th"])}),
        Fact(Verb.TARGET_SET, f"indicator:14th:{CODE}", {"version": 1, "target": "250"}),
    ]
    record_many(facts, actor=SYSTEM, at=make.NOW)
    return row


def test_what_was_on_record_in_part_is_put_on_record_as_a_whole_once(older):
    assert numbers() == [0]  # days and outcome table of the older plan
    before = LedgerEntry.objects.count()
    load_plans(at=make.NOW)
    assert (numbers(), LedgerEntry.objects.count()) == ([], before + 2)
    load_plans(at=make.NOW)
    assert LedgerEntry.objects.count() == before + 2
    IndicatorVersion.objects.filter(indicator=older).update(reading="yearly")
    Plan.objects.filter(pk="14th").update(ends_on=date(2026, 12, 31))
    assert set(numbers()) == {last_of(f"indicator:14th:{CODE}"), last_of("plan:14th:definition")}


def test_a_target_altered_before_it_is_put_on_record_as_a_whole_is_still_named(older):
    IndicatorVersion.objects.filter(indicator=older).update(target=1)
    load_plans(at=make.NOW)
    assert numbers() == [last_of(f"indicator:14th:{CODE}")]


def test_what_nobody_loaded_is_not_put_on_record():
    Plan.objects.create(
        pk="15th", title="新", title_en="new", source="新", starts_on=date(2026, 1, 1), ends_on=date(2030, 12, 31)
    )
    Indicator.objects.create(plan_id="15th", code=CODE, order=1)
    load_plans(at=make.NOW)
    assert numbers() == [0, 0, 0]  # marks, days and indicator
