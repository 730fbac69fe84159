"""Granting roles (角色授权): the system administrator asks, the security administrator confirms; only then it holds.

A new account of the staff, another role or scope, the return of an account that was shut, and a new first password
of the staff go this way. An applicant's account is opened at once: it has no right but over its own enterprise.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ledger.canonical import commitment
from ledger.record import Fact, record
from ledger.verbs import Verb

from ..errors import Duplicate, NotAllowed, NotPossible, Refusal, refuse, refuse_together
from ..models import Account, Enterprise, EventKind, GrantKind, GrantState, RoleGrant
from ..models.grant import WITH_PASSWORD
from ..rights import may_confirm_grants, may_manage_accounts
from ..roles import Role
from .accounts import check_email, check_password, check_role, check_username, granted_fact, new_account, no_officer
from .interests import declare_interest
from .scopes import scope_code, set_scope
from .trail import note_change

MOST_REASON = 200
REASON = "原为该企业申报人，变更角色时自动登记"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is asked of a new account; `scope` is a code, or empty."""

    username: str
    role: str
    scope: str
    password: str
    display_name: str = ""
    email: str = ""


@transaction.atomic
def open_account(asked: NewAccount, *, reason: str, actor: Account, at: datetime) -> Account | RoleGrant:
    """Open an applicant's account, or ask for one of the staff.

    Raises NotAllowed, Refused (user name, role, scope, password, address, reason: all at once), Duplicate (asked
    for already).
    """
    _check_asker(actor)
    made: list[Account] = []
    refuse_together(
        lambda: made.append(
            new_account(asked.username, role=asked.role, scope=asked.scope, password=asked.password),
        ),
        lambda: check_email(asked.email),
        lambda: None if asked.role == Role.APPLICANT else _check_reason(reason),
    )
    account = made[0]
    account.display_name, account.email = asked.display_name, asked.email
    account.must_change_password = True
    if account.role == Role.APPLICANT:
        account.save()
        entry = record(granted_fact(account), actor=actor.as_actor(), at=at)
        note_change(EventKind.ACCOUNT_CHANGED, entry, account=actor)
        return account
    return _asked(GrantKind.ACCOUNT, account, reason, actor, at)


@transaction.atomic
def request_role(account: Account, *, role: str, scope: str, reason: str, actor: Account, at: datetime) -> RoleGrant:
    """Ask for another role or scope. Raises as open_account does, and NotPossible (shut, or no change)."""
    _check_asker(actor, about=account)
    _check_active(account)
    check_role(role)
    before = (account.role, str(account.scope_kind), scope_code(account))
    wanted = Account.objects.get(pk=account.pk)
    wanted.role = role
    set_scope(wanted, scope)
    if (role, str(wanted.scope_kind), scope_code(wanted)) == before:
        raise NotPossible([Refusal("role_unchanged", _("与现有的角色和范围相同"), field="role")])
    return _asked(GrantKind.ROLE, wanted, reason, actor, at)


@transaction.atomic
def request_return(account: Account, *, reason: str, actor: Account, at: datetime) -> RoleGrant:
    """Ask that an account which was shut may sign in again, in its role. Raises as request_role does."""
    _check_asker(actor, about=account)
    if account.is_active:
        message = _("账户“%(name)s”没有停用") % {"name": account.username}
        raise NotPossible([Refusal("active", message, field="username")])
    return _asked(GrantKind.RETURN, account, reason, actor, at)


@transaction.atomic
def request_reset(account: Account, *, password: str, reason: str, actor: Account, at: datetime) -> RoleGrant:
    """Ask for a new first password of one of the staff. Raises as request_role does, NotAllowed for an officer's."""
    _check_asker(actor, about=account)
    no_officer(account)
    if account.role == Role.APPLICANT:
        remedy = _("请在系统管理的“账户”中直接重设")
        raise NotPossible([Refusal("applicants_password", _("企业申报人的密码不须申请"), "username", remedy)])
    _check_active(account)
    refuse_together(lambda: check_password(password, account), lambda: _check_reason(reason))
    wanted = Account.objects.get(pk=account.pk)
    wanted.set_password(password)
    return _asked(GrantKind.RESET, wanted, reason, actor, at)


@transaction.atomic
def confirm_grant(grant: RoleGrant, *, actor: Account, at: datetime) -> Account:
    """Let a request take effect; every login of the account ends.

    Whoever stood for an enterprise and no longer does is tied to it: no part in its decisions in any other role.
    Raises NotAllowed (another officer's, or about oneself), NotPossible (decided already, or overtaken).
    """
    grant = _waiting(grant, actor)
    asker = grant.requested_by
    if not (asker.is_active and may_manage_accounts(asker)):
        raise NotPossible([Refusal("asker_gone", _("申请人已停用或不再是系统管理员，请重新申请"))])
    account, former = _applied(grant)
    _decide(grant, GrantState.CONFIRMED, decided_by=actor, decided_at=at, account=account)
    entry = record(_confirmed_fact(grant, account), actor=actor.as_actor(), at=at)
    note_change(_event_of(grant), entry, account=actor)
    if former and former != account.enterprise and not _is_tied(account, former):
        declare_interest(account, former, reason=REASON, actor=actor, at=at)
    return account


def _event_of(grant: RoleGrant) -> EventKind:
    return EventKind.PASSWORD_CHANGED if grant.kind == GrantKind.RESET else EventKind.ACCOUNT_CHANGED


def _confirmed_fact(grant: RoleGrant, account: Account) -> Fact:
    """What the ledger says of a request that takes effect."""
    asker, asked = grant.requested_by.code, grant.ledger_number
    verb = {GrantKind.RETURN: Verb.ACCOUNT_REACTIVATED, GrantKind.RESET: Verb.ACCOUNT_PASSWORD_RESET}.get(
        GrantKind(grant.kind)
    )
    if verb is None:
        return granted_fact(account, supersedes=asked, requested_by=asker)
    return Fact(verb, account.code, {"requested_by": asker}, supersedes=asked)


@transaction.atomic
def refuse_grant(grant: RoleGrant, *, reason: str, actor: Account, at: datetime) -> RoleGrant:
    """Turn a request down; nothing changes but the request. Raises as confirm_grant does, Refused (no reason)."""
    _check_reason(reason)
    grant = _waiting(grant, actor)
    _decide(grant, GrantState.REFUSED, decided_by=actor, decided_at=at, refused_for=reason.strip())
    said = commitment(reason.strip(), salt=grant.salt)[1]
    fact = Fact(Verb.ACCOUNT_GRANT_REFUSED, grant.code, {"said": said}, supersedes=grant.ledger_number)
    entry = record(fact, actor=actor.as_actor(), at=at)
    note_change(EventKind.ACCOUNT_CHANGED, entry, account=actor, about=grant.account.code if grant.account else "")
    grant.refresh_from_db()
    return grant


def _check_asker(actor: Account, *, about: Account | None = None) -> None:
    if not may_manage_accounts(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有系统管理员可以申请账户和角色"))])
    if about is not None and about.pk == actor.pk:
        raise NotAllowed([Refusal("own_account", _("不能为自己的账户申请"))])


def _check_active(account: Account) -> None:
    if not account.is_active:
        raise NotPossible([Refusal("inactive", _("账户已停用，请先申请恢复"), field="username")])


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise refuse("reason_missing", _("请写明理由"), field="reason")
    if len(reason.strip()) > MOST_REASON:
        said = {"most": MOST_REASON, "length": len(reason.strip())}
        raise refuse("reason_too_long", _("理由最多 %(most)s 字，现 %(length)s 字") % said, field="reason")


def _asked(kind: GrantKind, wanted: Account, reason: str, actor: Account, at: datetime) -> RoleGrant:
    """Write a request and its entry. `wanted` is the account as it would become."""
    _check_reason(reason)
    salt, said = commitment(reason.strip())
    is_new = wanted.pk is None
    grant = RoleGrant(
        kind=kind,
        account=None if is_new else wanted,
        username=wanted.username,
        display_name=wanted.display_name,
        email=wanted.email if is_new else "",
        password=wanted.password if kind in WITH_PASSWORD else "",
        role=wanted.role,
        scope_kind=wanted.scope_kind,
        scope=scope_code(wanted),
        reason=reason.strip(),
        requested_by=actor,
        requested_at=at,
        salt=salt,
    )
    try:
        with transaction.atomic():
            grant.save()
    except IntegrityError as error:
        message = _("“%(name)s”已有待确认的申请") % {"name": wanted.username}
        raise Duplicate([Refusal("asked_already", message, field="username")]) from error
    payload = {"kind": str(kind), "account": None if is_new else wanted.code, "said": said}
    payload |= {"role": str(grant.role), "scope_kind": str(grant.scope_kind), "scope": grant.scope}
    entry = record(Fact(Verb.ACCOUNT_GRANT_REQUESTED, grant.code, payload), actor=actor.as_actor(), at=at)
    grant.ledger_number = entry.number
    grant.save(update_fields=["ledger_number"])
    note_change(EventKind.ACCOUNT_CHANGED, entry, account=actor, about="" if is_new else wanted.code)
    return grant


def _waiting(grant: RoleGrant, actor: Account) -> RoleGrant:
    """The request, locked, if this officer may decide it and nobody has."""
    if not may_confirm_grants(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有安全管理员可以确认授权"))])
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("requested_by").get(pk=grant.pk)
    if actor.pk in (grant.requested_by_id, grant.account_id):
        raise NotAllowed([Refusal("own_grant", _("申请人和账户本人不能确认该授权"))])
    if grant.state != GrantState.WAITING:
        raise NotPossible([Refusal("decided_already", _("该授权申请已经办理"))])
    return grant


def _decide(grant: RoleGrant, state: GrantState, **columns: Any) -> None:
    """Write the decision; the password that waited with the request is gone from the row."""
    RoleGrant.objects.filter(pk=grant.pk, state=GrantState.WAITING).update(state=state, password="", **columns)


def _is_tied(account: Account, enterprise: Enterprise) -> bool:
    return account.interests.filter(enterprise=enterprise, ended_at__isnull=True).exists()


def _applied(grant: RoleGrant) -> tuple[Account, Enterprise | None]:
    """The account as the request wants it, written; and the enterprise that it stood for until now."""
    former = None
    if grant.kind == GrantKind.ACCOUNT:
        check_username(grant.username)
        account = Account(
            username=grant.username,
            display_name=grant.display_name,
            email=grant.email,
            password=grant.password,
            must_change_password=True,
        )
    else:
        account = Account.objects.select_for_update().get(pk=grant.account_id or 0)
        if account.is_active is (grant.kind == GrantKind.RETURN):
            raise NotPossible([Refusal("overtaken", _("账户在申请之后已被停用或恢复，请重新申请"))])
        account.is_active, former = True, account.enterprise
        account.login_epoch += 1
    if grant.kind == GrantKind.RESET:
        account.password, account.must_change_password = grant.password, True
    else:
        account.role = grant.role
        set_scope(account, grant.scope)
    account.save()
    return account, former
