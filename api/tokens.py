"""Logging in to the API: checking a password within the limits, issuing and taking back a token."""

import dataclasses
from datetime import datetime

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed, Throttled

from certification.errors import NotAllowed, Refusal
from enterprises.models import Account
from enterprises.rights import needs_second_factor
from enterprises.services.second_factors import code_refusals, device_of

from .errors import SecondStepMissing
from .pace import Pace

SEAL_LENGTH = 10
BY_ADDRESS = Pace("login-address", most=60, seconds=60)
BY_ACCOUNT = Pace("login-account", most=20, seconds=60)


def log_in(request: HttpRequest, *, username: str, password: str, otp: str = "") -> Account:
    """The account of a right name and password, and of a right code where a second step was set up.

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
    _take_second_step(request, account, otp)
    user_logged_in.send(sender=Account, request=request, user=account)
    return account


def _take_second_step(request: HttpRequest, account: Account, otp: str) -> None:
    """Raises SecondStepMissing for a missing or wrong code (a failed login), NotAllowed where none was set up."""
    if not device_of(account):
        if needs_second_factor(account):
            remedy = _("请先在网页上登录并绑定验证器")
            raise NotAllowed([Refusal("second_factor_required", _("该账户须先设置两步验证"), remedy=remedy)])
        return
    if not otp:
        message, remedy = _("该账户使用两步验证"), _("请在 otp 中给出验证器当前显示的 6 位数字，或一个备用码")
        raise SecondStepMissing([Refusal("otp_required", message, field="otp", remedy=remedy)])
    refusals = code_refusals(account, otp, at=timezone.now())
    if refusals:
        user_login_failed.send(sender=Account, credentials={"username": account.username}, request=request)
        request.axes_locked_out = False  # type: ignore[attr-defined]
        raise SecondStepMissing([dataclasses.replace(refusal, field="otp") for refusal in refusals])


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
