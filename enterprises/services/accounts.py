"""Accounts: opening one in a role and scope, passwords, shutting one.

A role of the staff is granted by two officers (grants.py); what is here takes effect at once.
"""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ledger.record import SYSTEM, Actor, Fact, record
from ledger.verbs import Verb

from ..errors import NotAllowed, NotPossible, Refusal, Refused, refuse
from ..models import Account
from ..rights import may_deactivate, may_manage_accounts
from ..roles import OFFICERS, Role
from .scopes import scope_code, set_scope

DEMO_SHOWN = 20


@transaction.atomic
def create_account(
    username: str, *, role: str, scope: str = "", password: str, at: datetime, actor: Actor = SYSTEM
) -> Account:
    """Create an account. `scope`: a credit code, a township code, a unit code, `city`, or empty.

    The door of the server's console and of reference data: nobody confirms. Raises Refused naming the field:
    unknown role, scope that does not fit the role, weak password, a user name in use.
    """
    account = new_account(username, role=role, scope=scope, password=password)
    account.save()
    record(granted_fact(account), actor=actor, at=at)
    return account


def new_account(username: str, *, role: str, scope: str, password: str) -> Account:
    """An unsaved account, checked; raises Refused."""
    check_role(role)
    check_username(username)
    account = Account(username=username, role=role)
    set_scope(account, scope)
    check_password(password, account)
    account.set_password(password)
    return account


def granted_fact(account: Account, *, supersedes: int | None = None, requested_by: str = "") -> Fact:
    """What the ledger says of a role that takes effect: an opaque account code, role and scope; nothing personal."""
    payload = {"role": str(account.role), "scope_kind": str(account.scope_kind), "scope": scope_code(account)}
    if requested_by:
        payload["requested_by"] = requested_by
    return Fact(Verb.ACCOUNT_GRANTED, account.code, payload, supersedes=supersedes)


def check_role(role: str) -> None:
    if role not in Role.values:
        message = _("角色“%(role)s”不存在；可用：%(roles)s") % {"role": role, "roles": _("、").join(Role.values)}
        raise refuse("role_unknown", message, field="role")


def check_username(username: str) -> None:
    """Raise Refused for a user name that is none, or that somebody has."""
    try:
        Account._meta.get_field("username").clean(username, None)
    except ValidationError as error:
        raise Refused([Refusal("username_form", text, field="username") for text in error.messages]) from error
    if Account.objects.filter(username=username).exists():
        raise refuse("username_taken", _("用户名“%(name)s”已被使用") % {"name": username}, field="username")


def check_password(password: str, account: Account) -> None:
    """Raise Refused with every rule that the password breaks."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused([Refusal("password_weak", text, field="password") for text in error.messages]) from error


def password_was_changed(account: Account) -> None:
    """The person has chosen a password of their own: the demand to do so is met."""
    Account.objects.filter(pk=account.pk).update(must_change_password=False)


@transaction.atomic
def reset_password(account: Account, password: str, *, actor: Account, at: datetime) -> None:
    """A first password set by the system administrator: the person must choose another at the next login.

    Never that of an officer: whoever knew it could confirm their own requests. Raises NotAllowed, Refused.
    """
    if not may_manage_accounts(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有系统管理员可以重设密码"))])
    if account.role in OFFICERS:
        remedy = _("请在服务器上用 manage.py account password 重设；自己的密码请在“修改密码”中修改")
        raise NotAllowed([Refusal("officers_password", _("三员的密码不能由他人在系统中重设"), remedy=remedy)])
    set_password(account, password, actor=actor.as_actor(), at=at)


@transaction.atomic
def set_password(account: Account, password: str, *, actor: Actor, at: datetime) -> None:
    """Write a first password, on record; every login of the account ends. Raises Refused (weak)."""
    check_password(password, account)
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    record(Fact(Verb.ACCOUNT_PASSWORD_RESET, account.code), actor=actor, at=at)


@transaction.atomic
def deactivate(account: Account, *, actor: Account, at: datetime) -> None:
    """Shut an account at once; every login of it ends and none comes back with it. Raises NotAllowed, NotPossible."""
    if not may_deactivate(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有系统管理员和安全管理员可以停用账户"))])
    if account.pk == actor.pk:
        raise NotAllowed([Refusal("own_account", _("不能停用自己的账户"))])
    active = Account.objects.filter(pk=account.pk, is_active=True)
    if not active.update(is_active=False, login_epoch=F("login_epoch") + 1):
        raise NotPossible([Refusal("inactive_already", _("账户“%(name)s”已经停用") % {"name": account.username})])
    account.refresh_from_db()
    record(Fact(Verb.ACCOUNT_DEACTIVATED, account.code), actor=actor.as_actor(), at=at)


def demo_accounts() -> list[Account]:
    """The demo accounts of each role, without those of single enterprises and places."""
    rows = Account.objects.filter(is_demo=True, is_active=True).exclude(username__regex=r"^[0-9]|-")
    return list(rows.select_related("enterprise", "township", "unit").order_by("created_at", "pk")[:DEMO_SHOWN])
