"""Conditions of a stage (关口): each returns the refusals that stand in its way, all at once. Pure.

Numbers, fields and papers come from the rulebook passed in (`Rule`), facts from the `Dossier`; nothing
here knows a policy number.
"""

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from enterprises.language import _, in_words, named

from .errors import Refusal
from .fields import FieldNeed as FieldNeed
from .fields import field_refusals as field_refusals
from .fields import unknown_field
from .stages import STAGES


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
    months: int
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One stage's rule of one year, as the gates need it."""

    stage: str
    year: int
    basis: str = ""
    fields: tuple[FieldNeed, ...] = ()
    evidence: tuple[EvidenceNeed, ...] = ()
    modules: tuple[ModuleNeed, ...] = ()
    minimum_chosen_modules: int = 0
    waits: tuple[Wait, ...] = ()
    file_types: tuple[str, ...] = ()
    most_megabytes: int = 0


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


def _stage(code: str) -> str:
    return named(STAGES[code])


def months_after(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def enterprise_file_complete(rule: Rule, dossier: Dossier) -> list[Refusal]:
    found = []
    if not dossier.contact_given:
        found.append(
            Refusal("contact_missing", _("企业档案缺联系人和联系电话"), field="contact", remedy=_("请在企业档案中补充"))
        )
    if not dossier.township_known:
        found.append(
            Refusal(
                "township_missing",
                _("企业档案未填到乡镇（街道）"),
                field="township",
                remedy=_("请联系所在辖市区，在企业档案中补全所在乡镇（街道）"),
            )
        )
    return found


def not_already_achieved(rule: Rule, dossier: Dossier) -> list[Refusal]:
    since = dossier.reached.get(rule.stage)
    if since is None:
        return []
    message = _("“%(stage)s”已于 %(day)s 取得，无需再次申报") % {"stage": _stage(rule.stage), "day": since}
    return [Refusal("already_achieved", message, field="stage")]


def prerequisites_met(rule: Rule, dossier: Dossier) -> list[Refusal]:
    return [
        Refusal(
            "prerequisite_missing",
            _("须先取得“%(stage)s”") % {"stage": _stage(wait.after_stage)},
            field="stage",
            remedy=_("请先申报“%(stage)s”") % {"stage": _stage(wait.after_stage)},
            rule=in_words(wait.basis or rule.basis),
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
            said = {"stage": _stage(wait.after_stage), "months": wait.months, "day": possible}
            found.append(
                Refusal(
                    "wait_not_over",
                    _("“%(stage)s”满 %(months)s 个月后方可申报，最早 %(day)s") % said,
                    field="stage",
                    remedy=_("请于 %(day)s 起提交") % said,
                    rule=in_words(wait.basis or rule.basis),
                    possible_on=possible,
                )
            )
    return found


def fields_complete(rule: Rule, dossier: Dossier) -> list[Refusal]:
    found = [refusal for need in rule.fields for refusal in field_refusals(need, dossier.fields.get(need.code))]
    known = {need.code for need in rule.fields}
    found.extend(unknown_field(code) for code in dossier.fields if code not in known)
    return found


def modules_chosen(rule: Rule, dossier: Dossier) -> list[Refusal]:
    menu = {module.code for module in rule.modules}
    chosen = {module.code for module in rule.modules if not module.obligatory} & dossier.modules
    found = [
        Refusal(
            "module_unknown",
            _("模块“%(code)s”不在菜单中") % {"code": code},
            field="modules",
            remedy=_("请从菜单中选择"),
        )
        for code in sorted(dossier.modules - menu)
    ]
    if rule.modules and len(chosen) < rule.minimum_chosen_modules:
        said = {"least": rule.minimum_chosen_modules, "count": len(chosen)}
        message = _("除必选章节外，至少再选 %(least)s 个模块，现选 %(count)s 个") % said
        remedy = _("请在模块菜单中勾选")
        found.append(Refusal("modules_too_few", message, field="modules", remedy=remedy, rule=in_words(rule.basis)))
    return found


def evidence_complete(rule: Rule, dossier: Dossier) -> list[Refusal]:
    terms = {"allowed": _("、").join(rule.file_types), "most": rule.most_megabytes}
    return [
        Refusal(
            "evidence_missing",
            _("缺材料：%(paper)s") % {"paper": named(need)},
            field=f"evidence.{need.code}",
            remedy=_("请上传 %(allowed)s，每个不超过 %(most)s MB") % terms,
            rule=in_words(need.basis or rule.basis),
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


def asks_for_papers(names: Sequence[str]) -> bool:
    """Whether a dossier for these gates needs to know the papers on file."""
    return evidence_complete.__name__ in names


def asks_for_contact(names: Sequence[str]) -> bool:
    """Whether a dossier for these gates needs to know the enterprise's contact."""
    return enterprise_file_complete.__name__ in names
