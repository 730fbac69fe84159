"""Programmes and what their stages ask for, as they are answered."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from certification.models import Edition, EvidenceRule, FieldRule, Rulebook, StageRule
from certification.stages import STAGES, Programme, Stage, submission_gates
from certification.wording import named, worded

from ..labels import GATE_NAMES, level_name, programme_name, stage_name


def stages_of(programme: str) -> list[Stage]:
    return [stage for stage in STAGES.values() if stage.programme == programme]


def row(programme: Programme) -> dict[str, Any]:
    return {
        "code": programme.value,
        "code_display": programme_name(programme),
        "stages": [stage.code for stage in stages_of(programme)],
        "stages_display": [stage_name(stage.code) for stage in stages_of(programme)],
    }


def full(programme: str, rules: Mapping[str, StageRule], *, on: date) -> dict[str, Any]:
    """The programme with the rules in force, by stage."""
    return {
        "code": programme,
        "code_display": programme_name(programme),
        "on": on,
        "stages": [_stage(stage, rules.get(stage.code)) for stage in stages_of(programme)],
    }


def _stage(stage: Stage, rule: StageRule | None) -> dict[str, Any]:
    return {
        "code": stage.code,
        "code_display": stage_name(stage.code),
        "applied_for": stage.applied_for,
        "is_open": stage.applied_for and rule is not None,
        **(_asked(rule) if rule else NOTHING_ASKED),
    }


NOTHING_ASKED: dict[str, Any] = {
    "basis": "",
    "guidance": "",
    "rulebook": None,
    "edition": None,
    "fields": [],
    "evidence": [],
    "route": [],
    "waits": [],
    "gates": [],
}


def _asked(rule: StageRule) -> dict[str, Any]:
    return {
        "basis": rule.basis,
        "guidance": rule.guidance,
        "rulebook": _rulebook(rule.rulebook),
        "edition": _edition(rule.edition) if rule.edition else None,
        "fields": [_field(need) for need in rule.fields.all()],
        "evidence": [_paper(need) for need in rule.evidence.all()],
        "route": [
            {
                "level": step.level,
                "level_display": level_name(step.level),
                "accept_days": step.accept_days,
                "decide_days": step.decide_days,
                "correction_days": step.correction_days,
            }
            for step in rule.route.all()
        ],
        "waits": [
            {
                "after_stage": wait.after_stage,
                "after_stage_display": stage_name(wait.after_stage),
                "months": wait.months,
                "basis": wait.basis or rule.basis,
            }
            for wait in rule.waits.all()
        ],
        "gates": [{"code": code, "code_display": str(GATE_NAMES[code])} for code in submission_gates(rule.stage)],
    }


def _rulebook(book: Rulebook) -> dict[str, Any]:
    return {
        "year": book.year,
        "title": book.title,
        "basis": book.basis,
        "in_force_from": book.in_force_from,
        "in_force_to": book.in_force_to,
        "frozen": book.is_frozen,
    }


def _edition(edition: Edition) -> dict[str, Any]:
    return {
        "code": edition.code,
        "code_display": edition.title,
        "in_force_from": edition.in_force_from,
        "in_force_to": edition.in_force_to,
        "minimum_chosen_modules": edition.minimum_chosen_modules,
        "modules": [
            {
                "code": module.code,
                "code_display": worded((module.title, module.title_en)),
                "chapter": module.chapter,
                "obligatory": module.obligatory,
            }
            for module in edition.modules.all()
        ],
    }


def _field(need: FieldRule) -> dict[str, Any]:
    return {
        "code": need.code,
        "code_display": named(need),
        "kind": need.kind,
        "kind_display": need.get_kind_display(),
        "required": need.required,
        "choices": need.choices,
        "minimum": None if need.minimum is None else f"{need.minimum.normalize():f}",
        "maximum": None if need.maximum is None else f"{need.maximum.normalize():f}",
        "max_length": need.max_length,
        "unit": need.unit,
        "help_text": need.help_text,
    }


def _paper(need: EvidenceRule) -> dict[str, Any]:
    return {
        "code": need.code,
        "code_display": named(need),
        "group": need.group,
        "group_display": need.get_group_display(),
        "required": need.required,
        "basis": need.basis or need.rule.basis,
        "help_text": need.help_text,
    }
