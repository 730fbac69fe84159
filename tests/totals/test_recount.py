"""A recount counts from the achievements what the projection derives, and misses nothing that was altered."""

import importlib
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from certification.models import Achievement, IndicatorVersion, Span
from certification.models.achievement import PLAIN, SPECIAL
from certification.services.achievements import end_achievement
from certification.totals import exact, plain
from certification.totals import recount as recounting
from certification.totals.checkpoint import fold
from certification.totals.counts import count, stored_prints
from certification.totals.days import days_agree, different_days
from certification.totals.measures import measures_in_force
from certification.totals.projection import deltas
from certification.totals.recount import recount
from enterprises.models import Account, Enterprise
from enterprises.models.enterprise import EnterpriseLocation, HighTechPeriod
from enterprises.roles import Role
from ledger.models import LedgerEntry
from tests import factories

from . import histories
from .histories import NOW, import_all, reach, register, undone
from .reference import Company
from .test_against_reference import often

pytestmark = pytest.mark.django_db
IMPLEMENTATION, CERTIFICATION = "guanbiao.implementation", "guanbiao.certification"
RECOGNITION, GUIDED = "intensive.recognition", "intensive.cultivation"


@pytest.fixture
def clerk() -> Account:
    return factories.account(Role.CITY_REVIEWER)


def execute(statement: str, *parameters: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def check_counts() -> None:
    """What is counted is what the projection derives, and what is stored."""
    measures = measures_in_force(on=timezone.localdate(NOW))
    counted = count(measures)
    exact.derive(measures, lambda done, total: None)
    assert counted.totals == deltas(exact.FRESH) == exact.stored_totals()
    prints, moments = stored_prints()
    assert counted.prints == prints
    assert days_agree(counted.totals, moments)
    assert not different_days(exact.FRESH)
    assert exact.compare().is_clean


@given(made=histories.companies(), data=st.data())
@often
def test_counts_are_those_of_the_projection(
    made: list[Company], clerk: Account, tmp_path: Path, data: st.DataObject
) -> None:
    """Imported and recorded, noted as first or not yet, with an opening balance of any kind of reading."""
    with undone():
        IndicatorVersion.objects.filter(indicator__code="intensive_guided_per_year").update(
            opening=7, opening_on=date(2016, 2, 29)
        )
        rows = {company.code: register(company, clerk) for company in made}
        split = data.draw(st.integers(0, 6))
        later = [(company.code, company.reached[split:]) for company in made]
        for company in made:
            company.reached = company.reached[:split]
        import_all(made, tmp_path)
        by_code = {row.uscc: row for row in rows.values()}
        for code, reached in later:
            for each in reached:
                reach(by_code[code], each, clerk)
        fold(at=NOW)
        check_counts()
        firsts = list(Achievement.objects.filter(is_first=True).order_by("id").values_list("id", flat=True))
        if firsts:
            unknown = data.draw(st.sets(st.sampled_from(firsts)))
            Achievement.objects.filter(pk__in=unknown).update(is_first=None)
        check_counts()
        assert recount(at=NOW, repair=True).is_clean
        check_counts()


def few_facts() -> list[Enterprise]:
    """One plain achievement, one that ended, one renewed, one revoked, one of a year; one high-tech enterprise."""
    city = factories.account(Role.CITY_REVIEWER)
    rows = [factories.enterprise(at=NOW) for _ in range(4)]
    HighTechPeriod.objects.create(enterprise=rows[0], valid_from=date(2017, 1, 1), valid_to=date(2019, 12, 31))
    factories.achievement(rows[0], IMPLEMENTATION, date(2016, 5, 10), at=NOW)
    factories.achievement(rows[0], RECOGNITION, date(2018, 5, 10), at=NOW)
    ended = factories.achievement(rows[1], CERTIFICATION, date(2016, 5, 10), at=NOW)
    end_achievement(ended, reason="expired", ended_on=date(2019, 5, 10), ground="到期", actor=city, at=NOW)
    factories.achievement(rows[1], CERTIFICATION, date(2019, 5, 10), at=NOW)
    revoked = factories.achievement(rows[2], IMPLEMENTATION, date(2015, 5, 10), at=NOW)
    end_achievement(revoked, reason="revoked", ended_on=date(2018, 5, 10), ground="虚假", actor=city, at=NOW)
    factories.achievement(rows[3], GUIDED, date(2018, 5, 10), at=NOW)
    assert recount(at=NOW, repair=True).is_clean
    return rows


def test_a_clean_recount_derives_no_span(monkeypatch: pytest.MonkeyPatch) -> None:
    few_facts()

    def fail(*_: object) -> None:
        raise AssertionError("derived")

    monkeypatch.setattr(recounting, "derive", fail)
    assert recount(at=NOW, repair=False).cells > 0
    with pytest.raises(AssertionError, match="derived"):
        recount(at=NOW, repair=False, thorough=True)


ALTERED: dict[str, Callable[[list[Enterprise]], Any]] = {
    "day": lambda rows: Achievement.objects.filter(enterprise=rows[0], stage=IMPLEMENTATION).update(
        effective_on=date(2016, 5, 11)
    ),
    "month": lambda rows: Achievement.objects.filter(enterprise=rows[0], stage=IMPLEMENTATION).update(
        effective_on=date(2016, 6, 10)
    ),
    "unit": lambda rows: Achievement.objects.filter(enterprise=rows[1]).update(reporting_unit="xinbei"),
    "stage": lambda rows: Achievement.objects.filter(stage=GUIDED).update(stage="guanbiao.evaluation"),
    "enterprise": lambda rows: Achievement.objects.filter(stage=GUIDED).update(enterprise=rows[0]),
    "high-tech": lambda rows: Achievement.objects.filter(stage=RECOGNITION).update(was_high_tech=False),
    "end": lambda rows: Achievement.objects.filter(ended_reason="revoked").update(ended_on=date(2018, 5, 11)),
    "reason": lambda rows: Achievement.objects.filter(ended_reason="revoked").update(ended_reason="expired"),
    "annulled": lambda rows: Achievement.objects.filter(ended_reason="expired").update(ended_reason="annulled"),
    "removed": lambda rows: execute("DELETE FROM certification_achievement WHERE stage = %s", GUIDED),
    "period": lambda rows: HighTechPeriod.objects.update(valid_to=date(2019, 12, 30)),
    "place": lambda rows: EnterpriseLocation.objects.filter(enterprise=rows[0]).update(reporting_unit="xinbei"),
    **{
        f"span {column}": lambda rows, column=column, value=value: execute(  # type: ignore[misc]
            f"UPDATE certification_span SET {column} = {value} WHERE indicator = 'guanbiao_enterprises' "
            "AND aspect = 'counted' AND stop IS NULL"
        )
        for column, value in {
            "indicator": "'else'",
            "aspect": "'valid'",
            "enterprise_id": "enterprise_id + 1",
            "unit": "'xinbei'",
            "start": "start + 1",
            "stop": "20250101",
            "achievement_id": "achievement_id + 1",
            "in_opening": "NOT in_opening",
        }.items()
    },
    "span removed": lambda rows: Span.objects.filter(indicator="ip_intensive_high_tech").delete(),
}


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("case", ALTERED)
def test_whatever_was_altered_is_found_with_its_enterprise_and_repaired(case: str, thorough: bool) -> None:
    rows = few_facts()
    ALTERED[case](rows)
    found = recount(at=NOW, repair=False, thorough=thorough)
    assert found.wrong_spans + found.missing_spans > 0
    assert {span.enterprise for span in found.spans} & {row.uscc for row in rows}
    assert not recount(at=NOW, repair=True, thorough=thorough).is_clean
    check_counts()


def test_altered_spans_are_named_in_command_and_ledger() -> None:
    rows = few_facts()
    ALTERED["span start"](rows)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("recount", "--check", stdout=out)
    said = f"{rows[0].uscc} guanbiao_enterprises counted wujin 2016-05-1{{}} 起的区间：存储 {{}} 条，应有 {{}} 条"
    assert said.format(0, 0, 1) in out.getvalue()
    assert said.format(1, 1, 0) in out.getvalue()
    call_command("recount", stdout=out)
    entry = LedgerEntry.objects.get(verb="totals.repaired")
    assert f'"enterprise":"{rows[0].uscc}"' in entry.payload
    call_command("recount", "--check", "--thorough", stdout=out)


def test_a_day_that_is_none_is_named_as_it_stands() -> None:
    few_facts()
    execute("UPDATE certification_span SET start = 20160230 WHERE indicator = 'guanbiao_enterprises' AND stop IS NULL")
    assert any("20160230" in str(span) for span in recount(at=NOW, repair=False).spans)


def test_what_sums_cannot_tell_apart_is_found_span_by_span() -> None:
    """Keys that differ by the period of the weights: nothing that happens by itself."""
    few_facts()
    execute("UPDATE certification_span SET achievement_id = achievement_id + 1048576 WHERE stop IS NULL")
    assert recount(at=NOW, repair=False).is_clean
    assert not recount(at=NOW, repair=False, thorough=True).is_clean


def test_of_an_enterprise_and_stage_one_achievement_is_first() -> None:
    rows = few_facts()
    firsts = Achievement.objects.filter(is_first=True).values_list("enterprise", "stage")
    assert sorted(firsts) == sorted(set(Achievement.objects.values_list("enterprise", "stage")))
    assert Achievement.objects.filter(is_first=None).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Achievement.objects.filter(enterprise=rows[1]).update(is_first=True)
    Achievement.objects.update(is_first=None)
    execute(importlib.import_module("certification.migrations.0005_recount_indexes").FIRSTS)
    assert sorted(Achievement.objects.filter(is_first=True).values_list("enterprise", "stage")) == sorted(firsts)


def ids(condition: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM certification_achievement WHERE {condition}")
        return {pk for (pk,) in cursor.fetchall()}


@given(made=histories.companies())
@often
def test_conditions_in_sql_are_those_of_the_indexes(made: list[Company], clerk: Account, tmp_path: Path) -> None:
    with undone():
        for company in made:
            register(company, clerk)
        import_all(made, tmp_path)
        plain_ones, special = (
            set(Achievement.objects.filter(each).values_list("id", flat=True)) for each in (PLAIN, SPECIAL)
        )
        assert ids(plain.PLAIN) == plain_ones
        assert ids(plain.SPECIAL) == special
        assert ids(plain.REVOKED) == plain_ones & special
        assert plain_ones | special == ids("ended_reason <> 'annulled'")


INDEXES = ("achievement_starts", "achievement_stops", "achievement_special", "span_sums")


def plans(queries: list[str]) -> list[str]:
    words = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    found = []
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(f"{words} {query}")
            found.append(" ".join(str(row[-1]) for row in cursor.fetchall()))
    return found


def drop_other_indexes(kept: str) -> None:
    """Of the tables that are counted, so that an empty database leaves nothing to choose."""
    for model in (Achievement, Span):
        for index in model._meta.indexes:
            if index.name != kept:
                execute(f"DROP INDEX {index.name}")


@pytest.mark.parametrize("name", INDEXES)
def test_counting_goes_by_the_indexes_made_for_it(name: str) -> None:
    """Both databases recognise the conditions of the partial indexes."""
    measures = measures_in_force(on=timezone.localdate(NOW))
    queries = [*plain.firsts(measures, plain.FACT_TABLE), plain.stored("guanbiao_enterprises", "counted")]
    with transaction.atomic():
        if connection.vendor == "postgresql":
            execute("SET LOCAL enable_seqscan = off")
            execute("SET LOCAL enable_bitmapscan = off")
            drop_other_indexes(name)
        assert any(name in each for each in plans(queries))
        transaction.set_rollback(True)
