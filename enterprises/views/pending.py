"""Between the password and the code: who has taken the first step of signing in, and where they were going."""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from ..models import Account
from .first_pages import first_page

PENDING = "first_step_taken"


def remember_first_step(request: HttpRequest, account: Account, goal: str) -> None:
    """The password was right. The session is a new one, and nobody is signed in yet."""
    request.session.cycle_key()
    seal = account.get_session_auth_hash()
    request.session[PENDING] = {"account": account.pk, "seal": seal, "at": int(time.time()), "goal": goal}


def first_step_of(request: HttpRequest) -> Account | None:
    """Whose password was right a few minutes ago; None: nobody's, or it is another one by now."""
    said: Any = request.session.get(PENDING)
    if not said or time.time() - said["at"] > settings.SECOND_FACTOR_MINUTES * 60:
        return None
    account = Account.objects.filter(pk=said["account"], is_active=True).first()
    return account if account and constant_time_compare(account.get_session_auth_hash(), said["seal"]) else None


def forget_first_step(request: HttpRequest) -> None:
    request.session.pop(PENDING, None)


def page_after(request: HttpRequest, account: Account) -> str:
    """Where the person was going, if that is here, or where their work begins."""
    goal = str(request.session[PENDING]["goal"])
    allowed = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
    return goal if goal and allowed else first_page(account)
