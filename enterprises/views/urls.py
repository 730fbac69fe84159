"""Signing in and out, and one's own password."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from . import accounts

urlpatterns = [
    path("login/", accounts.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", accounts.ChangePassword.as_view(), name="password-change"),
]
