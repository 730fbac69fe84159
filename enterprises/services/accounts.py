"""Accounts: opening one in a role and scope, passwords, shutting one.

A role of the staff is granted by two officers (grants.py); what is here takes effect at once.
"""

from datetime import datetime

from django.contrib.auth.hashers import check_password as is_password_of
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ledger.record import SYSTEM, Actor, Fact, record
from ledger.verbs import Verb

from ..errors import NotAllowed, NotPossible, Refusal, Refused, refuse, refuse_together
from ..models import Account, EventKind
from ..rights import may_deactivate, may_manage_accounts
from ..roles import OFFICERS, Role
from .rows import differing
from .scopes import scope_code, set_scope
from .trail import note_change, note_strictly

DEMO_SHOWN = 20
DESCRIBED = ("display_name", "email")


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
    entry = record(granted_fact(account), actor=actor, at=at)
    note_change(EventKind.ACCOUNT_CHANGED, entry, account=None)
    return account


def new_account(username: str, *, role: str, scope: str, password: str) -> Account:
    """An unsaved account, checked; raises Refused with everything that is wrong."""
    account = Account(username=username, role=role)
    refuse_together(
        lambda: check_username(username),
        lambda: _set_role(account, scope),
        lambda: check_password(password, account),
    )
    account.set_password(password)
    return account


def _set_role(account: Account, scope: str) -> None:
    """Which scopes there are depends on the role: without one, neither can be given."""
    if not account.role:
        unasked = Refusal("scope_open", _("未选角色，不能核对范围代码"), field="scope", remedy=_("选定角色后填写"))
        raise Refused([Refusal("role_missing", _("请选择角色"), field="role"), unasked])
    check_role(account.role)
    set_scope(account, scope)


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
    if not username:
        raise refuse("username_form", _("请填写用户名"), field="username")
    try:
        Account._meta.get_field("username").clean(username, None)
    except ValidationError as error:
        raise Refused([Refusal("username_form", text, field="username") for text in error.messages]) from error
    if Account.objects.filter(username=username).exists():
        raise refuse("username_taken", _("用户名“%(name)s”已被使用") % {"name": username}, field="username")


def check_email(email: str) -> None:
    """Raise Refused for an address that is none; there may be no address."""
    try:
        Account._meta.get_field("email").clean(email, None)
    except ValidationError as error:
        message = _("“%(email)s”不是电子邮箱地址") % {"email": email}
        raise refuse(
            "email_form", message, field="email", remedy=_("请填写形如 name@example.cn 的地址，或留空")
        ) from error


def check_password(password: str, account: Account) -> None:
    """Raise Refused with every rule that the password breaks."""
    if not password:
        raise refuse("password_weak", _("请填写密码"), field="password")
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused([Refusal("password_weak", text, field="password") for text in error.messages]) from error


def check_another_password(password: str, account: Account) -> None:
    """Raise Refused for the password that the account has already.

    Asked when a person chooses their own, never when an officer sets one: the answer would tell it to them.
    """
    if is_password_of(password, account.password):
        remedy = _("请换一个未在本账户使用的密码")
        raise refuse("password_unchanged", _("新密码不能与当前密码相同"), field="new_password1", remedy=remedy)


@transaction.atomic
def password_was_changed(account: Account, *, at: datetime) -> None:
    """The person has chosen a password of their own: the demand to do so is met, and the change is on the trail."""
    Account.objects.filter(pk=account.pk).update(must_change_password=False)
    note_strictly(EventKind.PASSWORD_CHANGED, account=account, at=at, detail={"about": account.code, "by": "own"})


@transaction.atomic
def describe_account(account: Account, *, actor: Account, at: datetime) -> None:
    """Write the name and address under which an account is shown. Raises NotAllowed."""
    if not may_manage_accounts(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有系统管理员可以修改账户信息"))])
    fields = [name for name in differing(account) if name in DESCRIBED]
    if fields:
        account.save(update_fields=fields)
        detail = {"about": account.code, "fields": fields}
        note_strictly(EventKind.ACCOUNT_CHANGED, account=actor, at=at, detail=detail)


@transaction.atomic
def reset_password(account: Account, password: str, *, actor: Account, at: datetime) -> None:
    """A first password of an applicant, set by the system administrator: the person must choose another at once.

    Not of the staff: whoever set it could sign in as a reviewer, so another officer confirms (grants.py). Raises
    NotAllowed, Refused.
    """
    if not may_manage_accounts(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有系统管理员可以重设密码"))])
    no_officer(account)
    if account.role != Role.APPLICANT:
        remedy = _("请在“账户授权”中申请重置密码，由安全管理员确认")
        raise NotAllowed([Refusal("staff_password", _("工作人员的密码不能由系统管理员一人重设"), remedy=remedy)])
    set_password(account, password, actor=actor.as_actor(), at=at, by=actor)


def no_officer(account: Account) -> None:
    """Refuse to touch the password of an officer: whoever knew it could confirm their own requests."""
    if account.role in OFFICERS:
        remedy = _("请在服务器上用 manage.py account password 重设；自己的密码请在“修改密码”中修改")
        raise NotAllowed([Refusal("officers_password", _("三员的密码不能由他人在系统中重设"), remedy=remedy)])


@transaction.atomic
def set_password(account: Account, password: str, *, actor: Actor, at: datetime, by: Account | None = None) -> None:
    """Write a first password, on record; every login of the account ends. `by`: None at the server's console.

    Raises Refused (weak).
    """
    check_password(password, account)
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    entry = record(Fact(Verb.ACCOUNT_PASSWORD_RESET, account.code), actor=actor, at=at)
    note_change(EventKind.PASSWORD_CHANGED, entry, account=by)


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
    entry = record(Fact(Verb.ACCOUNT_DEACTIVATED, account.code), actor=actor.as_actor(), at=at)
    note_change(EventKind.ACCOUNT_CHANGED, entry, account=actor)


def demo_accounts() -> list[Account]:
    """The demo accounts of each role, without those of single enterprises and places."""
    rows = Account.objects.filter(is_demo=True, is_active=True).exclude(username__regex=r"^[0-9]|-")
    return list(rows.select_related("enterprise", "township", "unit").order_by("created_at", "pk")[:DEMO_SHOWN])
