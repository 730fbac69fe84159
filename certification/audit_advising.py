"""Advising (辅导关系) held against the ledger: one that is gone or shortened would let an adviser judge its client."""

import json
from collections.abc import Iterator

from django.utils.translation import gettext as _

from ledger.canonical import commitment
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import Fault

from .models import Advising
from .services.advising import subject_of

CHUNK = 2000
VERBS = (Verb.ADVISING_BEGUN, Verb.ADVISING_ENDED)


def advising_faults() -> Iterator[Fault]:
    """Rows that differ from their entries, that are gone, or that nobody recorded."""
    said = _said()
    rows = Advising.objects.select_related("enterprise").order_by("ledger_number")
    for row in rows.defer("enterprise__contact_name", "enterprise__contact_phone").iterator(CHUNK):
        number, *content = said.pop(row.ledger_number, (0,))
        if content != [subject_of(row), row.organisation_id, str(row.valid_to or ""), _ending(row)]:
            place = {"code": row.enterprise.uscc, "organisation": row.organisation_id}
            reason = _("企业 %(code)s 与机构 %(organisation)s 的辅导关系与台账记载不一致") % place
            yield Fault(number or row.ledger_number, reason)
    for number, subject, *_rest in said.values():
        yield Fault(number, _("台账记载的辅导关系（%(subject)s）在库中不存在") % {"subject": subject})


def _said() -> dict[int, tuple[int, str, str, str, str]]:
    """By the number of the entry that began each: the last entry's number, subject, organisation, last day, ending."""
    said: dict[int, tuple[int, str, str, str, str]] = {}
    entries = LedgerEntry.objects.filter(verb__in=VERBS).order_by("number")
    columns = ("number", "verb", "subject", "payload", "supersedes")
    for number, verb, subject, payload, supersedes in entries.values_list(*columns).iterator(CHUNK):
        content = json.loads(payload)
        if verb == Verb.ADVISING_BEGUN:
            said[number] = (number, subject, content["organisation"], content["to"], "")
        elif supersedes in said:
            begun = said[supersedes]
            said[supersedes] = (number, subject, begun[2], content["to"], content["said"])
    return said


def _ending(row: Advising) -> str:
    if not row.ended_salt:
        return row.ended_reason  # none where none was ended
    return commitment(row.ended_reason, salt=row.ended_salt)[1]
