"""Conditions of a stage with a panel of experts (pure): its window, its notice, its appeal, its result.

Each names all that stands in the way; gates.py takes them in.
"""

from collections.abc import Sequence

from enterprises.language import _, named

from .errors import Refusal
from .needs import Dossier, Rule
from .stages import STAGES


def window_open(rule: Rule, dossier: Dossier) -> list[Refusal]:
    """A stage with a panel is applied for in the window of a batch."""
    if not STAGES[rule.stage].has_panel or rule.stage in dossier.open_windows:
        return []
    message = _("“%(stage)s”现在没有开放的申报批次") % {"stage": named(STAGES[rule.stage])}
    remedy, opens_on = _("请在批次的申报窗口期内提交，窗口见通知公告"), dossier.next_windows.get(rule.stage)
    if opens_on:
        remedy = _("下一批次自 %(day)s 起受理申报") % {"day": opens_on}
    return [Refusal("window_closed", message, field="batch", remedy=remedy, possible_on=opens_on)]


def self_assessment_fits(rule: Rule, dossier: Dossier) -> list[Refusal]:
    """What the enterprise gave itself is of the sheet by which it will be scored: an item of another one, even under
    the same code, asks for something else.
    """
    sheet = dossier.window_sheets.get(rule.stage)
    if sheet is None or dossier.assessed_by <= {sheet}:
        return []
    message, remedy = _("企业自评是按另一批次的评分表填写的"), _("请打开企业自评，按本批次的评分表重新填写并保存")
    return [Refusal("self_assessment_other_sheet", message, field="self_assessment", remedy=remedy)]


def result_on_notice(rule: Rule, dossier: Dossier) -> list[Refusal]:
    if dossier.panel and dossier.panel.notice_ends:
        return []
    remedy = _("请在评审批次中统一确认并公示结果")
    return [Refusal("result_not_confirmed", _("该申报的评审结果尚未随批次确认公示"), field="action", remedy=remedy)]


def notice_over(rule: Rule, dossier: Dossier) -> list[Refusal]:
    """Both the public notice and the time for an appeal have ended."""
    days = [day for day in (dossier.panel.notice_ends, dossier.panel.appeal_until) if day] if dossier.panel else []
    if days and max(days) < dossier.day:
        return []
    said = {"day": max(days) if days else "–"}
    message = _("公示和申诉期至 %(day)s 止，期满后方可决定") % said
    return [Refusal("notice_not_over", message, field="action", remedy=_("请在期满后的次日起办理"))]


def appeal_open(rule: Rule, dossier: Dossier) -> list[Refusal]:
    """One appeal to a result, in time."""
    until = dossier.panel.appeal_until if dossier.panel else None
    if until is None or until < dossier.day:
        message = _("申诉期已于 %(day)s 届满") % {"day": until or "–"}
        return [Refusal("appeal_late", message, field="action")]
    if dossier.panel and dossier.panel.has_appealed:
        return [Refusal("appealed_before", _("对这一结果已提出过申诉，并已处理"), field="action")]
    return []


def result_passed(rule: Rule, dossier: Dossier) -> list[Refusal]:
    if dossier.panel and dossier.panel.passed:
        return []
    remedy = _("请按评审结果选择“不予通过”")
    return [Refusal("result_below_line", _("评审结果未达到合格线，不能认定"), field="action", remedy=remedy)]


def result_failed(rule: Rule, dossier: Dossier) -> list[Refusal]:
    """A rejection after the notice rests on the result."""
    if dossier.panel and not dossier.panel.passed:
        return []
    message, remedy = _("评审结果已达到合格线，不能不予通过"), _("请按评审结果选择“予以认定”")
    return [Refusal("result_above_line", message, field="action", remedy=remedy)]


OF_PANEL = (result_on_notice, notice_over, appeal_open, result_passed, result_failed)


def asks_for_windows(names: Sequence[str]) -> bool:
    """Whether a dossier for these gates needs to know the batches that are open."""
    return window_open.__name__ in names


def asks_for_panel(names: Sequence[str]) -> bool:
    """Whether a dossier for these gates needs to know the result of the evaluation."""
    return any(gate.__name__ in names for gate in OF_PANEL)
