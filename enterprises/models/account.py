"""Accounts (账户): one role each, with the scope that the role has."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from ledger.record import Actor

from ..roles import OFFICERS, REVIEWERS, SCOPE_OF_ROLE, Role, ScopeKind

SEAL = "enterprises.models.Account.seal"


def _scope_shape(kind: ScopeKind) -> models.Q:
    """What the scope columns of an account of this scope kind look like."""
    filled = {ScopeKind.ENTERPRISE: "enterprise", ScopeKind.TOWNSHIP: "township", ScopeKind.UNIT: "unit"}
    return models.Q(scope_kind=kind, **{f"{column}__isnull": kind is not owner for owner, column in filled.items()})


def _role_shape(role: str) -> models.Q:
    return models.Q(role=role, scope_kind__in=[kind.value for kind in SCOPE_OF_ROLE[role]])


def _any(parts: list[models.Q]) -> models.Q:
    whole = parts[0]
    for part in parts[1:]:
        whole |= part
    return whole


class AccountManager(BaseUserManager["Account"]):
    """Creates accounts; see services/accounts.py for granting a role with its checks."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save()
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A person's account (账户) in one role and scope."""

    username = models.CharField(
        _("用户名"),
        max_length=64,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("该用户名已被使用")},
    )
    display_name = models.CharField(_("姓名或岗位"), max_length=60, blank=True)
    role = models.CharField(_("角色"), max_length=32, choices=Role.choices)
    scope_kind = models.CharField(_("范围类别"), max_length=12, choices=ScopeKind.choices, default=ScopeKind.NONE)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise",
        models.PROTECT,
        verbose_name=_("企业"),
        null=True,
        blank=True,
        related_name="accounts",
    )
    township = models.ForeignKey(
        "enterprises.Division", models.PROTECT, verbose_name=_("乡镇（街道）"), null=True, blank=True
    )
    unit = models.ForeignKey(
        "enterprises.ReportingUnit", models.PROTECT, verbose_name=_("统计单元"), null=True, blank=True
    )
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_demo = models.BooleanField(_("演示账户"), default=False)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    login_epoch = models.PositiveIntegerField(_("登录批次"), default=0, editable=False)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        verbose_name = _("账户")
        verbose_name_plural = _("账户")
        ordering = ["username"]
        constraints = [
            # One role, one scope of the kind that the role has: no officer can hold a business scope.
            models.CheckConstraint(
                condition=_any([_role_shape(role) for role in Role.values]), name="account_role_has_its_scope"
            ),
            models.CheckConstraint(
                condition=_any([_scope_shape(kind) for kind in ScopeKind]), name="account_scope_columns"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def code(self) -> str:
        """The opaque code under which the ledger knows this account."""
        return f"account:{self.pk}"

    def as_actor(self) -> Actor:
        return Actor(code=self.code, role=self.role)

    def get_session_auth_hash(self) -> str:
        """What a session or token is sealed with: another password, role or epoch, and every login has ended."""
        return salted_hmac(SEAL, f"{self.password}:{self.role}:{self.login_epoch}", algorithm="sha256").hexdigest()

    # The admin's interface to a user; rights are decided by role in each ModelAdmin (admin.py).
    @property
    def is_staff(self) -> bool:
        return self.role in (*OFFICERS, Role.CITY_REVIEWER, Role.PLAN_MANAGER)

    @property
    def is_reviewer(self) -> bool:
        return self.role in REVIEWERS

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class DeclaredInterest(models.Model):
    """A person's tie to an enterprise (利害关系): they take no part in its decisions."""

    account = models.ForeignKey(Account, models.PROTECT, verbose_name=_("账户"), related_name="interests")
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, verbose_name=_("企业"), related_name="interested_accounts"
    )
    reason = models.CharField(_("关系说明"), max_length=200)
    salt = models.CharField(max_length=64, blank=True, editable=False)
    declared_at = models.DateTimeField(_("申明时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("利害关系")
        verbose_name_plural = _("利害关系")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "enterprise"], condition=models.Q(ended_at__isnull=True), name="interest_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} – {self.enterprise}"
