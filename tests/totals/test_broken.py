"""Whatever SQL put into totals, spans or checkpoint: a recount names it, never ends in an error, and repairs it."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from certification.models import Achievement, Span, TotalsCheckpoint
from certification.totals.checkpoint import fold, lag
from certification.totals.figures import sums_on
from certification.totals.recount import recount
from ledger.models import LedgerHead
from tests import factories

from .histories import NOW
from .test_recount import GUIDED, IMPLEMENTATION, check_counts, execute, few_facts

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL holds no value of another kind")
RUBBISH = ("'abc'", "X'FF'", "CAST(X'FF' AS TEXT)", "1.5", "9e999", "9223372036854775807", "-1", "''", "NULL")
COLUMNS = {
    "certification_total": ("indicator", "unit", "month", "gained", "in_opening", "valid", "base"),
    "certification_daytotal": ("indicator", "unit", "month", "day", "gained", "valid"),
    "certification_span": ("indicator", "unit", "start", "stop", "enterprise_id", "achievement_id", "in_opening"),
    "certification_totalscheckpoint": ("number", "definition", "folded_at", "recounted_at"),
}


def put(table: str, column: str, value: str) -> bool:
    """Into one row, if the database takes it there."""
    try:
        with transaction.atomic():
            return execute(f"UPDATE {table} SET {column} = {value} WHERE id = (SELECT MIN(id) FROM {table})") == 1
    except IntegrityError:
        return False


@on_sqlite
@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("table", COLUMNS)
def test_no_value_ends_a_recount_or_outlives_it(table: str, thorough: bool) -> None:
    few_facts()
    for column in COLUMNS[table]:
        for value in RUBBISH:
            with transaction.atomic():
                if put(table, column, value):
                    found = recount(at=NOW, repair=False, thorough=thorough)
                    # Of a truth value only the truth counts; a checkpoint is set right by the folding itself.
                    harmless = column in ("in_opening", *COLUMNS["certification_totalscheckpoint"]) or value == "NULL"
                    assert harmless or not found.is_clean, (column, value)
                    recount(at=NOW, repair=True, thorough=thorough)
                    assert recount(at=NOW, repair=False, thorough=thorough).is_clean, (column, value)
                    if thorough:
                        check_counts()
                transaction.set_rollback(True)


@on_sqlite
def test_the_command_names_the_row_and_repairs_it() -> None:
    few_facts()
    execute("UPDATE certification_total SET gained = 'abc' WHERE id = (SELECT MIN(id) FROM certification_total)")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("recount", "--check", stdout=out)
    assert "无法识别：汇总数第 1 行“计数增减”栏的值无法识别" in out.getvalue().replace(
        f"第 {first_total()} 行", "第 1 行"
    )
    call_command("recount", stdout=out)
    call_command("recount", "--check", "--thorough", stdout=out)


def first_total() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT MIN(id) FROM certification_total")
        return int(cursor.fetchone()[0])


@on_sqlite
def test_a_fact_that_cannot_be_read_is_named_and_left() -> None:
    few_facts()
    execute("UPDATE certification_indicatorversion SET opening_on = 'abc' WHERE opening_on IS NOT NULL")
    for repair in (False, True):
        found = recount(at=NOW, repair=repair)
        assert not found.is_clean
        assert not found.repaired
        assert "无法识别" in found.broken[0]
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("recount", stdout=out)


def test_a_checkpoint_beyond_the_end_is_named_and_does_not_stop_the_folding() -> None:
    rows = few_facts()
    TotalsCheckpoint.objects.update(number=999_999)
    found = recount(at=NOW, repair=False)
    assert "汇总进度 999999 超过台账末号" in found.broken[0]
    before = sums_on(NOW.date(), ["guanbiao_enterprises"])
    factories.achievement(rows[3], IMPLEMENTATION, date(2020, 5, 10), at=NOW)
    assert fold(at=NOW) > 0
    assert lag() == 0
    assert sums_on(NOW.date(), ["guanbiao_enterprises"]) != before
    TotalsCheckpoint.objects.update(number=999_999)
    recount(at=NOW, repair=True)
    assert TotalsCheckpoint.objects.get().number >= LedgerHead.objects.get().number - 1
    assert recount(at=NOW, repair=False).is_clean


def test_spans_that_changed_places_are_found_by_their_sums() -> None:
    rows = few_facts()
    factories.achievement(rows[1], GUIDED, date(2018, 5, 10), at=NOW)
    fold(at=NOW)
    one, other = Span.objects.filter(indicator="intensive_guided_per_year", aspect="counted").order_by("pk")[:2]
    assert (one.start, one.stop, one.unit) == (other.start, other.stop, other.unit)
    assert recount(at=NOW, repair=False).is_clean
    for first, second in ((other.enterprise_id, one.enterprise_id), (one.enterprise_id + 1, other.enterprise_id - 1)):
        Span.objects.filter(pk=one.pk).update(enterprise=first)
        Span.objects.filter(pk=other.pk).update(enterprise=second)
        assert not recount(at=NOW, repair=False).is_clean


@on_sqlite
def test_first_is_true_or_null_even_where_the_database_was_told_not_to_look() -> None:
    few_facts()
    fact = Achievement.objects.filter(is_first=True).first()
    assert fact is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        execute("UPDATE certification_achievement SET is_first = 2 WHERE id = %s", fact.pk)
    for value in (0, 2):
        execute("PRAGMA ignore_check_constraints = ON")
        try:
            execute("UPDATE certification_achievement SET is_first = %s WHERE id = %s", value, fact.pk)
        finally:
            execute("PRAGMA ignore_check_constraints = OFF")
        execute("UPDATE certification_span SET unit = 'liyang' WHERE achievement_id = %s", fact.pk)
        assert not recount(at=NOW, repair=False).is_clean
        recount(at=NOW, repair=True)
        check_counts()
