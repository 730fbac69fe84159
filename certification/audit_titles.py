"""Titles, their re-examinations and the guidance of a year held against the ledger."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ledger.canonical import text_of, to_milliseconds
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import Fault

from .models import Guidance, Reexamination, TitleDocument
from .services.guidance import guided_payload
from .services.reexaminations import reexamined_payload
from .services.titles import recorded_payload, subject_of

CHUNK = 2000
Payload = Callable[[Any], dict[str, Any]]
JOINED = "achievement__enterprise"


def title_faults() -> Iterator[Fault]:
    """Rows that differ from their entries, that are gone, or that nobody recorded; a failed one whose title stands."""
    yield from _faults(Verb.TITLE_RECORDED, TitleDocument.objects.select_related(JOINED), recorded_payload)
    yield from _faults(Verb.TITLE_REEXAMINED, Reexamination.objects.select_related(JOINED), reexamined_payload)
    yield from _faults(Verb.TITLE_GUIDED, Guidance.objects.select_related(JOINED), guided_payload)
    failed = Reexamination.objects.filter(passed=False, achievement__ended_reason="")
    for number in failed.order_by("ledger_number").values_list("ledger_number", flat=True):
        yield Fault(number, _("复核未通过的称号没有撤销"))


def _faults(verb: Verb, rows: "QuerySet[Any]", payload: Payload) -> Iterator[Fault]:
    entries = LedgerEntry.objects.filter(verb=verb).values_list("number", "subject", "payload", "at", "actor")
    said = {number: entry for number, *entry in entries.iterator(CHUNK)}
    for row in rows.order_by("ledger_number").iterator(CHUNK):
        is_so = [
            subject_of(row.achievement),
            text_of(payload(row)),
            to_milliseconds(row.recorded_at),
            f"account:{row.recorded_by_id}",
        ]
        if said.pop(row.ledger_number, None) != is_so:
            told = {"what": verb.label, "code": row.achievement.enterprise.uscc}
            yield Fault(row.ledger_number, _("%(what)s：企业 %(code)s 的内容与台账记载不一致") % told)
    for number, (subject, *_rest) in said.items():
        yield Fault(number, _("%(what)s：%(subject)s 在库中不存在") % {"what": verb.label, "subject": subject})
