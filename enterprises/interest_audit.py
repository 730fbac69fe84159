"""Holding declared ties (利害关系) against the ledger: a tie that is gone or ended would let a person decide again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ledger.canonical import commitment, to_milliseconds
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import Fault

from .models import DeclaredInterest

CHUNK = 2000
VERBS = (Verb.INTEREST_DECLARED, Verb.INTEREST_ENDED)
Tie = tuple[str, str]


@dataclass(slots=True)
class Declared:
    """What the ledger says of one declaration; `is_held`: the salt of its reason was kept."""

    number: int
    at: datetime
    said: str
    is_held: bool
    ended_at: datetime | None = None


def interest_faults() -> Iterator[Fault]:
    """Ties that differ from their entries, that are gone, or that nobody declared."""
    said = _said()
    rows = DeclaredInterest.objects.select_related("account", "enterprise").order_by("declared_at", "pk")
    for row in rows.defer("enterprise__contact_name", "enterprise__contact_phone").iterator(CHUNK):
        uscc = row.enterprise.uscc
        declared = said.get((row.account.code, uscc), [])
        place = {"account": row.account.code, "code": uscc}
        if not declared:
            reason = _("账户 %(account)s 与企业 %(code)s 的利害关系没有台账条目") % place
            yield Fault(0, reason)
            continue
        found = declared.pop(0)
        if not _says_the_same(found, row):
            reason = _("账户 %(account)s 与企业 %(code)s 的利害关系与台账记载不一致") % place
            yield Fault(found.number, reason)
    for (account, uscc), left in said.items():
        place = {"account": account, "code": uscc}
        for each in left:
            reason = _("台账记载的账户 %(account)s 与企业 %(code)s 的利害关系在库中不存在") % place
            yield Fault(each.number, reason)


def _said() -> dict[Tie, list[Declared]]:
    """The declarations of each tie in their order."""
    said: dict[Tie, list[Declared]] = {}
    for entry in LedgerEntry.objects.filter(verb__in=VERBS).order_by("number").defer("canonical").iterator(CHUNK):
        content = json.loads(entry.payload)
        declared = said.setdefault((entry.subject, content["enterprise"]), [])
        if entry.verb == Verb.INTEREST_DECLARED:
            held = content.get("salt_kept", False)
            declared.append(Declared(entry.number, entry.at, content["said"], held))
        elif declared:
            declared[-1].ended_at = entry.at
    return said


def _says_the_same(found: Declared, row: DeclaredInterest) -> bool:
    moments = (to_milliseconds(row.declared_at), row.ended_at and to_milliseconds(row.ended_at))
    if moments != (found.at, found.ended_at):
        return False
    return not found.is_held or found.said == commitment(row.reason, salt=row.salt)[1]
