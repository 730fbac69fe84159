"""The scope of an account (范围): what a word names, and whether the account's role has it."""

from django.utils.translation import gettext as _

from ..errors import refuse
from ..models import Account, Division, Enterprise, ReportingUnit
from ..roles import SCOPE_OF_ROLE, ScopeKind

CITY_WORDS = ("", "city", "320400")
Target = Enterprise | Division | ReportingUnit


def set_scope(account: Account, scope: str) -> None:
    """Give an account the scope that the word names, in place of any other; Refused if its role has no such scope."""
    kinds = SCOPE_OF_ROLE[account.role]
    found = _scope_of(scope, kinds)
    if found is None:
        wanted = _("、").join(str(kind.label) for kind in kinds)
        raise refuse(
            "scope_wrong",
            _("范围“%(scope)s”不适用于角色“%(role)s”") % {"scope": scope, "role": account.get_role_display()},
            field="scope",
            remedy=_("该角色的范围类别：%(kinds)s") % {"kinds": wanted},
        )
    account.scope_kind, target = found
    account.enterprise = target if isinstance(target, Enterprise) else None
    account.township = target if isinstance(target, Division) else None
    account.unit = target if isinstance(target, ReportingUnit) else None


def scope_code(account: Account) -> str:
    """The code of an account's scope; empty for the whole city and for none."""
    if account.enterprise is not None:
        return account.enterprise.uscc
    return str(account.township_id or account.unit_id or "")


def _scope_of(scope: str, kinds: tuple[ScopeKind, ...]) -> tuple[ScopeKind, Target | None] | None:
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


def _named(kind: ScopeKind, scope: str) -> Target | None:
    match kind:
        case ScopeKind.ENTERPRISE:
            return Enterprise.objects.filter(uscc=scope).first()
        case ScopeKind.TOWNSHIP:
            return Division.objects.filter(code=scope, level="township").first()
        case ScopeKind.UNIT:
            return ReportingUnit.objects.filter(code=scope).first()
    return None
