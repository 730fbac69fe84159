"""Wordings beside codes, in the language of the request."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.exports.listings.facts import KINDS
from certification.stages import (
    ACTIONS,
    LEVEL_NAMES,
    MOVES,
    PROGRAMME_NAMES,
    STAGES,
    STATUS_NAMES,
    Level,
    Programme,
    Status,
)
from certification.views.badges import FIGURES
from certification.wording import named, worded

GATE_NAMES = {
    "enterprise_file_complete": _("企业档案完整"),
    "not_already_achieved": _("尚未取得本阶段"),
    "not_achieved_today": _("当天没有取得同一阶段的另一轮"),
    "prerequisites_met": _("已取得前置阶段"),
    "waits_over": _("等待期已满"),
    "fields_complete": _("表单填写完整"),
    "modules_chosen": _("模块选择符合要求"),
    "evidence_complete": _("材料齐全"),
    "whole_system_covered": _("各轮实施覆盖整个体系"),
    "certificate_sound": _("证书内容属实可用"),
    "findings_closed": _("以前各轮的不符合项已关闭"),
    "window_open": _("在批次的申报窗口期内"),
    "self_assessment_fits": _("企业自评按本批次的评分表填写"),
    "result_on_notice": _("评审结果已确认公示"),
    "notice_over": _("公示和申诉期已满"),
    "appeal_open": _("在申诉期内"),
    "result_passed": _("评审结果达到合格线"),
    "result_failed": _("评审结果未达到合格线"),
    "correction_in_time": _("在补正期限内"),
    "correction_over": _("补正期限已过"),
}
JOB_KIND_NAMES = {
    "recount": _("重新统计"),
    "export": _("导出"),
    "verify_ledger": _("核验台账"),
    "import_check": _("导入：检查"),
    "import_apply": _("导入：写入"),
    "import_undo": _("导入：撤销"),
}
COVER_STATE_NAMES = {"none": _("未纳入"), "implemented": _("已实施"), "evaluated": _("已评价")}
ISSUER_NAMES = {"body": _("认证机构"), "bureau": _("本系统签发")}
TIMELINE_KIND_NAMES = KINDS
FIGURE_STATUS_NAMES = {code: badge.label for code, badge in FIGURES.items()}


def stage_name(code: str) -> str:
    return named(STAGES[code])


def programme_name(code: str) -> str:
    return worded(PROGRAMME_NAMES[Programme(code)])


def status_name(code: str) -> str:
    return worded(STATUS_NAMES[Status(code)])


def level_name(code: str) -> str:
    """The wording of a level; empty where an application stands at none."""
    return worded(LEVEL_NAMES[Level(code)]) if code else ""


def action_names() -> dict[str, str]:
    """The wording of each action, of the first move that it names."""
    return {
        action: worded(next((move.name_zh, move.name_en) for move in MOVES if move.action == action))
        for action in ACTIONS
    }


def moment(at: datetime | None) -> str | None:
    """A time with its offset in Changzhou."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None


def number(value: Decimal | int | None) -> int | float | None:
    """A quantity as a JSON number: whole ones without a fraction."""
    if value is None or isinstance(value, int):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
