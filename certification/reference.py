"""Plans, indicators, rulebooks and the working-day calendar as reference data (data/).

Loaded once; what the bureau edits afterwards stays. Each target and opening balance is an official
figure, so its first loading is on record in the ledger like any later change.
"""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import holidays
from django.db import transaction

from enterprises.reference import rows_of
from ledger.record import SYSTEM, Fact, record
from ledger.verbs import Verb

from .models import (
    CalendarDay,
    Edition,
    EvidenceRule,
    FieldRule,
    Indicator,
    IndicatorVersion,
    ModuleItem,
    OutcomeRow,
    Plan,
    RouteStep,
    Rulebook,
    StageRule,
    WaitRule,
)
from .models.plan import Reading

DATA = Path(__file__).parent / "data"
PLAN_12, PLAN_13 = "12th", "13th"
CALENDAR_YEARS = range(2010, 2028)
SOURCE_13 = "常州市“十三五”知识产权发展规划（2016–2020 年）"

# code -> (reading, stage, only high-tech): how the registry counts what it can count.
READINGS: dict[str, tuple[str, str, bool]] = {
    "guanbiao_enterprises": (Reading.ENTERPRISES, "guanbiao.implementation", False),
    "evaluation_passed": (Reading.ENTERPRISES, "guanbiao.evaluation", False),
    "nationally_certified": (Reading.ENTERPRISES, "guanbiao.certification", False),
    "ip_intensive_high_tech": (Reading.ENTERPRISES, "intensive.recognition", True),
    "international_leaders": (Reading.ENTERPRISES, "intensive.international_leader", False),
    "intensive_guided_per_year": (Reading.YEARLY, "intensive.cultivation", False),
    "high_tech_guanbiao_coverage": (Reading.COVERAGE, "guanbiao.implementation", False),
}
OPENINGS: dict[str, tuple[str, str, str]] = {
    "guanbiao_enterprises": ("456", "2015-12-31", "规划表一“贯标企业数”2015 年末完成数"),
}
NOTES: dict[str, str] = {
    "guanbiao_enterprises": (
        "表一 2015 年末已有 456 家，目标 500 家；正文作“累计通过”，表二作“贯标企业数”，按表二口径计数。"
    ),
    "evaluation_passed": "期初数未见公开，自本系统记载的认定事实起计。",
    "nationally_certified": "期初数未见公开；证书过期仍计入累计，不计入有效。",
    "ip_intensive_high_tech": "以认定当日是否为高新技术企业为准。",
    "high_tech_guanbiao_coverage": "规划作“基本实现全覆盖”，单列比率，不由 500 家推算；分子仅含本系统有记载的企业。",
    "intensive_guided_per_year": "每年 10–20 家，按当年取得记载的企业计数。",
}


@transaction.atomic
def load_plans(*, at: datetime) -> None:
    """Both plans, the outcome table of the 12th and the indicators of the 13th."""
    _plan(
        PLAN_12,
        "常州市“十二五”知识产权发展规划",
        "12th five-year IP plan",
        date(2011, 1, 1),
        date(2015, 12, 31),
        closed=True,
    )
    _plan(PLAN_13, "常州市“十三五”知识产权发展规划", "13th five-year IP plan", date(2016, 1, 1), date(2020, 12, 31))
    for order, row in enumerate(rows_of(DATA / "plan_12th_outcome.csv"), 1):
        _outcome(order, row)
    facts = [
        fact
        for order, row in enumerate(rows_of(DATA / "plan_13th_indicators.csv"), 1)
        for fact in _indicator(order, row)
    ]
    for fact in facts:
        record(fact, actor=SYSTEM, at=at)


def _plan(code: str, title: str, title_en: str, starts_on: date, ends_on: date, *, closed: bool = False) -> None:
    Plan.objects.get_or_create(
        code=code,
        defaults={
            "title": title,
            "title_en": title_en,
            "source": SOURCE_13,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "is_closed": closed,
        },
    )


def _outcome(order: int, row: dict[str, str]) -> None:
    OutcomeRow.objects.get_or_create(
        plan_id=PLAN_12,
        order=order,
        defaults={
            "category": row["category"],
            "name": row["name_zh"],
            "target": Decimal(row["target"]) if row["target"] else None,
            # 企业申请占比 is printed with its unit.
            "actual": Decimal(row["actual"].rstrip("%")),
            "unit": row["unit"] if "%" not in row["actual"] else "%",
            "printed_rate": row["printed_completion_rate"],
            "note": OUTCOME_NOTES.get(row["name_zh"], ""),
        },
    )


OUTCOME_NOTES = {"发明专利授权量": "原表印作 324%；7465÷2300＝324.57%，四舍五入为 325%"}


def _indicator(order: int, row: dict[str, str]) -> list[Fact]:
    """Create the indicator and its first version; the ledger facts to record if it is new."""
    code = row["code"]
    indicator, created = Indicator.objects.get_or_create(plan_id=PLAN_13, code=code, defaults={"order": order})
    if not created:
        return []
    reading, stage, high_tech_only = READINGS.get(code, (Reading.NONE, "", False))
    opening, opening_on, opening_source = OPENINGS.get(code, ("", "", ""))
    version = IndicatorVersion.objects.create(
        indicator=indicator,
        in_force_from=date(2016, 1, 1),
        category=row["category"],
        name=row["name_zh"],
        name_en=row["name_en"],
        kind=row["kind"],
        comparator=row["comparator"],
        target=Decimal(row["target"]),
        target_max=Decimal(row["target_max"]) if row["target_max"] else None,
        unit=row["unit"],
        passage=row["source_section"],
        in_headline_table=row["in_table2"] == "yes",
        computed_from=row["computed_from"],
        reading=reading,
        stage=stage,
        high_tech_only=high_tech_only,
        opening=Decimal(opening) if opening else None,
        opening_on=date.fromisoformat(opening_on) if opening_on else None,
        opening_source=opening_source,
        reporter="常州市知识产权局" if row["computed_from"] == "registry" else "",
        note=NOTES.get(code, ""),
    )
    facts = [Fact(Verb.TARGET_SET, f"indicator:{PLAN_13}:{code}", {"version": 1, "target": str(version.target)})]
    if opening:
        payload = {"version": 1, "opening": opening, "on": opening_on}
        facts.append(Fact(Verb.OPENING_BALANCE_SET, f"indicator:{PLAN_13}:{code}", payload))
    return facts


def load_calendar() -> None:
    """Public holidays and moved working days (调休), from the package `holidays`, where none are kept yet."""
    for year in CALENDAR_YEARS:
        if CalendarDay.objects.filter(day__year=year).exists():
            continue
        china = holidays.country_holidays("CN", years=year)
        days = {day: (False, name) for day, name in china.items()}
        days.update({day: (True, "调休上班") for day in china.weekend_workdays if day.year == year})
        CalendarDay.objects.bulk_create(
            CalendarDay(day=day, is_working=working, name=name[:60], source="holidays 0.109")
            for day, (working, name) in sorted(days.items())
        )


@transaction.atomic
def load_rulebooks() -> None:
    """Editions with their menus, and the rulebooks with the rules of each stage."""
    data = json.loads((DATA / "rulebooks.json").read_text(encoding="utf-8"), parse_float=Decimal)
    for edition in data["editions"]:
        _edition(dict(edition))
    for book in data["rulebooks"]:
        _rulebook(dict(book), data)


def _edition(edition: dict[str, Any]) -> None:
    modules = edition.pop("modules")
    row, created = Edition.objects.get_or_create(code=edition.pop("code"), defaults=edition)
    if created:
        names = ("code", "chapter", "title", "title_en", "obligatory")
        ModuleItem.objects.bulk_create(
            ModuleItem(edition=row, order=order, **dict(zip(names, module, strict=True)))
            for order, module in enumerate(modules)
        )


def _rulebook(book: dict[str, Any], data: dict[str, Any]) -> None:
    months = book.pop("wait_months")
    row, created = Rulebook.objects.get_or_create(in_force_from=book.pop("in_force_from"), defaults=book)
    if not created:
        return
    for stage, content in data["stages"].items():
        _stage_rule(row, stage, content, route=data["route"], months=months)


def _stage_rule(book: Rulebook, stage: str, content: dict[str, Any], *, route: list[list[Any]], months: int) -> None:
    rule = StageRule.objects.create(
        rulebook=book,
        stage=stage,
        basis=content["basis"],
        guidance=content["guidance"],
        edition_id=content["edition"],
    )
    RouteStep.objects.bulk_create(
        RouteStep(rule=rule, order=order, level=level, accept_days=accept, decide_days=decide)
        for order, (level, accept, decide) in enumerate(route, 1)
    )
    WaitRule.objects.bulk_create(
        WaitRule(rule=rule, after_stage=after, months=months, basis=content["basis"]) for after in content["waits"]
    )
    FieldRule.objects.bulk_create(
        FieldRule(rule=rule, order=order, **field) for order, field in enumerate(content["fields"])
    )
    EvidenceRule.objects.bulk_create(
        EvidenceRule(rule=rule, order=order, **paper) for order, paper in enumerate(content["evidence"])
    )


def load_reference(*, at: datetime) -> None:
    """Everything above, in order."""
    load_calendar()
    load_rulebooks()
    load_plans(at=at)
