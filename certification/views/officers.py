"""The officers' page (/officers/grants/): roles asked for by one of them and confirmed by another."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enterprises.models import Account, GrantState, RoleGrant
from enterprises.rights import may_confirm_grants, may_manage_accounts, may_reset_second_factors, may_see_grants
from enterprises.services.grants import (
    confirm_grant,
    open_account,
    refuse_grant,
    request_reset,
    request_return,
    request_role,
)
from enterprises.services.second_factors import reset_second_factor

from ..forms.first_password import LostDeviceForm, ResetForm
from ..forms.officers import KnownAccountForm, NewAccountForm, RefusalForm, ReturnForm, RoleForm
from ..forms.refusable import RefusableForm
from .access import account_of, for_those_who
from .answers import answered

PAGE = 20
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@for_those_who(may_see_grants)
@require_safe
def officers(request: HttpRequest) -> HttpResponse:
    return redirect("grants")


def _rows() -> Any:
    return RoleGrant.objects.select_related("account", "requested_by", "decided_by")


@for_those_who(may_see_grants)
@require_safe
def grants(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    shown = {
        "waiting": _rows().filter(state=GrantState.WAITING).order_by("requested_at", "id"),
        "page": Paginator(_rows().exclude(state=GrantState.WAITING), PAGE).get_page(request.GET.get("page")),
        "may_ask": may_manage_accounts(account),
        "may_confirm": may_confirm_grants(account),
        "may_let_go": may_reset_second_factors(account),
    }
    return render(request, "officers/grants.html", shown)


@for_those_who(may_see_grants)
@require_safe
def grant(request: HttpRequest, key: int) -> HttpResponse:
    return _grant_page(request, get_object_or_404(_rows(), pk=key), RefusalForm())


@for_those_who(may_confirm_grants)
@answered
@require_POST
def confirm(request: HttpRequest, key: int) -> HttpResponse:
    account = confirm_grant(get_object_or_404(_rows(), pk=key), actor=account_of(request), at=timezone.now())
    messages.success(request, _("已确认，账户“%(name)s”的授权自即时起生效。") % {"name": account.username})
    return redirect("grants")


@for_those_who(may_confirm_grants)
@answered
@require_POST
def refuse(request: HttpRequest, key: int) -> HttpResponse:
    row, form = get_object_or_404(_rows(), pk=key), RefusalForm(request.POST)
    if form.attempt(lambda: refuse_grant(row, **form.asked(), actor=account_of(request), at=timezone.now())):
        messages.success(request, _("已记为不予确认。"))
        return redirect("grants")
    return _grant_page(request, row, form)


def _grant_page(request: HttpRequest, row: RoleGrant, form: RefusableForm) -> HttpResponse:
    decides = may_confirm_grants(account_of(request)) and row.state == GrantState.WAITING
    shown = {"grant": row, "form": form, "decides": decides}
    return render(request, "officers/grant.html", shown, status=form.status)


@for_those_who(may_manage_accounts)
@answered
@get_or_post
def new_account(request: HttpRequest) -> HttpResponse:
    """Open an applicant's account, or ask for one of the staff."""
    form, made = NewAccountForm(request.POST if request.method == "POST" else None), []

    def opened() -> None:
        said = {"reason": form.cleaned_data["reason"], "actor": account_of(request), "at": timezone.now()}
        made.append(open_account(form.new_account(), **said))

    if form.is_bound and form.attempt(opened):
        at_once = isinstance(made[0], Account)
        messages.success(request, _("账户已建立。") if at_once else ASKED % {"name": made[0].username})
        return redirect("grants")
    return _form_page(request, form, gettext_lazy("新建账户"), NEW_ACCOUNT)


@for_those_who(may_manage_accounts)
@answered
@get_or_post
def change_role(request: HttpRequest) -> HttpResponse:
    form = RoleForm(request.POST if request.method == "POST" else None)
    return _request_page(request, form, request_role, gettext_lazy("变更角色或范围"))


@for_those_who(may_manage_accounts)
@answered
@get_or_post
def bring_back(request: HttpRequest) -> HttpResponse:
    form = ReturnForm(request.POST if request.method == "POST" else None)
    return _request_page(request, form, request_return, gettext_lazy("恢复停用的账户"))


@for_those_who(may_manage_accounts)
@answered
@get_or_post
def reset(request: HttpRequest) -> HttpResponse:
    form = ResetForm(request.POST if request.method == "POST" else None)
    return _request_page(request, form, request_reset, gettext_lazy("重置密码"))


@for_those_who(may_reset_second_factors)
@answered
@get_or_post
def lost_device(request: HttpRequest) -> HttpResponse:
    form, actor = LostDeviceForm(request.POST if request.method == "POST" else None), account_of(request)
    if form.is_bound and form.attempt(lambda: reset_second_factor(form.account(), actor=actor, at=timezone.now())):
        said = {"name": form.cleaned_data["username"]}
        messages.success(request, _("已解除“%(name)s”的两步验证，其登录全部失效；下次登录时重新绑定。") % said)
        return redirect("grants")
    return _form_page(request, form, gettext_lazy("解除两步验证"), AT_ONCE, gettext_lazy("解除"))


AT_ONCE = gettext_lazy("用于手机遗失、备用码也用完的人员；请先核实本人身份。解除即时生效，记入台账和审计日志。")
CONFIRMED_FIRST = gettext_lazy("须经安全管理员确认后生效。")
ASK = gettext_lazy("提交申请")
NEW_ACCOUNT = gettext_lazy("须经安全管理员确认后生效；企业申报人账户除外，建立即生效。")
ASKED = gettext_lazy("已提交“%(name)s”的申请，待安全管理员确认后生效。")


def _request_page(
    request: HttpRequest, form: KnownAccountForm, service: Callable[..., RoleGrant], title: Any
) -> HttpResponse:
    """A request about an account that there is."""

    def asked() -> None:
        service(form.account(), **form.said(), actor=account_of(request), at=timezone.now())

    if form.is_bound and form.attempt(asked):
        messages.success(request, ASKED % {"name": form.cleaned_data["username"]})
        return redirect("grants")
    return _form_page(request, form, title)


def _form_page(
    request: HttpRequest, form: RefusableForm, title: Any, lead: Any = CONFIRMED_FIRST, button: Any = ASK
) -> HttpResponse:
    shown = {"form": form, "title": title, "lead": lead, "button": button}
    return render(request, "officers/request.html", shown, status=form.status)


urlpatterns = [
    path("officers/", officers, name="officers"),
    path("officers/grants/", grants, name="grants"),
    path("officers/grants/account/", new_account, name="grant-account"),
    path("officers/grants/role/", change_role, name="grant-role"),
    path("officers/grants/return/", bring_back, name="grant-return"),
    path("officers/grants/reset/", reset, name="grant-reset"),
    path("officers/second-factors/", lost_device, name="second-factor-reset"),
    path("officers/grants/<int:key>/", grant, name="grant"),
    path("officers/grants/<int:key>/confirm/", confirm, name="grant-confirm"),
    path("officers/grants/<int:key>/refuse/", refuse, name="grant-refuse"),
]
