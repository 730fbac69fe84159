"""The kinds of notices (通知事项): what each may speak of in its wording, and how it looks in a list. Pure.

A notice keeps codes; its words are put together from the wording of its kind (models.MessageWording, edited in
/admin/) when somebody reads it. A wording may use the words of its kind and no others.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice. `icon`: a Bootstrap icon; `look`: a colour of components.css; `words`: placeholders."""

    code: str
    label: Promise
    icon: str
    look: str
    words: tuple[str, ...]


# What a placeholder stands for, and an example of it for the preview.
WORDS: Mapping[str, tuple[Promise, Promise]] = {
    "number": (_("申报编号"), lazystr("SQ2026000123")),
    "finding": (_("不符合项编号"), lazystr("BF2026000012")),
    "enterprise": (_("企业名称"), _("常州示例精密机械有限公司")),
    "stage": (_("阶段"), _("贯标实施")),
    "level": (_("办理层级"), _("乡镇（街道）")),
    "ending": (_("终止方式"), _("撤销")),
    "certificate": (_("证书编号"), lazystr("165IP240001R0M")),
    "due_what": (_("到期事项"), _("监督审核")),
    "due_on": (_("期限"), lazystr("2027-01-10")),
    "title": (_("称号"), _("国家知识产权优势企业")),
    "account": (_("用户名"), lazystr("zhangsan")),
    "matter": (_("授权申请事项"), _("变更角色或范围")),
    "role": (_("角色"), _("监测员")),
    "job": (_("任务名称"), _("全部指标复核")),
    "correct_by": (_("补正期限"), lazystr("2026-12-11")),
    "appeal_until": (_("申诉截止日"), lazystr("2026-11-27")),
    "batch": (_("评审批次"), lazystr("2026-B")),
    "document": (_("文书编号"), lazystr("CZZS2026000123")),
    "paper": (_("文书名称"), _("贯标绩效评价证书")),
    "event": (_("变更事项"), _("暂停")),
    "due_soon": (_("即将到期件数"), lazystr("3")),
    "overdue": (_("超期件数"), lazystr("1")),
}

OF_APPLICATION = ("number", "enterprise", "stage", "level")
OF_CORRECTION = (*OF_APPLICATION, "correct_by")
OF_CERTIFICATE = ("certificate", "enterprise", "due_what", "due_on")
OF_TITLE = ("title", "enterprise")
OF_DOCUMENT = ("document", "paper", "enterprise")
OF_FINDING = ("finding", "enterprise")
OF_GRANT = ("account", "matter", "role")

KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("application.submitted", _("新申报待受理"), "inbox", "good", OF_APPLICATION),
        Kind("application.resubmitted", _("申报补正后提交"), "arrow-repeat", "good", OF_APPLICATION),
        Kind("application.arrived", _("下级上报待受理"), "inbox", "good", OF_APPLICATION),
        Kind("application.accepted", _("申报已受理"), "check2-circle", "good", OF_APPLICATION),
        Kind("application.returned", _("申报待补正"), "arrow-return-left", "warn", OF_APPLICATION),
        Kind("application.returned_until", _("申报限期补正"), "arrow-return-left", "warn", OF_CORRECTION),
        Kind("application.correction_due", _("补正期限提醒"), "alarm", "warn", OF_CORRECTION),
        Kind("application.lapsed", _("逾期未补正"), "slash-circle", "bad", OF_CORRECTION),
        Kind("application.recommended", _("申报已上报"), "arrow-up-right-circle", "good", OF_APPLICATION),
        Kind("application.approved", _("申报已核准"), "check-circle-fill", "met", OF_APPLICATION),
        Kind("application.rejected", _("申报不予通过"), "x-circle-fill", "bad", OF_APPLICATION),
        Kind("application.evaluating", _("申报进入专家评审"), "people", "good", OF_APPLICATION),
        Kind("application.noticed", _("评审结果已公示"), "megaphone", "met", (*OF_APPLICATION, "appeal_until")),
        Kind("application.objected", _("企业提出申诉"), "exclamation-diamond", "warn", OF_APPLICATION),
        Kind("application.appeal_dismissed", _("申诉不成立"), "x-circle-fill", "bad", OF_APPLICATION),
        Kind("application.appeal_granted", _("申诉成立，重新评审"), "arrow-repeat", "good", OF_APPLICATION),
        Kind("evaluation.assigned", _("新的评审任务"), "clipboard-check", "good", OF_APPLICATION),
        Kind("evaluation.released", _("评审任务解除"), "slash-circle", "none", OF_APPLICATION),
        Kind("evaluation.due", _("评分期限提醒"), "alarm-fill", "warn", ("due_soon", "overdue")),
        Kind("evaluation.replaced", _("评审任务已取消"), "person-dash", "none", ("number", "stage")),
        Kind("evaluation.stepped_back", _("评审专家回避或更换"), "person-dash", "warn", OF_APPLICATION),
        Kind("evaluation.overdue", _("专家评分逾期"), "alarm-fill", "bad", ("batch", "overdue")),
        Kind("evaluation.concluded", _("专家评分已齐"), "check2-all", "good", OF_APPLICATION),
        Kind("application.withdrawn", _("申报已撤回"), "slash-circle", "none", OF_APPLICATION),
        Kind("finding.raised", _("不符合项待整改"), "clipboard-x", "warn", OF_FINDING),
        Kind("finding.answered", _("整改待核实"), "clipboard-pulse", "good", OF_FINDING),
        Kind("finding.answer_refused", _("整改未通过"), "clipboard-x", "bad", OF_FINDING),
        Kind("finding.closed", _("不符合项已关闭"), "clipboard-check", "met", OF_FINDING),
        Kind("finding.dropped", _("不符合项已撤销"), "slash-circle", "none", OF_FINDING),
        Kind("steps.due", _("办理期限提醒"), "alarm-fill", "warn", ("due_soon", "overdue")),
        Kind("achievement.ended", _("认定终止"), "exclamation-octagon-fill", "bad", ("enterprise", "stage", "ending")),
        Kind("achievement.reinstated", _("认定继续有效"), "check-circle-fill", "met", ("enterprise", "stage")),
        Kind("document.ready", _("文书已生成"), "file-earmark-check", "met", OF_DOCUMENT),
        Kind("document.changed", _("文书变更"), "file-earmark-diff", "warn", (*OF_DOCUMENT, "event")),
        Kind("certificate.due", _("证书到期提醒"), "alarm", "warn", OF_CERTIFICATE),
        Kind("certificate.overdue", _("证书事项逾期"), "alarm-fill", "bad", OF_CERTIFICATE),
        Kind("title.recorded", _("称号已登记"), "award", "met", OF_TITLE),
        Kind("title.passed", _("称号复核通过"), "check2-circle", "met", OF_TITLE),
        Kind("title.guided", _("培育指导已登记"), "signpost-2", "good", OF_TITLE),
        Kind("title.due", _("称号复核提醒"), "alarm", "warn", (*OF_TITLE, "due_on")),
        Kind("title.overdue", _("称号复核逾期"), "alarm-fill", "bad", (*OF_TITLE, "due_on")),
        Kind("grant.requested", _("授权申请待确认"), "person-plus", "warn", OF_GRANT),
        Kind("grant.confirmed", _("授权申请已确认"), "person-check", "met", OF_GRANT),
        Kind("grant.refused", _("授权申请不予确认"), "person-x", "bad", OF_GRANT),
        Kind("account.granted", _("账户授权变更"), "person-badge", "good", OF_GRANT),
        Kind("account.password_reset", _("密码已重设"), "key", "warn", ("account",)),
        Kind("job.done", _("任务已完成"), "check2-square", "met", ("job",)),
        Kind("job.failed", _("任务未完成"), "exclamation-triangle-fill", "bad", ("job",)),
    )
}
KIND_CHOICES = [(kind.code, kind.label) for kind in KINDS.values()]
DUE_NAMES: Mapping[str, Promise] = {
    "surveillance": _("监督审核"),
    "expiry": _("证书有效期"),
    "conversion": _("换版"),
}
