"""Lockouts: names and addresses from which too many logins failed; they end by themselves or are released."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min, Sum
from django.utils.translation import gettext as _

from ..errors import NotAllowed, NotPossible, Refusal
from ..models import Account, EventKind
from ..rights import may_release_lockouts
from .trail import note_strictly


@dataclass(frozen=True, slots=True)
class Lockout:
    """`account` is None where nobody has the name that was typed: it is not shown, since people type passwords."""

    key: int
    account: Account | None
    address: str | None
    failures: int
    since: datetime
    until: datetime


def lockouts(*, at: datetime) -> list[Lockout]:
    """Who cannot sign in now, the latest first."""
    rows = list(_standing(at))
    accounts = {row.username: row for row in Account.objects.filter(username__in=[row["username"] for row in rows])}
    return [
        Lockout(
            key=row["key"],
            account=accounts.get(row["username"]),
            address=row["ip_address"],
            failures=row["failures"],
            since=row["last"],
            until=row["last"] + get_cool_off(),
        )
        for row in rows
    ]


def _standing(at: datetime) -> Any:
    """As django-axes counts: of each name from each address, in whatever browser."""
    recent = AccessAttempt.objects.filter(attempt_time__gt=at - get_cool_off()).values("username", "ip_address")
    counted = recent.annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"), key=Min("pk"))
    return counted.filter(failures__gte=settings.AXES_FAILURE_LIMIT).order_by("-last")


@transaction.atomic
def release_lockout(key: int, *, actor: Account, at: datetime) -> None:
    """Let a name sign in again from its address, on the trail. Raises NotAllowed, NotPossible (over already)."""
    if not may_release_lockouts(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有安全管理员可以解除登录锁定"))])
    row = _standing(at).filter(key=key).first()
    if row is None:
        raise NotPossible([Refusal("lockout_over", _("该锁定已经解除或到期"))])
    account = Account.objects.filter(username=row["username"]).first()
    reset(ip=row["ip_address"], username=row["username"])
    detail = {"about": account.code if account else None, "address": row["ip_address"]}
    note_strictly(EventKind.LOCKOUT_RELEASED, account=actor, at=at, detail=detail)
