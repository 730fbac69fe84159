"""Facts that are on record as a whole: a year of the calendar, a division, an edition, a rulebook, a plan's marks.

Each change is one entry with the digest of everything that the fact says from then on (null: it was removed).
Whatever was altered behind the ledger, the fact no longer has the digest of its last entry.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from .canonical import digest, text_of
from .models import LedgerEntry
from .record import SYSTEM, Actor, Fact, next_number, record, record_many
from .verbs import Verb
from .verify import Fault

Contents = Mapping[str, Any]


def content_digest(content: Any) -> str:
    return digest(text_of(content).encode())


def record_content(
    verb: Verb, subject: str, read: Callable[[], Any], *, actor: Actor, at: datetime, codes: Contents | None = None
) -> LedgerEntry:
    """Record what a fact says now; `read` gives its content, or None where it was removed.

    It is read under the lock of the ledger's head: of two changes at once, the later entry has both.
    """
    next_number()
    content = read()
    said = None if content is None else content_digest(content)
    return record(Fact(verb, subject, {**(codes or {}), "digest": said}), actor=actor, at=at)


def record_loaded(verb: Verb, contents: Contents, loaded: Iterable[str], *, at: datetime) -> None:
    """Record the facts that were loaded as reference data.

    The first time of all, record everything that is there: it may be older than this kind of entry.
    """
    is_first = not LedgerEntry.objects.filter(verb=verb).exists()
    facts = [
        Fact(verb, subject, {"digest": content_digest(contents[subject])})
        for subject in (contents if is_first else loaded)
    ]
    if facts:
        record_many(facts, actor=SYSTEM, at=at)


def content_faults(verb: Verb, contents: Contents) -> Iterator[Fault]:
    """Facts that differ from their last entry, that are gone, or that have no entry."""
    last: dict[str, tuple[int, str | None]] = {}
    entries = LedgerEntry.objects.filter(verb=verb).order_by("number")
    for number, subject, payload in entries.values_list("number", "subject", "payload"):
        content = json.loads(payload)
        last.pop(content.get("instead_of", ""), None)
        last[subject] = (number, content["digest"])
    for subject, (number, said) in last.items():
        if said != (content_digest(contents[subject]) if subject in contents else None):
            yield Fault(number, _("%(what)s：%(subject)s 与台账记载不一致") % {"what": verb.label, "subject": subject})
    for subject in contents:
        if subject not in last:
            yield Fault(0, _("%(what)s：%(subject)s 没有台账条目") % {"what": verb.label, "subject": subject})
