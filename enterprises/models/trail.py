"""The audit trail (审计日志): who came in, who was told no, what was taken out, which settings were changed by whom.

What was decided stands in the ledger; a change of a setting names its entry there.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..roles import Role


class EventKind(models.TextChoices):
    """What happened."""

    LOGIN = "login", _("登录")
    LOGIN_FAILED = "login_failed", _("登录失败")
    LOGOUT = "logout", _("退出登录")
    REFUSED = "refused", _("被拒绝的请求")
    EXPORTED = "exported", _("导出")
    SETTING_CHANGED = "setting_changed", _("设置变更")
    ACCOUNT_CHANGED = "account_changed", _("账户与授权变更")
    PASSWORD_CHANGED = "password_changed", _("密码变更")
    SECOND_FACTOR = "second_factor", _("两步验证变更")
    LOCKED_OUT = "locked_out", _("登录锁定")
    LOCKOUT_RELEASED = "lockout_released", _("解除登录锁定")
    MAIL_RETRIED = "mail_retried", _("重新发送邮件通知")
    PAPER_RETRIED = "paper_retried", _("重新生成文书")
    TRAIL_PRUNED = "trail_pruned", _("清理到期日志")


class AuditEvent(models.Model):
    """One event; never changed, and not deleted before its time is over (the database refuses).

    `account` is empty for a stranger; a name that nobody has is not kept, since people type passwords there.
    `path` is without its query, which may hold what a person typed. `status` is that of the answer. `detail` says what
    an event was about: codes and numbers only, e.g. {"list": "enterprises", "format": "xlsx", "rows": 120}.
    """

    at = models.DateTimeField(_("时间"))
    kind = models.CharField(_("事项"), max_length=16, choices=EventKind.choices)
    account = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("账户"), null=True, related_name="+", db_index=False
    )
    role = models.CharField(_("角色"), max_length=32, choices=Role.choices, blank=True)
    address = models.GenericIPAddressField(_("来源地址"), null=True)
    method = models.CharField(_("方法"), max_length=10, blank=True)
    path = models.CharField(_("页面或接口"), max_length=300, blank=True)
    status = models.PositiveSmallIntegerField(_("结果"), null=True)
    request_id = models.CharField(_("请求编号"), max_length=64, blank=True)
    detail = models.JSONField(_("详情"), default=dict, blank=True)

    class Meta:
        verbose_name = _("审计事项")
        verbose_name_plural = _("审计日志")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "-id"], name="audit_account"),
            models.Index(fields=["kind", "-id"], name="audit_kind"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.get_kind_display()}"
