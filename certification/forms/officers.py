"""Forms of the officers (三员): what is asked of an account, and the answer to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.models import Account
from enterprises.roles import Role
from enterprises.services.grants import NewAccount

from .refusable import RefusableForm, Typed

SCOPE_HELP = _("企业：统一社会信用代码；乡镇（街道）：9 位代码；辖市区：统计单元代码；其余角色留空")


def reason_field() -> Typed:
    return Typed(
        label=_("申请理由"),
        help_text=_("200 字以内，供确认人核对；记入台账的是其摘要"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NewAccountForm(RefusableForm):
    """A new account."""

    username = Typed(label=_("用户名"), widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))
    display_name = forms.CharField(label=_("姓名或岗位"), required=False, max_length=60)
    role = Typed(label=_("角色"), widget=forms.Select(choices=[("", _("请选择")), *Role.choices]))
    scope = Typed(label=_("范围代码"), required=False, help_text=SCOPE_HELP)
    email = Typed(label=_("电子邮箱"), required=False, widget=forms.EmailInput)
    password = Typed(
        label=_("初始密码"),
        strip=False,
        help_text=_("本人首次登录时须自行改密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    reason = reason_field()

    def new_account(self) -> NewAccount:
        return NewAccount(**{name: value for name, value in self.asked().items() if name != "reason"})


class KnownAccountForm(RefusableForm):
    """Something about an account that there is."""

    username = Typed(label=_("用户名"), widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"]).strip()
        if not Account.objects.filter(username=username).exists():
            raise forms.ValidationError(gettext("没有用户名为“%(name)s”的账户") % {"name": username})
        return username

    def account(self) -> Account:
        return Account.objects.get(username=self.cleaned_data["username"])

    def said(self) -> dict[str, Any]:
        """What the service is told besides the account."""
        return {name: value for name, value in self.asked().items() if name != "username"}


class RoleForm(KnownAccountForm):
    """Another role or scope."""

    role = forms.ChoiceField(label=_("新的角色"), choices=Role.choices)
    scope = Typed(label=_("新的范围代码"), required=False, help_text=SCOPE_HELP)
    reason = reason_field()


class ReturnForm(KnownAccountForm):
    """The return of an account that was shut."""

    reason = reason_field()


class RefusalForm(RefusableForm):
    """Why a request is turned down."""

    reason = Typed(
        label=_("不予确认的理由"),
        help_text=_("200 字以内，申请人可见；记入台账的是其摘要"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
