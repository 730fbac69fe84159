"""Programmes and their stages (项目与阶段): what an enterprise can reach. Pure rows; the moves stand in stages.py."""

from dataclasses import dataclass
from enum import StrEnum


class Programme(StrEnum):
    """Programmes that group stages."""

    GUANBIAO = "guanbiao"
    INTENSIVE = "intensive"
    HONOUR = "honour"
    PROJECT = "project"


PROGRAMME_NAMES: dict[Programme, tuple[str, str]] = {
    Programme.GUANBIAO: ("知识产权贯标", "Implementation of the IP management standard"),
    Programme.INTENSIVE: ("知识产权密集型企业", "IP-intensive enterprises"),
    Programme.HONOUR: ("国家优势和示范企业", "National advantage and demonstration enterprises"),
    Programme.PROJECT: ("知识产权战略推进计划", "IP strategy projects"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage (阶段): something an enterprise reaches and the registry records with its day.

    `applied_for`: enterprises apply for it online; the others are recorded by import until their
    procedure is in the product. `has_rounds`: reached again and again (实施-改进-再实施), one round after the other;
    the others are reached once. `has_certificate`: rests on a third-party certificate, and holds from its day.
    `has_panel`: applied for in batches, scored by experts, made public, then decided.
    `has_ranking`: decided by place, under the terms of the batch, instead of a pass line (docs/decisions/0021).
    `is_title`: rests on a document with its level, period and re-examination, which the city records; of a stage that
    is applied for too, the grant itself records it.
    `is_yearly`: reached anew each year, with the guidance of that year.
    `uses_figures`: an application rests on the yearly figures that its enterprise had stated when it was submitted.
    `gates`: what this stage asks besides, at its submission and when it is granted.
    """

    code: str
    programme: Programme
    name_zh: str
    name_en: str
    applied_for: bool = False
    has_modules: bool = False
    has_rounds: bool = False
    has_certificate: bool = False
    has_panel: bool = False
    has_ranking: bool = False
    is_title: bool = False
    is_yearly: bool = False
    uses_figures: bool = False
    gates: tuple[str, ...] = ()


STAGES: dict[str, Stage] = {
    stage.code: stage
    for stage in (
        Stage("guanbiao.cultivation", Programme.GUANBIAO, "入库培育", "Cultivation", applied_for=True),
        Stage(
            "guanbiao.implementation",
            Programme.GUANBIAO,
            "贯标实施",
            "Implementation of the standard",
            applied_for=True,
            has_modules=True,
            has_rounds=True,
        ),
        Stage(
            "guanbiao.evaluation",
            Programme.GUANBIAO,
            "绩效评价",
            "Performance evaluation",
            applied_for=True,
            has_rounds=True,
            has_panel=True,
        ),
        Stage(
            "guanbiao.certification",
            Programme.GUANBIAO,
            "国家认证",
            "National certification",
            applied_for=True,
            has_certificate=True,
            gates=("whole_system_covered", "certificate_sound"),
        ),
        Stage(
            "intensive.cultivation",
            Programme.INTENSIVE,
            "密集型培育（年度指导）",
            "Guided toward IP-intensive (yearly)",
            is_title=True,
            is_yearly=True,
            uses_figures=True,
        ),
        Stage(
            "intensive.recognition",
            Programme.INTENSIVE,
            "密集型企业认定",
            "Recognised as IP-intensive",
            applied_for=True,
            has_panel=True,
            has_ranking=True,
            is_title=True,
            uses_figures=True,
            gates=("eligible",),
        ),
        Stage(
            "intensive.international_leader",
            Programme.INTENSIVE,
            "具有国际竞争力的优势企业",
            "Internationally competitive IP leader",
            is_title=True,
        ),
        Stage(
            "honour.national_advantage",
            Programme.HONOUR,
            "国家知识产权优势企业",
            "National IP advantage enterprise",
            is_title=True,
        ),
        Stage(
            "honour.national_demonstration",
            Programme.HONOUR,
            "国家知识产权示范企业",
            "National IP demonstration enterprise",
            is_title=True,
        ),
        Stage("project.strategy", Programme.PROJECT, "知识产权战略推进计划", "IP strategy project", is_title=True),
    )
}
TITLES = tuple(code for code, stage in STAGES.items() if stage.is_title)
