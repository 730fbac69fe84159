"""Grants of roles (角色授权): asked for by one officer, confirmed by another, and nothing in between."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..roles import Role, ScopeKind


class GrantKind(models.TextChoices):
    """What is asked for."""

    ACCOUNT = "account", _("新建账户")
    ROLE = "role", _("变更角色或范围")
    RETURN = "return", _("恢复停用的账户")
    RESET = "reset", _("重置密码")


# Until it is decided, such a request keeps the first password that it brings, hashed.
WITH_PASSWORD = (GrantKind.ACCOUNT, GrantKind.RESET)


class GrantState(models.TextChoices):
    """Where it stands."""

    WAITING = "waiting", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    REFUSED = "refused", _("不予确认")


class RoleGrant(models.Model):
    """A role with its scope for an account, or for one that begins with it (授权申请).

    `scope` is the code of the enterprise, township or unit. A new account has its name here until it is decided,
    it and a reset their first password (hashed).
    """

    kind = models.CharField(_("事项"), max_length=10, choices=GrantKind.choices)
    state = models.CharField(_("状态"), max_length=10, choices=GrantState.choices, default=GrantState.WAITING)
    account = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("账户"), null=True, related_name="grants"
    )
    username = models.CharField(_("用户名"), max_length=64)
    display_name = models.CharField(_("姓名或岗位"), max_length=60, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    password = models.CharField(max_length=128, blank=True, editable=False)
    role = models.CharField(_("角色"), max_length=32, choices=Role.choices)
    scope_kind = models.CharField(_("范围类别"), max_length=12, choices=ScopeKind.choices)
    scope = models.CharField(_("范围代码"), max_length=20, blank=True)
    reason = models.CharField(_("申请理由"), max_length=200)
    requested_by = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("申请人"), related_name="grants_requested"
    )
    requested_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("确认人"), null=True, related_name="grants_decided"
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True)
    refused_for = models.CharField(_("不予确认的理由"), max_length=200, blank=True)
    salt = models.CharField(max_length=64, editable=False)
    ledger_number = models.BigIntegerField(_("台账号"), null=True)

    class Meta:
        verbose_name = _("角色授权")
        verbose_name_plural = _("角色授权")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("requested_by")),
                name="grant_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(state__in=["confirmed", "refused"], decided_by__isnull=False, decided_at__isnull=False),
                name="grant_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(account__isnull=False) | models.Q(kind="account") & ~models.Q(state="confirmed"),
                name="grant_has_its_account",
            ),
            models.UniqueConstraint(fields=["username"], condition=models.Q(state="waiting"), name="grant_one_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.username}"

    @property
    def code(self) -> str:
        """Under what name the ledger speaks of it."""
        return f"grant:{self.pk}"
