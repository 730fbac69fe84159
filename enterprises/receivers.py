"""What Django announces and the audit trail keeps: logins, good and failed, and their end."""

from typing import Any

from axes.helpers import get_cool_off
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.cache import cache
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from ledger.canonical import digest

from .models import Account, EventKind
from .services.trail import note


@receiver(user_logged_in)
def note_login(sender: Any, request: HttpRequest | None, user: Any, **_: Any) -> None:
    _note(EventKind.LOGIN, request, user)


@receiver(user_logged_out)
def note_logout(sender: Any, request: HttpRequest | None, user: Any, **_: Any) -> None:
    if isinstance(user, Account):
        _note(EventKind.LOGOUT, request, user)


@receiver(user_login_failed)
def note_failed_login(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """The name is kept only if it is an account's."""
    name = str(credentials.get("username", ""))[:64]
    known = Account.objects.filter(username=name).first() if name.isprintable() else None
    _note(EventKind.LOGIN_FAILED, request, known)


@receiver(user_locked_out)
def note_lockout(sender: Any, request: HttpRequest | None, username: str, ip_address: str, **_: Any) -> None:
    """Once for each lockout: whoever goes on trying meets the same one."""
    if not cache.add(f"locked:{digest(f'{username}:{ip_address}'.encode())}", 1, get_cool_off().total_seconds()):
        return
    known = Account.objects.filter(username=username).first() if username.isprintable() else None
    _note(EventKind.LOCKED_OUT, request, known)


def _note(kind: EventKind, request: HttpRequest | None, account: Account | None) -> None:
    note(kind, request=request, account=account, at=timezone.now())
