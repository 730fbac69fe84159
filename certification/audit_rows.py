"""Rows that are one entry each, held against these: what differs, is gone, or was recorded by nobody."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import Fault

CHUNK = 2000
COLUMNS = ("subject", "payload", "at", "actor")


class Claim(NamedTuple):
    """What a row says of its entry: the number, whose row it is (credit code), and the values of the columns asked."""

    number: int
    uscc: str
    said: tuple[Any, ...]


def entry_faults(verb: Verb, claims: Iterable[Claim], *, columns: tuple[str, ...] = COLUMNS) -> Iterator[Fault]:
    """Claims that are not so, and entries of the verb that no row claims."""
    entries = LedgerEntry.objects.filter(verb=verb).values_list("number", *columns)
    said = {number: tuple(entry) for number, *entry in entries.iterator(CHUNK)}
    for claim in claims:
        if said.pop(claim.number, None) != claim.said:
            told = {"what": verb.label, "code": claim.uscc}
            yield Fault(claim.number, _("%(what)s：企业 %(code)s 的内容与台账记载不一致") % told)
    for number, entry in said.items():
        told = {"what": verb.label, "subject": entry[0]}
        yield Fault(number, _("%(what)s：%(subject)s 在库中不存在") % told)
