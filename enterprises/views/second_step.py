"""The second step of signing in, and the page on which one's own device is set up."""

from collections.abc import Callable
from typing import Any, cast

import segno
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..errors import Refusal, Refused
from ..models import Account
from ..models.second_factor import SECOND_STEP_TAKEN
from ..rights import needs_second_factor
from ..services import second_factors
from .accounts import locked_out
from .pending import first_step_of, forget_first_step, page_after

BACKEND = "django.contrib.auth.backends.ModelBackend"
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


class CodeForm(forms.Form):
    """A code of the device, or a recovery code."""

    use_required_attribute = False
    code = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "off", "autofocus": True}
        ),
        error_messages={"required": gettext_lazy("请输入验证器显示的 6 位数字")},
    )

    def taken(self, service: Callable[[str], Any]) -> bool:
        """Hand the code to a service; whether it was taken. What is refused stands at the field."""
        if not self.is_valid():
            return False
        try:
            service(self.cleaned_data["code"])
        except Refused as refused:
            self.add_error("code", [_("；").join(filter(None, [why.message, why.remedy])) for why in refused.refusals])
            return False
        return True


def _checked(account: Account, request: HttpRequest) -> Callable[[str], None]:
    """A service that takes a code of the account's device; a wrong one is a failed login."""

    def check(code: str) -> None:
        found: list[Refusal] = second_factors.code_refusals(account, code, at=timezone.now())
        if found:
            said = {"username": account.username}
            user_login_failed.send(sender=Account, credentials=said, request=request)
            raise Refused(found)

    return check


@never_cache
@sensitive_post_parameters("code")
@get_or_post
def second_step(request: HttpRequest) -> HttpResponse:
    """The code, after the password was right."""
    account = first_step_of(request)
    if account is None:
        return redirect("login")
    if not AxesProxyHandler.is_allowed(request, {"username": account.username}):
        return locked_out(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.taken(_checked(account, request)):
        goal = page_after(request, account)
        forget_first_step(request)
        login(request, account, backend=BACKEND)
        request.session[SECOND_STEP_TAKEN] = True
        return redirect(goal)
    return render(request, "registration/second_step.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@login_required
@require_safe
def own_device(request: HttpRequest) -> HttpResponse:
    return _page(request, CodeForm())


def _page(request: HttpRequest, form: CodeForm, **shown: Any) -> HttpResponse:
    account = _own(request)
    device = second_factors.device_of(account)
    shown |= {
        "form": form,
        "device": device,
        "codes_left": second_factors.recovery_codes_left(device) if device else 0,
        "required": needs_second_factor(account),
    }
    return render(request, "registration/second_factor.html", shown, status=400 if form.errors else 200)


def _own(request: HttpRequest) -> Account:
    return cast(Account, request.user)


@never_cache
@login_required
@sensitive_post_parameters("code")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Show the secret of a new device. Who has one already shows a code of it first."""
    account, form = _own(request), CodeForm(request.POST)
    if second_factors.device_of(account) and not form.taken(_checked(account, request)):
        return _page(request, form)
    return _secret_page(request, second_factors.begin(account), CodeForm())


def _secret_page(request: HttpRequest, secret: str, form: CodeForm) -> HttpResponse:
    address = second_factors.address_of_secret(_own(request), secret)
    picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2)
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    shown = {"form": form, "picture": picture, "secret": groups}
    return render(request, "registration/second_factor_new.html", shown, status=400 if form.errors else 200)


@never_cache
@login_required
@sensitive_post_parameters("code")
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """A first code of the new device; its recovery codes are shown this once."""
    account, form, told = _own(request), CodeForm(request.POST), list[str]()
    if form.taken(lambda code: told.extend(second_factors.confirm(account, code, at=timezone.now()))):
        request.session.cycle_key()
        request.session[SECOND_STEP_TAKEN] = True
        return render(request, "registration/recovery_codes.html", {"codes": told, "is_new": True})
    secret = second_factors.secret_in_waiting(account)
    return _secret_page(request, secret, form) if secret else redirect("second-factor")


@never_cache
@login_required
@sensitive_post_parameters("code")
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Other recovery codes."""
    account, form = _own(request), CodeForm(request.POST)
    if not form.taken(_checked(account, request)):
        return _page(request, form)
    codes = second_factors.renew_recovery_codes(account, at=timezone.now())
    return render(request, "registration/recovery_codes.html", {"codes": codes})


@never_cache
@login_required
@sensitive_post_parameters("code")
@require_POST
def give_up(request: HttpRequest) -> HttpResponse:
    """No second step any more, where it is not required."""
    account, form = _own(request), CodeForm(request.POST)

    def removed(code: str) -> None:
        _checked(account, request)(code)
        second_factors.give_up(account, at=timezone.now())

    if not form.taken(removed):
        return _page(request, form)
    request.session.pop(SECOND_STEP_TAKEN, None)
    messages.success(request, _("已停用两步验证。"))
    return redirect("second-factor")
