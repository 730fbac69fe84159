"""Holding requests for roles (角色授权) against the ledger: what was asked, by whom, and how it was decided.

Name, contact and first password of an account that is asked for are no codes, and not on record before it is there.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from ledger.canonical import commitment, to_milliseconds
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import Fault

from .models import GrantKind, GrantState, RoleGrant
from .models.grant import WITH_PASSWORD

CHUNK = 2000
GRANTED = (Verb.ACCOUNT_GRANTED, Verb.ACCOUNT_REACTIVATED, Verb.ACCOUNT_PASSWORD_RESET)


def grant_faults() -> Iterator[Fault]:
    """Requests that differ from their entries, that are gone, or that nobody made."""
    decided = _decided()
    asked = LedgerEntry.objects.filter(verb=Verb.ACCOUNT_GRANT_REQUESTED).order_by("number")
    said = {entry.subject: entry for entry in asked.defer("canonical").iterator(CHUNK)}
    for row in RoleGrant.objects.select_related("account", "requested_by").order_by("pk").iterator(CHUNK):
        entry = said.pop(row.code, None)
        if entry is None:
            yield Fault(0, _("授权申请 %(grant)s 没有台账条目") % {"grant": row.code})
        elif not _as_asked(entry, row):
            yield Fault(entry.number, _("授权申请 %(grant)s 与台账记载的申请不一致") % {"grant": row.code})
        elif not _as_decided(decided.get(entry.number), row):
            number = decided[entry.number].number if entry.number in decided else entry.number
            yield Fault(number, _("授权申请 %(grant)s 的办理情况与台账记载不一致") % {"grant": row.code})
    for subject, entry in said.items():
        yield Fault(entry.number, _("台账记载的授权申请 %(grant)s 在库中不存在") % {"grant": subject})


def _decided() -> dict[int, LedgerEntry]:
    """The entry that decided each request, by the number of the request."""
    entries = LedgerEntry.objects.filter(verb__in=(*GRANTED, Verb.ACCOUNT_GRANT_REFUSED), supersedes__isnull=False)
    return {entry.supersedes or 0: entry for entry in entries.order_by("number").defer("canonical").iterator(CHUNK)}


def _as_asked(entry: LedgerEntry, row: RoleGrant) -> bool:
    content = json.loads(entry.payload)
    account = row.account
    # The account that a request brought about is named by its decision.
    code = account.code if account and row.kind != GrantKind.ACCOUNT else None
    said = [content[key] for key in ("kind", "account", "role", "scope_kind", "scope", "said")]
    return (
        said == [row.kind, code, row.role, row.scope_kind, row.scope, commitment(row.reason, salt=row.salt)[1]]
        and (entry.actor, entry.at) == (row.requested_by.code, to_milliseconds(row.requested_at))
        and row.ledger_number == entry.number
        and (account is None or row.username == account.username)
    )


def _as_decided(entry: LedgerEntry | None, row: RoleGrant) -> bool:
    by = None if row.decided_by_id is None else f"account:{row.decided_by_id}"
    at = row.decided_at and to_milliseconds(row.decided_at)
    waits_with_password = row.state == GrantState.WAITING and row.kind in WITH_PASSWORD
    kept: tuple[Any, ...] = (row.state, by, at, bool(row.password))
    if entry is None:
        return kept == (GrantState.WAITING, None, None, waits_with_password) and not row.refused_for
    if entry.verb == Verb.ACCOUNT_GRANT_REFUSED:
        said = json.loads(entry.payload)["said"]
        same = said == commitment(row.refused_for, salt=row.salt)[1]
        return same and kept == (GrantState.REFUSED, entry.actor, entry.at, False)
    mine = row.account is not None and row.account.code == entry.subject
    return mine and kept == (GrantState.CONFIRMED, entry.actor, entry.at, False) and not row.refused_for
