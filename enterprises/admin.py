"""Configuration of accounts and places; the ledger for the auditor."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ledger.models import LedgerEntry

from .admin_rights import ReadOnlyAdmin, RoleAdmin, RoleInline
from .admin_services import ServedAdmin, ServedForm
from .errors import Refused
from .models import Account, DeclaredInterest, Division, DivisionUnit, ReportingUnit
from .rights import may_declare_interest, may_keep_places, may_manage_accounts, may_read_ledger
from .roles import Role
from .services.accounts import deactivate, describe_account, reset_password
from .services.divisions import keep_division
from .services.interests import declare_interest, end_interest
from .services.rows import Rows


def sees_accounts(account: Account) -> bool:
    return account.role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


class AccountForm(ServedForm):
    """An existing account: what may change without a grant, and a new first password."""

    new_password = forms.CharField(
        label=_("重设密码"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "留空则不改；重设后该账户下次登录须自行改密码。只可重设企业申报人的密码：工作人员的在“账户授权”中申请重置，"
            "三员的在服务器上重设"
        ),
    )

    class Meta:
        model = Account
        fields = ("display_name", "email")


@admin.register(Account)
class AccountAdmin(ServedAdmin):
    """Accounts. Opening one, its role and scope, and its return are granted by two officers (/officers/grants/)."""

    may_view = staticmethod(sees_accounts)
    may_edit = staticmethod(may_manage_accounts)
    form = AccountForm
    change_list_template = "admin/accounts.html"
    list_display = ("username", "display_name", "role", "scope_kind", "township", "unit", "is_active", "last_login")
    list_filter = ("role", "is_active", "is_demo")
    list_select_related = ("township", "unit")
    search_fields = ("username", "display_name")
    readonly_fields = (
        "username",
        "role",
        "scope_kind",
        "enterprise",
        "township",
        "unit",
        "is_active",
        "must_change_password",
        "is_demo",
        "last_login",
        "created_at",
    )
    fields = ("username", "display_name", "email", "new_password", *readonly_fields[1:])
    actions = ("shut",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        editable = self.has_change_permission(request, obj)
        return [name for name in self.fields if editable or name != "new_password"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        account, asked = form.instance, form.cleaned_data
        actor = cast(Account, request.user)
        describe_account(account, actor=actor, at=timezone.now())
        if asked["new_password"]:
            reset_password(account, asked["new_password"], actor=actor, at=timezone.now())

    @admin.action(description=_("停用所选账户（立即生效）"), permissions=["view"])
    def shut(self, request: HttpRequest, chosen: "QuerySet[Account]") -> None:
        for account in chosen:
            try:
                deactivate(account, actor=cast(Account, request.user), at=timezone.now())
            except Refused as refused:
                self.message_user(request, str(refused), messages.ERROR)
                continue
            self.message_user(request, _("已停用账户“%(name)s”") % {"name": account.username}, messages.SUCCESS)


@admin.register(DeclaredInterest)
class DeclaredInterestAdmin(RoleAdmin):
    """Ties between people and enterprises (回避)."""

    may_view = staticmethod(may_declare_interest)
    may_edit = staticmethod(may_declare_interest)
    list_display = ("account", "enterprise", "reason", "declared_at", "ended_at")
    list_select_related = ("account", "enterprise")
    raw_id_fields = ("account", "enterprise")
    fields = ("account", "enterprise", "reason")
    actions = ("end",)

    def is_settled(self, obj: Any) -> bool:
        return obj.pk is not None

    def save_model(self, request: HttpRequest, obj: DeclaredInterest, form: Any, change: bool) -> None:
        saved = declare_interest(
            obj.account, obj.enterprise, reason=obj.reason, actor=cast(Account, request.user), at=timezone.now()
        )
        obj.pk = saved.pk

    @admin.action(description=_("结束所选利害关系"), permissions=["view"])
    def end(self, request: HttpRequest, chosen: "QuerySet[DeclaredInterest]") -> None:
        for row in chosen.select_related("account", "enterprise"):
            try:
                end_interest(row, actor=cast(Account, request.user), at=timezone.now())
            except Refused as refused:
                self.message_user(request, str(refused), messages.ERROR)


class UnitPeriodInline(RoleInline):
    """Through which unit a division reports, from when to when."""

    model = DivisionUnit
    may_edit = staticmethod(may_keep_places)


@admin.register(Division)
class DivisionAdmin(ServedAdmin):
    """Statutory divisions with their days."""

    may_edit = staticmethod(may_keep_places)
    list_display = ("code", "name", "level", "parent", "valid_from", "valid_to")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code", "name")
    inlines = (UnitPeriodInline,)

    def write(self, obj: Division, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_division(obj, units=rows, actor=actor, at=at)


@admin.register(ReportingUnit)
class ReportingUnitAdmin(ReadOnlyAdmin):
    """The seven reporting units."""

    list_display = ("order", "code", "name_zh", "name_en")
    list_display_links = ("code",)


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """The ledger, for the auditor's eyes; the database refuses any change."""

    may_view = staticmethod(may_read_ledger)
    list_display = ("number", "at", "verb", "subject", "enterprise", "actor", "role")
    list_filter = ("verb",)
    search_fields = ("=subject", "=enterprise", "=number")
    search_help_text = _("台账号、对象（如 application:SQ2026000001）或统一社会信用代码")
    ordering = ("-number",)
    fields = (
        "number",
        "at",
        "actor",
        "role",
        "verb",
        "subject",
        "enterprise",
        "enterprise_seq",
        "payload",
        "supersedes",
        "enterprise_prev",
        "prev",
        "hash",
    )
