"""The second step of signing in: setting up a device, taking its codes, and letting go of one that was lost.

Codes by the clock as in RFC 6238 (six digits, 30 seconds, SHA-1, which is what authenticator programs know).
"""

import base64
import hmac
import secrets
from datetime import datetime

from axes.helpers import get_cool_off
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from ledger.record import Actor, Fact, record
from ledger.verbs import Verb

from ..errors import NotAllowed, NotPossible, Refusal, refuse
from ..models import Account, EventKind, RecoveryCode, SecondFactor
from ..rights import may_reset_second_factors, needs_second_factor
from ..roles import OFFICERS
from .trail import note_change, note_strictly

SECONDS = 30
DIGITS = 6
DRIFT = 1  # steps that a device's clock may be ahead or behind
SECRET_BYTES = 20
RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is taken for something else
RECOVERY_LENGTH = 12
SALT = "enterprises.second_factor.recovery"


def device_of(account: Account) -> SecondFactor | None:
    """The device that the account signs in with; None: no second step was set up."""
    return SecondFactor.objects.filter(account=account, confirmed_at__isnull=False).first()


def recovery_codes_left(factor: SecondFactor) -> int:
    return factor.recovery_codes.filter(used_at__isnull=True).count()


def code_refusals(account: Account, code: str, *, at: datetime) -> list[Refusal]:
    """Why a code, of the device or one of the recovery codes, is not taken; empty: it was, and it is used up.

    Every failure counts, from wherever it comes: after too many the device rests, and no code is looked at.
    """
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(account=account, confirmed_at__isnull=False).first()
        if factor is None:
            return [Refusal("no_second_factor", _("该账户没有设置两步验证"))]
        if _rests(factor, at):
            minutes = int(get_cool_off().total_seconds()) // 60
            remedy = _("请在 %(minutes)s 分钟后再试；手机不在身边的，使用备用码或联系安全管理员") % {"minutes": minutes}
            return [Refusal("second_factor_paused", _("验证码连续错误次数过多"), field="code", remedy=remedy)]
        if _takes(factor, code, at):
            return []
        failures = factor.failures + 1 if _fresh(factor, at) else 1
        SecondFactor.objects.filter(pk=factor.pk).update(failures=failures, failed_at=at)
    remedy = _("请输入验证器当前显示的 6 位数字，或一个未用过的备用码；手机时间须准确")
    return [Refusal("wrong_code", _("验证码不正确或已用过"), field="code", remedy=remedy)]


def _fresh(factor: SecondFactor, at: datetime) -> bool:
    return factor.failed_at is not None and at - factor.failed_at < get_cool_off()


def _rests(factor: SecondFactor, at: datetime) -> bool:
    return factor.failures >= settings.AXES_FAILURE_LIMIT and _fresh(factor, at)


def _takes(factor: SecondFactor, code: str, at: datetime) -> bool:
    plain = code.replace(" ", "").replace("-", "").lower()
    step = _step_of(factor.secret, plain, at, after=factor.last_step)
    if step is not None:
        SecondFactor.objects.filter(pk=factor.pk).update(last_step=step, failures=0)
        return True
    unused = factor.recovery_codes.filter(digest=_digest(plain), used_at__isnull=True)
    if not unused.update(used_at=at):
        return False
    SecondFactor.objects.filter(pk=factor.pk).update(failures=0)
    _note(factor.account, "recovery_code_used", at, left=recovery_codes_left(factor))
    return True


def _step_of(secret: str, code: str, at: datetime, *, after: int) -> int | None:
    """The time step whose code this is; each step's code is taken once, and never one before it."""
    if not (len(code) == DIGITS and code.isascii() and code.isdigit()):
        return None
    clock = TOTP(base64.b32decode(secret), DIGITS, SHA1(), SECONDS)
    now = int(at.timestamp()) // SECONDS
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > after and hmac.compare_digest(clock.generate(step * SECONDS), code.encode()):
            return step
    return None


@transaction.atomic
def begin(account: Account) -> str:
    """A new secret (base32) for a device that has still to show a code of it; the present device goes on holding."""
    secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    SecondFactor.objects.update_or_create(account=account, defaults={"next_secret": secret})
    return secret


def secret_in_waiting(account: Account) -> str:
    """The secret of a device that has still to show a code; empty: none."""
    factor = SecondFactor.objects.filter(account=account).first()
    return factor.next_secret if factor else ""


def address_of_secret(account: Account, secret: str) -> str:
    """What an authenticator program reads from the QR code."""
    clock = TOTP(base64.b32decode(secret), DIGITS, SHA1(), SECONDS)
    return clock.get_provisioning_uri(account.username, _("常州市企业知识产权认证登记系统"))


@transaction.atomic
def confirm(account: Account, code: str, *, at: datetime) -> list[str]:
    """The new device has shown a code: from now on it is asked for. Returns the recovery codes, told this once.

    Raises NotPossible (nothing was begun), Refused (wrong code).
    """
    factor = SecondFactor.objects.select_for_update().filter(account=account).first()
    if factor is None or not factor.next_secret:
        raise NotPossible([Refusal("not_begun", _("没有待绑定的验证器"), remedy=_("请重新开始绑定"))])
    step = _step_of(factor.next_secret, code.replace(" ", ""), at, after=0)
    if step is None:
        remedy = _("请输入验证器当前显示的 6 位数字；手机时间须准确")
        raise refuse("wrong_code", _("验证码不正确"), field="code", remedy=remedy)
    replaced = factor.confirmed_at is not None
    factor.secret, factor.next_secret, factor.last_step = factor.next_secret, "", step
    factor.confirmed_at, factor.failures = at, 0
    factor.save()
    _note(account, "replaced" if replaced else "enabled", at)
    return _new_codes(factor)


@transaction.atomic
def renew_recovery_codes(account: Account, *, at: datetime) -> list[str]:
    """Other recovery codes; those that were told before are taken no longer."""
    factor = SecondFactor.objects.get(account=account, confirmed_at__isnull=False)
    _note(account, "recovery_codes_renewed", at)
    return _new_codes(factor)


@transaction.atomic
def give_up(account: Account, *, at: datetime) -> None:
    """The person's own device is no longer asked for. Raises NotAllowed where the role must have one."""
    if needs_second_factor(account):
        remedy = _("手机更换的，请用“更换验证器”")
        raise NotAllowed([Refusal("second_factor_required", _("工作人员的账户须使用两步验证"), remedy=remedy)])
    SecondFactor.objects.filter(account=account).delete()
    _note(account, "removed", at)


def _new_codes(factor: SecondFactor) -> list[str]:
    codes = [_new_code() for _each in range(settings.RECOVERY_CODES)]
    factor.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(factor=factor, digest=_digest(code)) for code in codes])
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


def _new_code() -> str:
    return "".join(secrets.choice(RECOVERY_ALPHABET) for _each in range(RECOVERY_LENGTH))


def _digest(code: str) -> str:
    return salted_hmac(SALT, code, algorithm="sha256").hexdigest()


@transaction.atomic
def reset_second_factor(account: Account, *, actor: Account, at: datetime) -> None:
    """Let go of the device of somebody who lost it, on record; every login of the account ends.

    Raises NotAllowed (not the security administrator; an officer's own is let go of on the server), NotPossible.
    """
    if not may_reset_second_factors(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有安全管理员可以解除他人的两步验证"))])
    if account.role in OFFICERS:
        remedy = _("请在服务器上用 manage.py account second-factor 解除")
        raise NotAllowed([Refusal("officers_factor", _("三员的两步验证不能由他人在系统中解除"), remedy=remedy)])
    let_go(account, actor=actor.as_actor(), at=at, by=actor)


@transaction.atomic
def let_go(account: Account, *, actor: Actor, at: datetime, by: Account | None = None) -> None:
    """Remove a device, on record. `by`: None at the server's console. Raises NotPossible (there is none)."""
    if not SecondFactor.objects.filter(account=account, confirmed_at__isnull=False).exists():
        message = _("账户“%(name)s”没有设置两步验证") % {"name": account.username}
        raise NotPossible([Refusal("no_second_factor", message, field="username")])
    SecondFactor.objects.filter(account=account).delete()
    Account.objects.filter(pk=account.pk).update(login_epoch=F("login_epoch") + 1)
    entry = record(Fact(Verb.ACCOUNT_SECOND_FACTOR_RESET, account.code), actor=actor, at=at)
    note_change(EventKind.SECOND_FACTOR, entry, account=by)


def _note(account: Account, what: str, at: datetime, **more: int) -> None:
    note_strictly(EventKind.SECOND_FACTOR, account=account, at=at, detail={"about": account.code, "by": what, **more})
