"""Conditions of a stage (关口): each returns the refusals that stand in its way, all at once. Pure.

Numbers, fields and papers come from the rulebook passed in (`Rule`), facts from the `Dossier`; nothing
here knows a policy number.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from enterprises.language import _, in_words, named

from .certificate_checks import unsound
from .correction_gates import OF_CORRECTION
from .coverage import cover
from .errors import Refusal
from .fields import FieldNeed as FieldNeed
from .fields import ahead_refusals, unknown_field
from .fields import field_refusals as field_refusals
from .needs import Dossier as Dossier
from .needs import EvidenceNeed as EvidenceNeed
from .needs import ModuleNeed as ModuleNeed
from .needs import Rule as Rule
from .needs import Wait as Wait
from .panel_gates import OF_PANEL, self_assessment_fits, window_open
from .ranking_gates import OF_RANKING
from .stages import STAGES
from .workdays import months_after as months_after

Gate = Callable[[Rule, Dossier], list[Refusal]]


def _stage(code: str) -> str:
    return named(STAGES[code])


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
    """Of a stage with rounds only the round after the last one can be applied for."""
    since, coming = dossier.reached(rule.stage), dossier.next_round(rule.stage)
    if STAGES[rule.stage].has_rounds:
        return _other_round(rule, dossier, coming) if dossier.round not in (0, coming) else []
    if since is None:
        return []
    message = _("“%(stage)s”已于 %(day)s 取得，无需再次申报") % {"stage": _stage(rule.stage), "day": since}
    return [Refusal("already_achieved", message, field="stage")]


def _other_round(rule: Rule, dossier: Dossier, coming: int) -> list[Refusal]:
    words = {"stage": _stage(rule.stage), "round": dossier.round, "coming": coming}
    remedy = _("请申报第 %(coming)s 轮") % words
    if dossier.round < coming:
        message = _("“%(stage)s”第 %(round)s 轮已经取得，无需再次申报") % words
        return [Refusal("already_achieved", message, field="round", remedy=remedy)]
    message = _("“%(stage)s”现在应申报第 %(coming)s 轮，不能申报第 %(round)s 轮") % words
    return [Refusal("round_not_next", message, field="round", remedy=remedy)]


def not_achieved_today(rule: Rule, dossier: Dossier) -> list[Refusal]:
    """A stage is reached at most once a day: its day tells one round from the other."""
    if dossier.day not in dossier.rounds.get(rule.stage, {}).values():
        return []
    message = _("“%(stage)s”当天已有一轮取得，同一阶段一天只记载一次") % {"stage": _stage(rule.stage)}
    tomorrow = dossier.day + timedelta(days=1)
    remedy = _("请于 %(day)s 起办理") % {"day": tomorrow}
    return [Refusal("achieved_today", message, field="stage", remedy=remedy, possible_on=tomorrow)]


def prerequisites_met(rule: Rule, dossier: Dossier) -> list[Refusal]:
    return [
        Refusal(
            "prerequisite_missing",
            _("须先取得“%(stage)s”") % {"stage": _earlier(rule, dossier, wait)},
            field="stage",
            remedy=_("请先申报“%(stage)s”") % {"stage": _earlier(rule, dossier, wait)},
            rule=in_words(wait.basis or rule.basis),
        )
        for wait in rule.waits
        if dossier.reached_for(rule.stage, wait.after_stage) is None
    ]


def _earlier(rule: Rule, dossier: Dossier, wait: Wait) -> str:
    """The stage that comes first, with the round where it is a later one."""
    asked = dossier.round or dossier.next_round(rule.stage)
    if asked == 1 or not (STAGES[rule.stage].has_rounds and STAGES[wait.after_stage].has_rounds):
        return _stage(wait.after_stage)
    return _("%(stage)s（第 %(round)s 轮）") % {"stage": _stage(wait.after_stage), "round": asked}


def waits_over(rule: Rule, dossier: Dossier) -> list[Refusal]:
    found = []
    for wait in rule.waits:
        since = dossier.reached_for(rule.stage, wait.after_stage)
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
    for need in rule.fields:
        found += ahead_refusals(need, dossier.fields.get(need.code), on=dossier.day)
    known = {need.code for need in rule.fields}
    found.extend(unknown_field(code) for code in dossier.fields if code not in known)
    return found


def modules_chosen(rule: Rule, dossier: Dossier) -> list[Refusal]:
    menu = {module.code for module in rule.menu}
    chosen = {module.code for module in rule.menu if not module.obligatory} & dossier.modules
    found = [
        Refusal(
            "module_unknown",
            _("模块“%(code)s”不在菜单中") % {"code": code},
            field="modules",
            remedy=_("请从菜单中选择"),
        )
        for code in sorted(dossier.modules - menu)
    ]
    if rule.menu and len(chosen) < rule.minimum_chosen_modules:
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


def whole_system_covered(rule: Rule, dossier: Dossier) -> list[Refusal]:
    """The rounds together have taken in every module of the rule's edition."""
    bare = cover([module.code for module in rule.modules], dossier.taken_in, edition=rule.edition).bare
    if not bare:
        return []
    shown = _("、").join(f"{module.code} {named(module)}" for module in rule.modules if module.code in bare)
    message = _("各轮实施尚未覆盖整个体系，还缺：%(modules)s") % {"modules": shown}
    remedy = _("请申报下一轮“%(stage)s”，把这些模块纳入") % {"stage": _stage("guanbiao.implementation")}
    return [Refusal("system_not_covered", message, field="stage", remedy=remedy, rule=in_words(rule.basis))]


def certificate_sound(rule: Rule, dossier: Dossier) -> list[Refusal]:
    """What is stated of the third-party certificate can be; what is not stated is a field that is missing."""
    check = dossier.certificate
    return unsound(check.said, check.known) if check else []


def findings_closed(rule: Rule, dossier: Dossier) -> list[Refusal]:
    """What an earlier round left open is closed in the later one."""
    return [
        Refusal(
            "finding_open",
            _("第 %(round)s 轮的不符合项 %(number)s 尚未关闭") % {"round": finding.round, "number": finding.number},
            field="findings",
            remedy=_("请核对整改材料，关闭后再核准"),
            rule=in_words(rule.basis),
        )
        for finding in dossier.open_findings
        if finding.round < dossier.round
    ]


GATES: dict[str, Gate] = {
    gate.__name__: gate
    for gate in (
        enterprise_file_complete,
        not_already_achieved,
        not_achieved_today,
        prerequisites_met,
        waits_over,
        fields_complete,
        modules_chosen,
        evidence_complete,
        whole_system_covered,
        certificate_sound,
        findings_closed,
        window_open,
        self_assessment_fits,
        *OF_PANEL,
        *OF_CORRECTION,
        *OF_RANKING,
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


def asks_for_coverage(names: Sequence[str]) -> bool:
    """Whether a dossier for these gates needs to know what each round took in."""
    return whole_system_covered.__name__ in names


def asks_for_findings(names: Sequence[str]) -> bool:
    """Whether a dossier for these gates needs to know the open findings."""
    return findings_closed.__name__ in names


def asks_for_certificate(names: Sequence[str]) -> bool:
    """Whether a dossier for these gates needs to know what the registry holds against the stated certificate."""
    return certificate_sound.__name__ in names
