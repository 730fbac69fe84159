"""Recount, fold and figures beside the bare SQL that they cannot do without."""

from datetime import date

from django.db import connection
from django.db.models import Count, F, Sum
from django.utils import timezone

from certification.models import Plan, Span, Total
from certification.totals.checkpoint import fold
from certification.totals.figures import figures, sums_on
from certification.totals.measures import measures_in_force
from certification.totals.recount import recount

from . import cases
from .measure import Result, by_turns, each, median_of, repeated, seconds

INDICATOR = "guanbiao_enterprises"
A_DAY = date(2020, 6, 17)


def sql(statement: str, *parameters: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def recounting(size: int) -> Result:
    """Everything counted anew and held against totals and spans; limit: every fact looked at once.

    A recount reads more than the facts: every stored span (nine for six facts), the periods and places behind the
    coverage of high-tech enterprises, every stored total. `group_by`: the facts of the limit, merely grouped by
    stage, unit and month, as any count of them must be. `cells`: at small sizes there are nearly as many totals as
    facts. `thorough`: every span derived and compared one by one, as every night, where nothing is taken from sums.
    """
    bare = (
        "SELECT COUNT(*), SUM(effective_ymd), SUM(COALESCE(ended_ymd, 0)), MAX(reporting_unit_id), MAX(stage), "
        "MAX(ended_reason) FROM certification_achievement"
    )
    grouped = (
        "SELECT stage, reporting_unit_id, effective_ymd / 100, COUNT(*) FROM certification_achievement "
        "GROUP BY stage, reporting_unit_id, effective_ymd / 100"
    )
    found = recount(at=timezone.now(), repair=False)
    product, limit = by_turns(lambda: recount(at=timezone.now(), repair=False), lambda: sql(bare))
    return Result(
        "full recount",
        product,
        limit,
        1.5 if connection.vendor == "postgresql" else 1.8,
        "<= 1.5 x PostgreSQL, <= 1.8 x SQLite",
        "recount of all indicators, units, months, spans",
        "bare scan of the facts",
        {
            "cells": found.cells,
            "spans": Span.objects.count(),
            "clean": found.is_clean,
            "group_by": median_of(lambda: sql(grouped), rounds=3) / limit,
            "thorough": seconds(lambda: recount(at=timezone.now(), repair=False, thorough=True)) / limit,
        },
    )


def counting_by_orm(size: int) -> Result:
    """The month sums of all spans through the ORM and as the same SQL by hand."""

    def by_orm() -> None:
        rows = Span.objects.values("indicator", "unit", month=F("start") / 100).annotate(n=Count("*"))
        list(rows.order_by().values_list("indicator", "unit", "month", "n"))

    statement = (
        "SELECT indicator, unit, start / 100 AS month, COUNT(*) FROM certification_span "
        "GROUP BY indicator, unit, start / 100"
    )
    product, limit = by_turns(by_orm, lambda: sql(statement))
    return Result("recount through the ORM", product, limit, 1.10, "<= 1.10 x", "ORM GROUP BY", "the same raw SQL")


def folding(size: int) -> Result:
    """An approval and the fold that follows it; limit: the approval alone."""
    ready = cases.awaiting_approval(18)
    first, second = ready[:9], ready[9:]

    def approve_and_fold(case: cases.Case) -> None:
        cases.approve(case)
        fold(at=timezone.now())

    product, limit = by_turns(each(approve_and_fold, first), each(cases.approve, second), rounds=8)
    fold(at=timezone.now())
    return Result("fold of one new achievement", product, limit, 1.20, "<= 1.20 x", "approval + fold", "approval alone")


def one_figure(size: int) -> Result:
    """What is read for one indicator on a day, all units; limit: one indexed sum over the stored totals."""
    plan = Plan.objects.get(code="13th")
    statement = (
        "SELECT unit, SUM(gained), SUM(valid), SUM(base) FROM certification_total "
        "WHERE indicator = %s AND month < 202006 GROUP BY unit"
    )
    product, limit = by_turns(
        repeated(lambda: sums_on(A_DAY, [INDICATOR]), 20), repeated(lambda: sql(statement, INDICATOR), 20)
    )
    whole = seconds(repeated(lambda: figures(plan, as_of=A_DAY, indicators=[INDICATOR]), 20)) / 20
    return Result(
        "one figure",
        product / 20,
        limit / 20,
        1.5,
        "<= 1.5 x",
        "sums of the day, all units",
        "one indexed SQL sum",
        {"with_its_definition_ms": whole * 1000},
    )


def dashboard(size: int) -> Result:
    """The SQL behind all cells of the board on a day; limit: the month sums alone through the ORM's connection."""
    codes = [measure.indicator for measure in measures_in_force(on=A_DAY)]
    product, limit = by_turns(
        repeated(lambda: sums_on(A_DAY, codes), 20),
        repeated(
            lambda: sql("SELECT indicator, unit, SUM(gained) FROM certification_total GROUP BY indicator, unit"), 20
        ),
    )
    cells = sum(len(units) for units in sums_on(A_DAY, codes).values())
    whole = seconds(lambda: figures(Plan.objects.get(code="13th"), as_of=A_DAY))
    return Result(
        "dashboard of all cells",
        product / 20,
        limit / 20,
        1.5,
        "<= 1.5 x; <= 1 ms",
        "SQL of all cells on a day",
        "month sums only",
        {
            "cells": cells,
            "sql_ms": product / 20 * 1000,
            "figures_ms": whole * 1000,
            "totals": Total.objects.aggregate(n=Sum("gained"))["n"],
        },
    )


ROWS = (recounting, counting_by_orm, folding, one_figure, dashboard)
