"""Plans, indicators, rulebooks and the working-day calendar as reference data (data/).

Loaded once; what the bureau edits afterwards stays. Each target and opening balance is an official
figure, so its first loading is on record in the ledger like any later change.
"""

import json
from collections.abc import Set
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import holidays
from django.db import transaction
from django.utils import timezone

from enterprises.reference import rows_of
from ledger.contents import content_digest, record_loaded
from ledger.record import SYSTEM, Fact, record
from ledger.verbs import Verb

from .models import (
    CalendarDay,
    Edition,
    EditionTerms,
    ExpertField,
    Indicator,
    IndicatorVersion,
    ModuleItem,
    NoticeTerms,
    OutcomeRow,
    Plan,
    Rulebook,
    ScoreSheet,
    SheetItem,
    StageRule,
    TitleTerms,
)
from .models.plan import Reading
from .notices.wordings import load_wordings
from .services import (
    edition_terms,
    editions,
    experts,
    initial_limits,
    initial_rules,
    notice_terms,
    plan_marks,
    rulebook_versions,
    rulebooks,
    sheets,
    title_terms,
)
from .services.calendar_days import calendar_contents, year_subject
from .services.document_wordings import load_document_wordings
from .services.input_reference import load_input_tables
from .services.plan_contents import indicator_content, indicator_subject, put_on_record
from .services.rulebook_changes import rulebook_contents

REASON_OF_VERSION = "系统升级，补充原规则年度冻结后新增的阶段（系统初始值，由市局核定）"
DATA = Path(__file__).parent / "data"
PLAN_12, PLAN_13 = "12th", "13th"
CALENDAR_YEARS = range(2010, 2028)
SOURCE_13 = "常州市“十三五”知识产权发展规划（2016–2020 年）"

PLANS: dict[str, dict[str, Any]] = {
    PLAN_12: {
        "title": "常州市“十二五”知识产权发展规划",
        "title_en": "12th five-year IP plan",
        "starts_on": date(2011, 1, 1),
        "ends_on": date(2015, 12, 31),
        "is_closed": True,
    },
    PLAN_13: {
        "title": "常州市“十三五”知识产权发展规划",
        "title_en": "13th five-year IP plan",
        "starts_on": date(2016, 1, 1),
        "ends_on": date(2020, 12, 31),
    },
}
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
    loaded = [_plan(code, plan) for code, plan in PLANS.items()]
    record_loaded(Verb.PLAN_MARKED, plan_marks.plan_contents(), filter(None, loaded), at=at)
    for order, row in enumerate(rows_of(DATA / "plan_12th_outcome.csv"), 1):
        _outcome(order, row)
    facts = [
        fact
        for order, row in enumerate(rows_of(DATA / "plan_13th_indicators.csv"), 1)
        for fact in _indicator(order, row)
    ]
    for fact in facts:
        record(fact, actor=SYSTEM, at=at)
    put_on_record(at=at)


def _plan(code: str, plan: dict[str, Any]) -> str:
    """Create a plan, unless it is there; the ledger's name of a created one."""
    row, created = Plan.objects.get_or_create(code=code, defaults={**plan, "source": SOURCE_13})
    return plan_marks.subject_of(row.pk) if created else ""


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
    subject, whole = indicator_subject(PLAN_13, code), content_digest(indicator_content(indicator))
    facts = [Fact(Verb.TARGET_SET, subject, {"version": 1, "target": str(version.target), "digest": whole})]
    if opening:
        payload = {"version": 1, "opening": opening, "on": opening_on}
        facts.append(Fact(Verb.OPENING_BALANCE_SET, subject, payload))
    return facts


@transaction.atomic
def load_calendar(*, at: datetime) -> None:
    """Public holidays and moved working days (调休), from the package `holidays`, where none are kept yet."""
    missing = [year for year in CALENDAR_YEARS if not CalendarDay.objects.filter(day__year=year).exists()]
    for year in missing:
        china = holidays.country_holidays("CN", years=year, language="zh_CN")
        days = {day: (False, name) for day, name in china.items()}
        days.update({day: (True, "调休上班") for day in china.weekend_workdays if day.year == year})
        CalendarDay.objects.bulk_create(
            CalendarDay(day=day, is_working=working, name=name[:60], source="holidays 0.109")
            for day, (working, name) in sorted(days.items())
        )
    record_loaded(Verb.CALENDAR_CHANGED, calendar_contents(), map(year_subject, missing), at=at)


@transaction.atomic
def load_rulebooks(*, at: datetime) -> None:
    """Editions with their menus, and the rulebooks with the rules of each stage."""
    data = initial_rules.rule_data()
    loaded = [_edition(dict(edition)) for edition in data["editions"]]
    record_loaded(Verb.EDITION_CHANGED, editions.edition_contents(), filter(None, loaded), at=at)
    known = set(StageRule.objects.values_list("stage", flat=True))
    loaded = [_rulebook(dict(book), data, known) for book in data["rulebooks"]]
    loaded = [*filter(None, loaded), *(_in_advance(known) if known else ())]
    record_loaded(Verb.RULEBOOK_CHANGED, rulebook_contents(), dict.fromkeys(loaded), at=at)
    if known:
        _follow_frozen(known, at=at)
    initial_limits.bring_limits(at=at)


def _edition(edition: dict[str, Any]) -> str:
    """Create an edition with its menu, unless it is there; the ledger's name of a created one."""
    modules = edition.pop("modules")
    row, created = Edition.objects.get_or_create(code=edition.pop("code"), defaults=edition)
    if created:
        names = ("code", "chapter", "title", "title_en", "obligatory")
        ModuleItem.objects.bulk_create(
            ModuleItem(edition=row, order=order, **dict(zip(names, module, strict=True)))
            for order, module in enumerate(modules)
        )
    return editions.subject_of(row.pk) if created else ""


def _rulebook(book: dict[str, Any], data: dict[str, Any], known: Set[str]) -> str:
    """As for an edition; one that is there and not frozen gets the stages that none had before (`known`)."""
    del book["wait_months"]
    for name in ("instead", "correction_days"):
        book.pop(name, None)
    row, created = Rulebook.objects.get_or_create(in_force_from=book.pop("in_force_from"), defaults=book)
    if row.is_frozen:
        return ""
    row.refresh_from_db()
    missing = [stage for stage in data["stages"] if created or stage not in known]
    for stage in missing:
        initial_rules.add_stage(row, stage, with_papers=False)
    return rulebooks.subject_of(row) if missing else ""


def _in_advance(known: Set[str]) -> list[str]:
    """As for a rulebook of the product, for those of later days that the city has prepared; their ledger names."""
    prepared = Rulebook.objects.filter(frozen_at__isnull=True).order_by("in_force_from")
    loaded = []
    for book in prepared:
        missing = [stage for stage in initial_rules.lacking(book) if stage not in known]
        for stage in missing:
            initial_rules.add_stage(book, stage)
        loaded += [rulebooks.subject_of(book)] if missing else []
    return loaded


def _follow_frozen(known: Set[str], *, at: datetime) -> None:
    """A frozen rulebook that is older than a stage of the product is followed by a version with it, from tomorrow."""
    found, tomorrow = rulebook_versions.lacking_now(on=timezone.localdate(at)), timezone.localdate(at) + timedelta(1)
    missing = [stage for stage in found[1] if stage not in known] if found else []
    if found and missing and not Rulebook.objects.filter(in_force_from=tomorrow).exists():
        rulebook_versions.add_version(
            found[0], missing, in_force_from=tomorrow, reason=REASON_OF_VERSION, actor=SYSTEM, at=at
        )


@transaction.atomic
def load_panels(*, at: datetime) -> None:
    """The sample sheet and the fields of expertise, where there are none yet."""
    data = json.loads((DATA / "panels.json").read_text(encoding="utf-8"), parse_float=Decimal)
    loaded = []
    for field in data["fields"]:
        known, created = ExpertField.objects.get_or_create(code=field.pop("code"), defaults=field)
        loaded += [experts.field_subject(known.pk)] if created else []
    record_loaded(Verb.EXPERT_FIELD_CHANGED, experts.field_contents(), loaded, at=at)
    loaded = []
    for sheet in data["sheets"]:
        items = sheet.pop("items")
        row, created = ScoreSheet.objects.get_or_create(code=sheet.pop("code"), defaults=sheet)
        if created:
            SheetItem.objects.bulk_create(SheetItem(sheet=row, order=n, **item) for n, item in enumerate(items, 1))
            loaded.append(sheets.subject_of(row.pk))
    record_loaded(Verb.SHEET_CHANGED, sheets.sheet_contents(), loaded, at=at)


@transaction.atomic
def load_edition_terms(*, at: datetime) -> None:
    """What each edition asks of certificates, unless it is kept already."""
    loaded = []
    for said in json.loads((DATA / "edition_terms.json").read_text(encoding="utf-8")):
        row, created = EditionTerms.objects.get_or_create(edition=said.pop("edition"), defaults=said)
        loaded += [edition_terms.subject_of(row.pk)] if created else []
    record_loaded(Verb.EDITION_TERMS_CHANGED, edition_terms.terms_contents(), loaded, at=at)


@transaction.atomic
def load_title_terms(*, at: datetime) -> None:
    """After how many months each kind of title is re-examined, unless it is kept already."""
    loaded = []
    for said in json.loads((DATA / "title_terms.json").read_text(encoding="utf-8")):
        row, created = TitleTerms.objects.get_or_create(stage=said.pop("stage"), defaults=said)
        loaded += [title_terms.subject_of(row.pk)] if created else []
    record_loaded(Verb.TITLE_TERMS_CHANGED, title_terms.terms_contents(), loaded, at=at)


@transaction.atomic
def load_notice_terms(*, at: datetime) -> None:
    """What the public notices of each stage say besides their lines, unless it is kept already."""
    loaded = []
    for said in json.loads((DATA / "notice_terms.json").read_text(encoding="utf-8")):
        row, created = NoticeTerms.objects.get_or_create(stage=said.pop("stage"), defaults=said)
        loaded += [notice_terms.subject_of(row.pk)] if created else []
    record_loaded(Verb.NOTICE_TERMS_CHANGED, notice_terms.notice_terms_contents(), loaded, at=at)


def load_reference(*, at: datetime) -> None:
    """Everything above, in order."""
    load_calendar(at=at)
    load_rulebooks(at=at)
    load_edition_terms(at=at)
    load_title_terms(at=at)
    load_notice_terms(at=at)
    load_input_tables(at=at)
    load_panels(at=at)
    load_document_wordings(at=at)
    load_plans(at=at)
    load_wordings(at=at)
