"""Titles, their re-examinations and the guidance of a year held against the ledger."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ledger.canonical import text_of, to_milliseconds
from ledger.verbs import Verb
from ledger.verify import Fault

from .audit_rows import CHUNK, Claim, entry_faults
from .models import Guidance, Reexamination, TitleDocument
from .services.guidance import guided_payload
from .services.reexaminations import reexamined_payload
from .services.titles import recorded_payload, subject_of

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
    return entry_faults(verb, (_claim(row, payload) for row in rows.order_by("ledger_number").iterator(CHUNK)))


def _claim(row: Any, payload: Payload) -> Claim:
    said = text_of(payload(row)), to_milliseconds(row.recorded_at), f"account:{row.recorded_by_id}"
    return Claim(row.ledger_number, row.achievement.enterprise.uscc, (subject_of(row.achievement), *said))
