"""Folding is idempotent and safe at once; a recount finds, names and repairs what was altered behind its back."""

import threading
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from certification.models import Achievement, DayTotal, Span, Total, TotalsCheckpoint
from certification.services.achievements import end_achievement
from certification.totals import recount as recounting
from certification.totals.checkpoint import fold, lag
from certification.totals.exact import Recount, stored_totals
from certification.totals.projection import COLUMNS
from certification.totals.recount import recount
from enterprises.models import Enterprise
from enterprises.roles import Role
from enterprises.services.amendments import relocate
from enterprises.services.qualifications import grant_high_tech
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from tests import factories

from .histories import NOW, TOWNS

pytestmark = pytest.mark.django_db
IMPLEMENTATION, CERTIFICATION = "guanbiao.implementation", "guanbiao.certification"
Statement = tuple[str, list[object]]


def five_enterprises() -> list[Enterprise]:
    """Implemented 2016 to 2020, one a year, in the four units; the first one certified too."""
    rows = [factories.enterprise(township=town, at=NOW) for town in [*TOWNS, "320412100"]]
    for number, row in enumerate(rows):
        factories.achievement(row, IMPLEMENTATION, date(2016 + number, 5, 10), at=NOW)
    factories.achievement(rows[0], CERTIFICATION, date(2018, 8, 1), at=NOW)
    return rows


def everything() -> tuple[object, ...]:
    """Totals and spans as they stand, without row numbers."""
    spans = Span.objects.values_list("indicator", "aspect", "enterprise", "unit", "start", "stop", "in_opening")
    days = DayTotal.objects.exclude(gained=0, in_opening=0, valid=0, base=0)
    changes = days.values_list("indicator", "unit", "month", "day", "gained", "in_opening", "valid", "base")
    return stored_totals(), sorted(changes), sorted(map(str, spans))


def alter(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        assert cursor.rowcount == 1


def test_fold_again_takes_nothing_and_changes_nothing() -> None:
    five_enterprises()
    assert fold(at=NOW) > 0
    before = everything()
    assert fold(at=NOW) == 0
    assert everything() == before
    assert lag() == 0


def test_fold_of_the_whole_ledger_again_changes_nothing() -> None:
    """A checkpoint that was set back (an old backup, a lost write) does not count anything twice."""
    five_enterprises()
    fold(at=NOW)
    before = everything()
    TotalsCheckpoint.objects.update(number=0)
    assert fold(at=NOW) == LedgerEntry.objects.count()
    assert everything() == before


@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize("size", [2, 100])
def test_folding_in_sets_equals_folding_entry_by_entry(
    monkeypatch: pytest.MonkeyPatch, checked: bool, size: int
) -> None:
    """After an import the spans are derived set by set, over what was there before."""
    rows = five_enterprises()
    city = factories.account(Role.CITY_REVIEWER)
    grant_high_tech(
        rows[0], certificate="", valid_from=date(2016, 1, 1), valid_to=date(2018, 12, 31), actor=city, at=NOW
    )
    if checked:
        fold(at=NOW)
        factories.achievement(rows[3], CERTIFICATION, date(2020, 2, 2), at=NOW)
        before = Achievement.objects.get(enterprise=rows[1])
        end_achievement(before, reason="revoked", ended_on=date(2020, 3, 1), ground="试验", actor=city, at=NOW)
        relocate(rows[0], "320481101", since=date(2017, 3, 1), actor=city, at=NOW)
    monkeypatch.setattr("certification.totals.checkpoint.STEP", 1)
    monkeypatch.setattr("certification.totals.sets.SET", size)
    waiting = lag()
    assert fold(at=NOW) == waiting > 1
    assert lag() == 0
    in_sets = everything()
    assert recount(at=NOW, repair=False).is_clean
    monkeypatch.undo()
    Span.objects.all().delete()
    Total.objects.all().delete()
    DayTotal.objects.all().delete()
    TotalsCheckpoint.objects.update(number=0)
    fold(at=NOW)
    assert everything() == in_sets


def test_folding_a_set_leaves_the_spans_of_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = five_enterprises()
    fold(at=NOW)
    kept = set(Span.objects.exclude(enterprise=rows[1]).values_list("id", flat=True))
    factories.achievement(rows[1], CERTIFICATION, date(2019, 2, 2), at=NOW)
    factories.achievement(rows[1], CERTIFICATION, date(2020, 2, 2), at=NOW)
    monkeypatch.setattr("certification.totals.checkpoint.STEP", 1)
    assert fold(at=NOW) == 2
    assert kept < set(Span.objects.values_list("id", flat=True))
    assert recount(at=NOW, repair=False).is_clean


def test_an_entry_that_moves_no_figure_moves_the_checkpoint_only() -> None:
    five_enterprises()
    fold(at=NOW)
    before = everything()
    factories.enterprise(at=NOW)
    assert lag() == 1
    assert fold(at=NOW) == 1
    assert everything() == before


def test_a_move_takes_the_high_tech_base_along_from_its_day(django_user_model: type) -> None:
    row = factories.enterprise(township="320412100", at=NOW)
    row.high_tech_periods.create(valid_from=date(2016, 1, 1), valid_to=date(2018, 12, 31))
    relocate(row, "320481101", since=date(2017, 3, 1), actor=factories.account(Role.CITY_REVIEWER), at=NOW)
    fold(at=NOW)
    spans = Span.objects.filter(aspect="base").order_by("start").values_list("unit", "start", "stop")
    assert list(spans) == [("wujin", 20160101, 20170301), ("liyang", 20170301, 20190101)]


@pytest.mark.django_db(transaction=True)
def test_folds_at_the_same_time_count_everything_once() -> None:
    five_enterprises()
    start, failures = threading.Barrier(3), []

    def worker() -> None:
        start.wait()
        try:
            fold(at=NOW)
        except Exception as error:  # shown below, in the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert recount(at=NOW, repair=False).is_clean
    assert sum(values[0] for cell, values in stored_totals().items() if cell[0] == "guanbiao_enterprises") == 5


ALTERED_TOTALS: dict[str, tuple[Callable[[], None], str]] = {
    "raised": (
        lambda: alter(
            "UPDATE certification_total SET gained = gained + 3 WHERE indicator = %s AND unit = %s AND month = %s",
            "guanbiao_enterprises",
            "wujin",
            201605,
        ),
        "guanbiao_enterprises wujin 2016-05 gained：存储 4，重新计数 1",
    ),
    "valid lowered": (
        lambda: alter(
            "UPDATE certification_total SET valid = 0 WHERE indicator = %s AND month = %s",
            "nationally_certified",
            201808,
        ),
        "nationally_certified wujin 2018-08 valid：存储 0，重新计数 1",
    ),
    "deleted": (
        lambda: alter(
            "DELETE FROM certification_total WHERE indicator = %s AND month = 201705", "guanbiao_enterprises"
        ),
        "guanbiao_enterprises jingkai 2017-05 gained：存储 0，重新计数 1",
    ),
    "invented": (
        lambda: alter(
            "INSERT INTO certification_total (indicator, unit, month, gained, in_opening, valid, base) "
            "VALUES ('evaluation_passed', 'liyang', 201901, 7, 0, 7, 0)"
        ),
        "evaluation_passed liyang 2019-01 gained：存储 7，重新计数 0",
    ),
    "raised on its day": (
        lambda: alter(
            "UPDATE certification_daytotal SET gained = gained + 3 WHERE indicator = %s AND unit = %s AND month = %s",
            "guanbiao_enterprises",
            "wujin",
            201605,
        ),
        "guanbiao_enterprises wujin 2016-05-10 gained：存储 4，重新计数 1",
    ),
    "on another day of its month": (
        lambda: alter(
            "UPDATE certification_daytotal SET day = 11 WHERE indicator = %s AND month = 201705", "guanbiao_enterprises"
        ),
        "guanbiao_enterprises jingkai 2017-05-10 gained：存储 0，重新计数 1",
    ),
    "a day deleted": (
        lambda: alter(
            "DELETE FROM certification_daytotal WHERE indicator = %s AND month = 201705", "guanbiao_enterprises"
        ),
        "guanbiao_enterprises jingkai 2017-05-10 gained：存储 0，重新计数 1",
    ),
}


@pytest.mark.parametrize("case", ALTERED_TOTALS)
def test_recount_names_a_total_that_was_altered_and_changes_nothing_when_only_checking(case: str) -> None:
    five_enterprises()
    fold(at=NOW)
    change, said = ALTERED_TOTALS[case]
    change()
    altered = everything()
    found = recount(at=NOW, repair=False)
    assert said in map(str, found.differences)
    assert everything() == altered


@pytest.mark.parametrize("case", ALTERED_TOTALS)
def test_recount_repairs_an_altered_total_and_puts_it_on_record(case: str) -> None:
    five_enterprises()
    fold(at=NOW)
    before = everything()
    ALTERED_TOTALS[case][0]()
    assert not recount(at=NOW, repair=True).is_clean
    assert everything() == before
    assert recount(at=NOW, repair=False).is_clean
    assert LedgerEntry.objects.filter(verb=Verb.TOTALS_REPAIRED).count() == 1


ALTERED_SPANS: dict[str, Statement] = {
    "deleted": ("DELETE FROM certification_span WHERE indicator = %s AND aspect = 'counted'", ["nationally_certified"]),
    "other unit": (
        "UPDATE certification_span SET unit = 'jintan' WHERE indicator = %s AND aspect = 'counted'",
        ["nationally_certified"],
    ),
    "other day": (
        "UPDATE certification_span SET start = start + 1 WHERE indicator = %s AND aspect = 'valid'",
        ["nationally_certified"],
    ),
    "doubled": (
        f"INSERT INTO certification_span ({COLUMNS}) SELECT {COLUMNS} FROM certification_span "
        "WHERE indicator = %s AND aspect = 'counted'",
        ["nationally_certified"],
    ),
}


@pytest.mark.parametrize("case", ALTERED_SPANS)
def test_recount_finds_and_repairs_spans_that_were_altered(case: str) -> None:
    """Spans are what drill-downs list: a total may be right while the list behind it is not."""
    five_enterprises()
    fold(at=NOW)
    before = everything()
    statement, parameters = ALTERED_SPANS[case]
    alter(statement, *parameters)
    found = recount(at=NOW, repair=False)
    assert not found.is_clean
    assert not found.differences
    recount(at=NOW, repair=True)
    assert everything() == before


def test_a_span_doubled_in_place_of_another_is_found() -> None:
    """As many rows as there should be, each of them right: one_doubled, one missing."""
    five_enterprises()
    fold(at=NOW)
    before = everything()
    lost, kept = Span.objects.filter(indicator="guanbiao_enterprises", aspect="counted").order_by("id")[:2]
    Span.objects.filter(pk=lost.pk).delete()
    kept.pk = None
    kept.save(force_insert=True)
    found = recount(at=NOW, repair=False)
    assert (found.wrong_spans, found.missing_spans) == (1, 1)
    recount(at=NOW, repair=True)
    assert everything() == before


def test_recount_command_exits_1_naming_the_total_and_0_after_the_repair() -> None:
    five_enterprises()
    fold(at=NOW)
    call_command("recount", "--check", stdout=StringIO())
    ALTERED_TOTALS["raised"][0]()
    out = StringIO()
    with pytest.raises((CommandError, SystemExit)) as stopped:
        call_command("recount", "--check", stdout=out, stderr=out)
    assert "guanbiao_enterprises wujin 2016-05" in out.getvalue() + str(stopped.value)
    call_command("recount", stdout=StringIO(), stderr=StringIO())
    call_command("recount", "--check", stdout=StringIO())


def test_recount_does_not_take_an_unfolded_decision_for_a_difference() -> None:
    five_enterprises()
    assert lag() > 0
    assert recount(at=NOW, repair=False).is_clean


def test_a_decision_folded_between_counting_and_repairing_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = five_enterprises()
    fold(at=NOW)
    ALTERED_TOTALS["raised"][0]()
    plain, late = recounting._count, []

    def count_then_decide(*arguments: Any) -> Recount:
        found = plain(*arguments)
        if not late:
            late.append(factories.achievement(rows[1], CERTIFICATION, date(2019, 4, 2), at=NOW))
            fold(at=NOW)
        return found

    monkeypatch.setattr(recounting, "_count", count_then_decide)
    recount(at=NOW, repair=True)
    monkeypatch.undo()
    assert recount(at=NOW, repair=False).is_clean
    assert Span.objects.filter(achievement=late[0]).exists()


def test_recount_inside_a_transaction_that_is_undone_leaves_nothing() -> None:
    five_enterprises()
    fold(at=NOW)
    before = everything()
    with transaction.atomic():
        recount(at=NOW, repair=True)
        transaction.set_rollback(True)
    assert everything() == before
