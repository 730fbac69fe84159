"""Conditions of a stage (关口): each returns the refusals that stand in its way, all at once. Pure.

Numbers, fields and papers come from the rulebook passed in (`Rule`), facts from the `Dossier`; nothing
here knows a policy number.
"""

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from .errors import Refusal
from .values import MOST_DIGITS, is_day, is_plain_number


@dataclass(frozen=True, slots=True)
class FieldNeed:
    """A form field of the stage. `kind`: text, textarea, integer, decimal, date, choice, boolean."""

    code: str
    label: str
    kind: str
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int = 500
    unit: str = ""
    help_text: str = ""
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceNeed:
    """A paper of the stage (佐证材料). `group` ties it to one of 四落实 or to the commitment."""

    code: str
    label: str
    group: str = ""
    required: bool = True
    basis: str = ""
    help_text: str = ""
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class ModuleNeed:
    """A module of the standard's menu; obligatory ones belong to every run."""

    code: str
    label: str
    chapter: str
    obligatory: bool
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Months that must have passed since another stage was reached; 0 only asks that it was."""

    after_stage: str
    after_stage_name: str
    months: int
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One stage's rule of one year, as the gates need it."""

    stage: str
    stage_name: str
    year: int
    basis: str = ""
    fields: tuple[FieldNeed, ...] = ()
    evidence: tuple[EvidenceNeed, ...] = ()
    modules: tuple[ModuleNeed, ...] = ()
    minimum_chosen_modules: int = 0
    waits: tuple[Wait, ...] = ()
    upload_terms: str = "扫描件或电子文件"


@dataclass(frozen=True, slots=True)
class Dossier:
    """The facts about an enterprise and its application on a day."""

    day: date
    contact_given: bool = True
    township_known: bool = True
    reached: Mapping[str, date] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, int] = field(default_factory=dict)
    modules: frozenset[str] = frozenset()


Gate = Callable[[Rule, Dossier], list[Refusal]]


def months_after(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def enterprise_file_complete(rule: Rule, dossier: Dossier) -> list[Refusal]:
    found = []
    if not dossier.contact_given:
        found.append(
            Refusal("contact_missing", "企业档案缺联系人和联系电话", field="contact", remedy="请在企业档案中补充")
        )
    if not dossier.township_known:
        found.append(
            Refusal(
                "township_missing",
                "企业档案未填到乡镇（街道）",
                field="township",
                remedy="请联系所在辖市区，在企业档案中补全所在乡镇（街道）",
            )
        )
    return found


def not_already_achieved(rule: Rule, dossier: Dossier) -> list[Refusal]:
    since = dossier.reached.get(rule.stage)
    if since is None:
        return []
    return [Refusal("already_achieved", f"“{rule.stage_name}”已于 {since} 取得，无需再次申报", field="stage")]


def prerequisites_met(rule: Rule, dossier: Dossier) -> list[Refusal]:
    return [
        Refusal(
            "prerequisite_missing",
            f"须先取得“{wait.after_stage_name}”",
            field="stage",
            remedy=f"请先申报“{wait.after_stage_name}”",
            rule=wait.basis or rule.basis,
        )
        for wait in rule.waits
        if wait.after_stage not in dossier.reached
    ]


def waits_over(rule: Rule, dossier: Dossier) -> list[Refusal]:
    found = []
    for wait in rule.waits:
        since = dossier.reached.get(wait.after_stage)
        if since is None:
            continue
        possible = months_after(since, wait.months)
        if possible > dossier.day:
            found.append(
                Refusal(
                    "wait_not_over",
                    f"“{wait.after_stage_name}”满 {wait.months} 个月后方可申报，最早 {possible}",
                    field="stage",
                    remedy=f"请于 {possible} 起提交",
                    rule=wait.basis or rule.basis,
                    possible_on=possible,
                )
            )
    return found


def fields_complete(rule: Rule, dossier: Dossier) -> list[Refusal]:
    found = [refusal for need in rule.fields for refusal in field_refusals(need, dossier.fields.get(need.code))]
    known = {need.code for need in rule.fields}
    found.extend(
        Refusal("unknown_field", f"字段“{code}”不属于本申报", field=code)
        for code in dossier.fields
        if code not in known
    )
    return found


def modules_chosen(rule: Rule, dossier: Dossier) -> list[Refusal]:
    menu = {module.code for module in rule.modules}
    chosen = {module.code for module in rule.modules if not module.obligatory} & dossier.modules
    found = [
        Refusal("module_unknown", f"模块“{code}”不在菜单中", field="modules", remedy="请从菜单中选择")
        for code in sorted(dossier.modules - menu)
    ]
    if rule.modules and len(chosen) < rule.minimum_chosen_modules:
        found.append(
            Refusal(
                "modules_too_few",
                f"除必选章节外，至少再选 {rule.minimum_chosen_modules} 个模块，现选 {len(chosen)} 个",
                field="modules",
                remedy="请在模块菜单中勾选",
                rule=rule.basis,
            )
        )
    return found


def evidence_complete(rule: Rule, dossier: Dossier) -> list[Refusal]:
    return [
        Refusal(
            "evidence_missing",
            f"缺材料：{need.label}",
            field=f"evidence.{need.code}",
            remedy=f"请上传 {rule.upload_terms}",
            rule=need.basis or rule.basis,
        )
        for need in rule.evidence
        if need.required and not dossier.evidence.get(need.code)
    ]


GATES: dict[str, Gate] = {
    gate.__name__: gate
    for gate in (
        enterprise_file_complete,
        not_already_achieved,
        prerequisites_met,
        waits_over,
        fields_complete,
        modules_chosen,
        evidence_complete,
    )
}


def refusals(names: tuple[str, ...], rule: Rule, dossier: Dossier) -> list[Refusal]:
    """What stands in the way of the named gates."""
    return [refusal for name in names for refusal in GATES[name](rule, dossier)]


def field_refusals(need: FieldNeed, value: Any) -> list[Refusal]:
    """What is wrong with one field's value; an absent optional one is fine."""
    if value in (None, ""):
        return [_field(need, "field_missing", f"请填写“{need.label}”")] if need.required else []
    reason = _CHECKS[need.kind](need, value)
    return [_field(need, "field_invalid", f"“{need.label}”{reason}")] if reason else []


def _field(need: FieldNeed, code: str, message: str) -> Refusal:
    return Refusal(code, message, field=need.code, remedy=need.help_text)


def _text(need: FieldNeed, value: Any) -> str:
    if not isinstance(value, str):
        return "应为文字"
    return f"最多 {need.max_length} 字，现 {len(value)} 字" if len(value) > need.max_length else ""


def _number(need: FieldNeed, value: Any) -> str:
    text = str(value)
    if isinstance(value, bool | float) or not is_plain_number(text):
        return f"应为数字，现为“{value}”"
    if need.kind == "integer" and "." in text:
        return f"应为整数，现为“{value}”"
    too_long = f"应为数字，现为“{value}”" if len(text) > MOST_DIGITS else ""
    return _range(need, Decimal(text)) or too_long


def _range(need: FieldNeed, number: Decimal) -> str:
    if need.minimum is not None and number < need.minimum:
        return f"不得小于 {need.minimum.normalize():f}{need.unit}"
    if need.maximum is not None and number > need.maximum:
        return f"不得大于 {need.maximum.normalize():f}{need.unit}"
    return ""


def _day(need: FieldNeed, value: Any) -> str:
    return "" if is_day(str(value)) else f"应为日期（如 2026-03-01），现为“{value}”"


def _choice(need: FieldNeed, value: Any) -> str:
    names = dict(need.choices)
    return "" if isinstance(value, str) and value in names else f"应为{'、'.join(names.values())}之一"


def _boolean(need: FieldNeed, value: Any) -> str:
    if not isinstance(value, bool):
        return "应为是或否"
    return "" if value or not need.required else "须勾选"


_CHECKS: dict[str, Callable[[FieldNeed, Any], str]] = {
    "text": _text,
    "textarea": _text,
    "integer": _number,
    "decimal": _number,
    "date": _day,
    "choice": _choice,
    "boolean": _boolean,
}
