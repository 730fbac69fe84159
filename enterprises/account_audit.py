"""Holding accounts against the ledger: nobody has a role, a scope or an open door that was not granted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import Fault

from .models import Account
from .roles import Role
from .services.scopes import CITY_WORDS, scope_code

CHUNK = 2000
VERBS = (Verb.ACCOUNT_GRANTED, Verb.ACCOUNT_DEACTIVATED, Verb.ACCOUNT_REACTIVATED)


@dataclass(slots=True)
class Standing:
    """What the ledger says of an account; `scope` None: it does not say (synthetic data)."""

    number: int
    role: str
    scope_kind: str
    scope: str | None
    is_active: bool = True


def account_faults() -> Iterator[Fault]:
    """Accounts that differ from what was granted, that nobody granted, or that are gone."""
    said = _said()
    rows = Account.objects.select_related("enterprise").only(
        "role", "scope_kind", "enterprise__uscc", "township_id", "unit_id", "is_active"
    )
    for row in rows.order_by("pk").iterator(CHUNK):
        standing = said.pop(row.code, None)
        if standing is None:
            yield Fault(0, _("账户 %(account)s 没有授权的台账条目") % {"account": row.code})
        elif row.role != standing.role or not _has_scope(row, standing):
            yield Fault(standing.number, _("账户 %(account)s 的角色或范围与台账记载不一致") % {"account": row.code})
        elif row.is_active != standing.is_active:
            yield Fault(standing.number, _("账户 %(account)s 的启用或停用与台账记载不一致") % {"account": row.code})
    for subject, standing in said.items():
        yield Fault(standing.number, _("台账记载的账户 %(account)s 在库中不存在") % {"account": subject})


def _said() -> dict[str, Standing]:
    """How each account stands after its last entry."""
    said: dict[str, Standing] = {}
    entries = LedgerEntry.objects.filter(verb__in=VERBS).order_by("number")
    for number, verb, subject, payload in entries.values_list("number", "verb", "subject", "payload").iterator(CHUNK):
        if verb == Verb.ACCOUNT_GRANTED:
            content = json.loads(payload)
            scope = content.get("scope")
            named = "" if scope in CITY_WORDS else scope
            said[subject] = Standing(number, content["role"], content["scope_kind"], named)
        elif subject in said:
            said[subject].number, said[subject].is_active = number, verb == Verb.ACCOUNT_REACTIVATED
    return said


def _has_scope(row: Account, standing: Standing) -> bool:
    if row.role == Role.APPLICANT and standing.scope == "" and row.enterprise is not None:
        # Bound to the enterprise that it registered itself.
        own = LedgerEntry.objects.filter(enterprise=row.enterprise.uscc, verb=Verb.ENTERPRISE_REGISTERED)
        return own.filter(actor=row.code).exists()
    return row.scope_kind == standing.scope_kind and standing.scope in (None, scope_code(row))
