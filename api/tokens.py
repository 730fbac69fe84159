"""Logging in to the API: checking a password within the limits, issuing and taking back a token."""

from datetime import datetime

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.translation import gettext as _
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed, Throttled

from certification.errors import NotAllowed, Refusal
from enterprises.models import Account

from .pace import Pace

SEAL_LENGTH = 10
BY_ADDRESS = Pace("login-address", most=60, seconds=60)
BY_ACCOUNT = Pace("login-account", most=20, seconds=60)


def log_in(request: HttpRequest, *, username: str, password: str) -> Account:
    """The account of a right name and password.

    Raises Throttled before any password is hashed, and AuthenticationFailed with the same words whether
    the account exists or not.
    """
    BY_ADDRESS.count(request.META.get("REMOTE_ADDR", ""))
    BY_ACCOUNT.count(username)
    account = authenticate(request, username=username, password=password)
    if getattr(request, "axes_locked_out", False):
        # The answer is this API's own problem, not the page that the lock-out middleware would put instead.
        request.axes_locked_out = False  # type: ignore[attr-defined]
        raise Throttled(wait=get_cool_off(request).total_seconds())
    if not isinstance(account, Account):
        raise AuthenticationFailed(_("用户名或密码不正确"), "wrong_credentials")
    if account.must_change_password:
        remedy = _("请先在网页上登录并修改密码")
        raise NotAllowed([Refusal("password_change_required", _("该账户须先修改密码"), remedy=remedy)])
    user_logged_in.send(sender=Account, request=request, user=account)
    return account


def issue(account: Account, *, at: datetime) -> tuple[AuthToken, str]:
    """A new token (row, text). Expired ones go; beyond the limit per account, so do the oldest."""
    own = AuthToken.objects.filter(user=account)
    own.filter(expiry__lte=at).delete()
    kept = own.order_by("-created").values_list("pk", flat=True)[: settings.REST_KNOX["TOKEN_LIMIT_PER_USER"] - 1]
    own.exclude(pk__in=list(kept)).delete()
    return AuthToken.objects.create(user=account, prefix=seal(account))


def seal(account: Account) -> str:
    """The first characters of the account's tokens: with another password or role they are no longer its own."""
    return account.get_session_auth_hash()[:SEAL_LENGTH]
