"""Accounts: creating one in a role and scope, and changing a password."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ledger.record import SYSTEM, Actor, Fact, record
from ledger.verbs import Verb

from ..errors import Refusal, Refused, refuse
from ..models import Account, Division, Enterprise, ReportingUnit
from ..roles import SCOPE_OF_ROLE, Role, ScopeKind

CITY_WORDS = ("", "city", "320400")
DEMO_SHOWN = 20


@transaction.atomic
def create_account(
    username: str, *, role: str, scope: str = "", password: str, at: datetime, actor: Actor = SYSTEM
) -> Account:
    """Create an account. `scope`: a credit code, a township code, a unit code, `city`, or empty.

    Raises Refused naming the field: unknown role, scope that does not fit the role, weak password,
    a user name in use.
    """
    if role not in Role.values:
        message = _("角色“%(role)s”不存在；可用：%(roles)s") % {"role": role, "roles": _("、").join(Role.values)}
        raise refuse("role_unknown", message, field="role")
    if Account.objects.filter(username=username).exists():
        raise refuse("username_taken", _("用户名“%(name)s”已被使用") % {"name": username}, field="username")
    account = Account(username=username, role=role)
    set_scope(account, scope)
    check_password(password, account)
    account.set_password(password)
    account.save()
    payload = {"role": role, "scope_kind": str(account.scope_kind), "scope": scope}
    record(Fact(Verb.ACCOUNT_GRANTED, account.code, payload), actor=actor, at=at)
    return account


def check_password(password: str, account: Account) -> None:
    """Raise Refused with every rule that the password breaks."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused([Refusal("password_weak", text, field="password") for text in error.messages]) from error


def password_was_changed(account: Account) -> None:
    """The person has chosen a password of their own: the demand to do so is met."""
    Account.objects.filter(pk=account.pk).update(must_change_password=False)


def give_new_password(account: Account, password: str) -> None:
    """A password set by the administrator: the person must choose another at the next login."""
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])


def demo_accounts() -> list[Account]:
    """The demo accounts of each role, without those of single enterprises and places."""
    rows = Account.objects.filter(is_demo=True, is_active=True).exclude(username__regex=r"^[0-9]|-")
    return list(rows.select_related("enterprise", "township", "unit").order_by("created_at", "pk")[:DEMO_SHOWN])


def set_scope(account: Account, scope: str) -> None:
    """Give an unsaved account the scope that the word names; Refused if its role has no such scope."""
    kinds = SCOPE_OF_ROLE[account.role]
    found = _scope_of(scope, kinds)
    if found is None:
        said = {"scope": scope, "role": account.get_role_display()}
        message = _("范围“%(scope)s”不适用于角色“%(role)s”") % said
        remedy = _("该角色的范围类别：%(kinds)s") % {"kinds": _("、").join(str(kind.label) for kind in kinds)}
        raise refuse("scope_wrong", message, field="scope", remedy=remedy)
    account.scope_kind, target = found
    match target:
        case Enterprise():
            account.enterprise = target
        case Division():
            account.township = target
        case ReportingUnit():
            account.unit = target


def _scope_of(
    scope: str, kinds: tuple[ScopeKind, ...]
) -> tuple[ScopeKind, Enterprise | Division | ReportingUnit | None] | None:
    """The kind among `kinds` that the word fits, with what it names."""
    for kind in kinds:
        if kind is ScopeKind.CITY and scope in CITY_WORDS:
            return kind, None
        if kind is ScopeKind.NONE and not scope:
            return kind, None
        target = _named(kind, scope)
        if target is not None:
            return kind, target
    return None


def _named(kind: ScopeKind, scope: str) -> Enterprise | Division | ReportingUnit | None:
    match kind:
        case ScopeKind.ENTERPRISE:
            return Enterprise.objects.filter(uscc=scope).first()
        case ScopeKind.TOWNSHIP:
            return Division.objects.filter(code=scope, level="township").first()
        case ScopeKind.UNIT:
            return ReportingUnit.objects.filter(code=scope).first()
    return None
