"""Signing in by one step or two and out, and one's own password."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from . import accounts, second_step

urlpatterns = [
    path("login/", accounts.SignIn.as_view(), name="login"),
    path("login/code/", second_step.second_step, name="second-step"),
    path("second-factor/", second_step.own_device, name="second-factor"),
    path("second-factor/new/", second_step.begin, name="second-factor-new"),
    path("second-factor/confirm/", second_step.confirm, name="second-factor-confirm"),
    path("second-factor/recovery-codes/", second_step.renew, name="recovery-codes"),
    path("second-factor/off/", second_step.give_up, name="second-factor-off"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", accounts.ChangePassword.as_view(), name="password-change"),
]
