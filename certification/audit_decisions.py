"""Decisions (办理记录) held against the ledger: every move is there, in every word, and decides what such moves do."""

import json
from collections.abc import Iterator
from itertools import zip_longest

from django.utils.translation import gettext as _

from ledger.canonical import to_milliseconds
from ledger.models import LedgerEntry
from ledger.record import SYSTEM
from ledger.verify import Fault

from .audit_steps import move_of
from .models import Decision
from .services.statements import committed_content, committed_words
from .stages import MOVES

CHUNK = 2000
MOVE_VERBS = sorted({move.verb for move in MOVES})


def decision_faults() -> Iterator[Fault]:
    """Every move in the ledger has its decision row, and the row says the same in every word."""
    entries = LedgerEntry.objects.filter(verb__in=MOVE_VERBS).order_by("number")
    rows = Decision.objects.select_related("application__enterprise").order_by("ledger_number")
    for entry, row in zip_longest(entries.iterator(CHUNK), rows.iterator(CHUNK)):
        if entry is None or (row is not None and row.ledger_number < entry.number):
            reason = _("办理记录 %(application)s 没有对应的台账条目") % {"application": row.application}
            yield Fault(row.ledger_number, reason)
            return
        if row is None or row.ledger_number > entry.number:
            yield Fault(entry.number, _("台账记载的办理（%(subject)s）在库中不存在") % {"subject": entry.subject})
            return
        if not _says_the_same(entry, row):
            reason = _("办理记录 %(application)s 与台账记载不一致") % {"application": row.application}
            yield Fault(entry.number, reason)


def _says_the_same(entry: LedgerEntry, row: Decision) -> bool:
    content, move = json.loads(entry.payload), move_of(row)
    if move is None or row.decides is not move.decides or not isinstance(row.defects, list):
        return False
    said = (
        entry.subject,
        entry.enterprise,
        entry.actor,
        entry.role,
        entry.verb,
        entry.at,
        *(content[key] for key in ("from", "to", "turn", "level", "said", "content")),
        content.get("correct_by"),
    )
    return said == (
        f"application:{row.application.number}",
        row.application.enterprise.uscc,
        f"account:{row.actor_id}" if row.actor_id else SYSTEM.code,
        row.role,
        move.verb,
        to_milliseconds(row.at),
        row.from_status,
        row.to_status,
        row.turn,
        row.level,
        committed_words(row.comment, row.defects, salt=row.salt)[1],
        committed_content(row.snapshot, salt=row.salt),
        str(row.correct_by) if row.correct_by else None,
    )
