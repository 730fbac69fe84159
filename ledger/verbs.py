"""The closed vocabulary of the ledger: what can happen to an official fact, and how a page says it.

Meaning is the member; the sentence is its label. A new verb is added here and nowhere else.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verb(models.TextChoices):
    """What an entry records."""

    ENTERPRISE_REGISTERED = "enterprise.registered", _("登记企业")
    ENTERPRISE_RENAMED = "enterprise.renamed", _("变更企业名称")
    ENTERPRISE_RELOCATED = "enterprise.relocated", _("变更所在区划")
    ENTERPRISE_PLACE_COMPLETED = "enterprise.place_completed", _("补全所在乡镇（街道）")
    ENTERPRISE_AMENDED = "enterprise.amended", _("更正企业信息")
    ENTERPRISE_STRUCK = "enterprise.struck", _("除去误导入的企业")
    HIGH_TECH_GRANTED = "high_tech.granted", _("登记高新技术企业资格")
    HIGH_TECH_ENDED = "high_tech.ended", _("终止高新技术企业资格")
    APPLICATION_OPENED = "application.opened", _("建立申报")
    APPLICATION_SUBMITTED = "application.submitted", _("提交申报")
    APPLICATION_ACCEPTED = "application.accepted", _("受理")
    APPLICATION_RETURNED = "application.returned", _("一次性告知补正")
    APPLICATION_RECOMMENDED = "application.recommended", _("审核通过并上报")
    APPLICATION_APPROVED = "application.approved", _("核准")
    APPLICATION_REJECTED = "application.rejected", _("不予通过")
    APPLICATION_SENT_TO_PANEL = "application.sent_to_panel", _("提交专家评审")
    APPLICATION_NOTICED = "application.noticed", _("评审结果公示")
    APPLICATION_OBJECTED = "application.objected", _("提出申诉")
    APPLICATION_APPEAL_DISMISSED = "application.appeal_dismissed", _("申诉不成立，维持结果")
    APPLICATION_GRANTED = "application.granted", _("公示期满，予以认定")
    APPLICATION_WITHDRAWN = "application.withdrawn", _("撤回申报")
    BATCH_CHANGED = "batch.changed", _("拟定或变更评审批次")
    BATCH_OPENED = "batch.opened", _("开放申报批次")
    BATCH_CLOSED = "batch.closed", _("截止申报批次")
    BATCH_DRAWN = "batch.drawn", _("公布抽签种子")
    BATCH_NOTICED = "batch.noticed", _("确认并公示批次结果")
    BATCH_FINISHED = "batch.finished", _("办结评审批次")
    EXPERTS_DRAWN = "panel.drawn", _("抽取评审专家")
    EXPERT_RECUSED = "panel.recused", _("评审专家回避")
    EVALUATION_SCORED = "panel.scored", _("专家提交评分")
    PANEL_CONCLUDED = "panel.concluded", _("形成评审结果")
    SELF_ASSESSED = "panel.self_assessed", _("填报企业自评")
    SITE_VISITED = "panel.visited", _("记录现场核查")
    SHEET_CHANGED = "sheet.changed", _("变更评分表")
    EXPERT_CHANGED = "expert.changed", _("变更专家资料")
    ACHIEVEMENT_RECORDED = "achievement.recorded", _("记载认定事实")
    ACHIEVEMENT_ENDED = "achievement.ended", _("终止认定事实")
    ACHIEVEMENT_ANNULLED = "achievement.annulled", _("注销录入错误的认定事实")
    ACHIEVEMENT_REVOKED = "achievement.revoked", _("撤销认定")
    ADVISING_BEGUN = "advising.begun", _("登记辅导关系")
    ADVISING_ENDED = "advising.ended", _("结束辅导关系")
    CERTIFICATE_RECORDED = "certificate.recorded", _("登记证书")
    CERTIFICATE_SURVEYED = "certificate.surveyed", _("证书监督审核通过")
    CERTIFICATE_SUSPENDED = "certificate.suspended", _("暂停证书")
    CERTIFICATE_RESTORED = "certificate.restored", _("恢复证书")
    CERTIFICATE_WITHDRAWN = "certificate.withdrawn", _("撤销证书")
    CERTIFICATE_SURRENDERED = "certificate.surrendered", _("注销证书")
    CERTIFICATE_CONVERTED = "certificate.converted", _("证书换版")
    CERTIFICATE_RENEWED = "certificate.renewed", _("再认证换发新证")
    CERTIFICATE_ANNULLED = "certificate.annulled", _("注销录入错误的证书")
    CERTIFICATE_FILED = "certificate.filed", _("证书扫描件存档")
    CERTIFICATE_LOOKED_UP = "certificate.looked_up", _("查询核对证书")
    OPENING_BALANCE_SET = "plan.opening_balance_set", _("设定期初数")
    TARGET_SET = "plan.target_set", _("设定规划目标")
    PLAN_MARKED = "plan.marks_set", _("设定规划的预警线和状态")
    RULEBOOK_CHANGED = "rulebook.changed", _("变更规则年度")
    EDITION_CHANGED = "edition.changed", _("变更标准版本和模块菜单")
    EDITION_TERMS_CHANGED = "edition_terms.changed", _("变更版本认证规则")
    ORGANISATION_CHANGED = "organisation.changed", _("变更认证机构和辅导机构")
    CALENDAR_CHANGED = "calendar.changed", _("变更节假日与调休")
    WORDING_CHANGED = "wording.changed", _("变更通知文案")
    DIVISION_CHANGED = "division.changed", _("变更区划和所属统计单元")
    RULEBOOK_FROZEN = "rulebook.frozen", _("规则年度启用冻结")
    TOTALS_REPAIRED = "totals.repaired", _("修复汇总数")
    INTEREST_DECLARED = "interest.declared", _("申明利害关系")
    INTEREST_ENDED = "interest.ended", _("结束利害关系")
    ACCOUNT_GRANT_REQUESTED = "account.grant_requested", _("申请授予账户角色")
    ACCOUNT_GRANT_REFUSED = "account.grant_refused", _("不予授予账户角色")
    ACCOUNT_GRANTED = "account.granted", _("授予账户角色")
    ACCOUNT_PASSWORD_RESET = "account.password_reset", _("重设账户密码")
    ACCOUNT_SECOND_FACTOR_RESET = "account.second_factor_reset", _("解除账户的两步验证")
    ACCOUNT_DEACTIVATED = "account.deactivated", _("停用账户")
    ACCOUNT_REACTIVATED = "account.reactivated", _("恢复账户")
    DOCUMENT_ISSUED = "document.issued", _("签发文书")
    DOCUMENT_RENDERED = "document.rendered", _("生成文书版面")
    DOCUMENT_SUSPENDED = "document.suspended", _("暂停文书")
    DOCUMENT_RESTORED = "document.restored", _("恢复文书")
    DOCUMENT_REVOKED = "document.revoked", _("撤销文书")
    DOCUMENT_SUPERSEDED = "document.superseded", _("换发文书")


def verb_choices() -> list[tuple[str, Any]]:
    """The verbs and their sentences. Named, not listed, by the model: another verb needs no migration."""
    return Verb.choices
