"""Signing in, being locked out, and changing one's own password."""

from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..errors import Refused
from ..models import Account
from ..services.accounts import check_another_password, demo_accounts, password_was_changed
from ..services.second_factors import device_of
from .first_pages import first_page
from .pending import remember_first_step

NAME_LENGTH = Account._meta.get_field("username").max_length or 0


class SignInForm(AuthenticationForm):
    """The same answer for an unknown name, a wrong password and a disabled account."""

    error_messages = {
        "invalid_login": _("用户名或密码不正确。连续 5 次失败后须等待 15 分钟。"),
        "inactive": _("用户名或密码不正确。连续 5 次失败后须等待 15 分钟。"),
    }

    def clean(self) -> dict[str, Any]:
        if len(self.cleaned_data.get("username", "")) > NAME_LENGTH:  # nobody's, and longer than a failure is kept
            raise self.get_invalid_login_error()
        return super().clean()


class SignIn(LoginView):
    """The login page; someone signed in already is sent on."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Signed in, or asked for the second step by whoever has set one up."""
        account = form.get_user()
        if isinstance(account, Account) and device_of(account):
            remember_first_step(self.request, account, self.get_redirect_url())
            return redirect("second-step")
        return super().form_valid(form)

    def get_default_redirect_url(self) -> str:
        user = self.request.user
        return first_page(user) if isinstance(user, Account) else resolve_url("home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = demo_accounts() if settings.DEMO_DATA else []
        context = super().get_context_data(demo_accounts=shown, **kwargs)
        del context["site"]  # Django's; the pages' own comes from the context processor
        return context


def locked_out(request: HttpRequest, *_args: object) -> HttpResponse:
    """After too many failures, known name or not: wait."""
    wait = get_cool_off(request)
    seconds = int(wait.total_seconds()) if wait else 0
    response = render(request, "registration/locked.html", {"minutes": seconds // 60}, status=429)
    response["Retry-After"] = str(seconds)
    return response


class OwnPasswordForm(PasswordChangeForm):
    """Another password of one's own."""

    def clean_new_password1(self) -> str:
        password = str(self.cleaned_data["new_password1"])
        try:
            check_another_password(password, self.user)
        except Refused as refused:
            raise ValidationError(
                [gettext("；").join([why.message, why.remedy]) for why in refused.refusals]
            ) from refused
        return password


class ChangePassword(PasswordChangeView):
    """One's own password; other sessions of the account end."""

    form_class = OwnPasswordForm
    template_name = "registration/password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        password_was_changed(form.user, at=timezone.now())
        messages.success(self.request, _("密码已修改，其他设备上的登录已失效。"))
        return response
