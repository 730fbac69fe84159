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

from .admin_rights import ModelForm, ReadOnlyAdmin, RoleAdmin, RoleInline
from .admin_services import ServedAdmin
from .errors import Refusal, Refused
from .models import Account, DeclaredInterest, Division, DivisionUnit, ReportingUnit
from .rights import may_declare_interest, may_keep_places, may_manage_accounts, may_read_ledger
from .roles import Role
from .services.accounts import check_password, create_account, give_new_password, set_scope
from .services.divisions import keep_division
from .services.interests import declare_interest, end_interest
from .services.rows import Rows


def sees_accounts(account: Account) -> bool:
    return account.role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


class AccountForm(ModelForm):
    """An existing account: what may change without a new grant, and a new first password."""

    new_password = forms.CharField(
        label=_("重设密码"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("留空则不改；重设后该账户下次登录须自行改密码"),
    )

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        if password:
            _checked(password, self.instance)
        return password


class NewAccountForm(ModelForm):
    """A new account: role and scope are granted once, on record in the ledger."""

    scope = forms.CharField(
        label=_("范围代码"),
        required=False,
        help_text=_("企业：统一社会信用代码；乡镇（街道）：9 位代码；辖市区：统计单元代码；市级角色留空"),
    )
    password = forms.CharField(
        label=_("初始密码"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    class Meta:
        model = Account
        fields = ("username", "display_name", "role", "email")

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        _checked(password, self.instance)
        return password

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        try:
            set_scope(Account(role=asked.get("role", "")), asked.get("scope", ""))
        except (Refused, KeyError) as error:
            reasons = error.refusals if isinstance(error, Refused) else ()
            self.add_error("scope", [_sentence(refusal) for refusal in reasons] or [])
        return asked


def _sentence(refusal: Refusal) -> str:
    return _("%(message)s。%(remedy)s") % {"message": refusal.message, "remedy": refusal.remedy}


def _checked(password: str, account: Account) -> None:
    try:
        check_password(password, account)
    except Refused as refused:
        raise forms.ValidationError([refusal.message for refusal in refused.refusals]) from refused


@admin.register(Account)
class AccountAdmin(RoleAdmin):
    """Accounts: the system administrator opens them; role and scope never change afterwards."""

    may_view = staticmethod(sees_accounts)
    may_edit = staticmethod(may_manage_accounts)
    list_display = ("username", "display_name", "role", "scope_kind", "township", "unit", "is_active", "last_login")
    list_filter = ("role", "is_active", "is_demo")
    list_select_related = ("township", "unit")
    search_fields = ("username", "display_name")
    readonly_fields = ("role", "scope_kind", "enterprise", "township", "unit", "is_demo", "last_login", "created_at")
    fields = (
        "username",
        "display_name",
        "email",
        "is_active",
        "must_change_password",
        "new_password",
        *readonly_fields,
    )
    form = AccountForm

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewAccountForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("username", "display_name", "role", "scope", "email", "password")
        if not self.has_change_permission(request, obj):
            return [name for name in self.fields if name != "new_password"]
        return self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("username", *self.readonly_fields) if obj else ()

    def save_model(self, request: HttpRequest, obj: Account, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            if form.cleaned_data["new_password"]:
                give_new_password(obj, form.cleaned_data["new_password"])
            return
        asked = form.cleaned_data
        created = create_account(
            asked["username"],
            role=asked["role"],
            scope=asked["scope"],
            password=asked["password"],
            at=timezone.now(),
            actor=request.user.as_actor(),  # type: ignore[union-attr]
        )
        created.display_name, created.email, created.must_change_password = asked["display_name"], asked["email"], True
        created.save(update_fields=["display_name", "email", "must_change_password"])
        obj.pk = created.pk


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
