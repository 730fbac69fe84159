"""Findings (不符合项) held against the ledger: each was raised, answered, refused and closed as an entry says."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ledger.canonical import commitment, to_milliseconds
from ledger.models import LedgerEntry
from ledger.record import Fact
from ledger.verbs import Verb
from ledger.verify import Fault

from .models import Finding, FindingStatus
from .services.findings_said import answered_fact, closed_fact, dropped_fact, raised_fact, refused_fact

VERBS = (
    Verb.FINDING_RAISED,
    Verb.FINDING_ANSWERED,
    Verb.FINDING_REFUSED,
    Verb.FINDING_CLOSED,
    Verb.FINDING_DROPPED,
)
CHUNK = 2000
Line = tuple[Any, ...]


def finding_faults() -> Iterator[Fault]:
    """Rows and entries are the same ones and say the same; a finding stands where its last entry left it."""
    said = dict(_said())
    for row in _rows():
        lines = dict(_lines(row))
        for number, line in sorted(lines.items()):
            if _without_later(line, found := said.pop(number, None)) != found:
                yield Fault(number, _("不符合项 %(number)s 与台账记载不一致") % {"number": row})
        if _says_too_much(row):
            yield Fault(max(lines), _("不符合项 %(number)s 与台账记载不一致") % {"number": row})
        last = max(lines)
        if STATUS_AFTER[lines[last][0]] != row.status:
            yield Fault(last, _("不符合项 %(number)s 的状态与最后一次办理不一致") % {"number": row})
    for number, line in sorted(said.items()):
        yield Fault(number, _("台账记载的不符合项（%(subject)s）在库中不存在") % {"subject": line[1]})


def _without_later(line: Line, entry: Line | None) -> Line:
    """The line as an entry says it that is older than the name of the file in it."""
    payload = {**line[3]}
    if entry is not None and "file" not in entry[3]:
        payload.pop("file", None)
    return (*line[:3], payload, *line[4:])


def _says_too_much(row: Finding) -> bool:
    """Of a closing or a refusal, though there was none."""
    closing = (row.closed_by_id, row.closed_in_id, row.closing_reason, row.closing_salt)
    if row.closing_number is None and any(closing):
        return True
    return any(
        any((each.refused_number, each.refused_at, each.refused_by_id, each.refused_for, each.refused_salt))
        and None in (each.refused_number, each.refused_at)
        for each in row.answers.all()
    )


STATUS_AFTER: dict[object, str] = {
    Verb.FINDING_RAISED.value: "open",
    Verb.FINDING_ANSWERED.value: "answered",
    Verb.FINDING_REFUSED.value: "open",
    Verb.FINDING_CLOSED.value: "closed",
    Verb.FINDING_DROPPED.value: "dropped",
}


def _rows() -> Iterator[Finding]:
    rows = Finding.objects.select_related("enterprise", "application", "closed_in").prefetch_related("answers")
    return rows.order_by("pk").iterator(chunk_size=CHUNK)


def _said() -> Iterator[tuple[int, Line]]:
    entries = LedgerEntry.objects.filter(verb__in=VERBS).order_by("number")
    columns = ("number", "verb", "subject", "enterprise", "payload", "actor", "at")
    for number, verb, subject, enterprise, payload, actor, at in entries.values_list(*columns).iterator(CHUNK):
        yield number, (verb, subject, enterprise, json.loads(payload), actor, at)


def _lines(row: Finding) -> Iterator[tuple[int, Line]]:
    """What the entries should say, by their numbers."""
    words = commitment(f"{row.clause}\n{row.text}", salt=row.salt)[1]
    yield row.ledger_number, _line(raised_fact(row, words), row.raised_by_id, row.raised_at)
    for answer in row.answers.all():
        words = commitment(answer.text, salt=answer.salt)[1]
        answer.finding = row
        yield answer.ledger_number, _line(answered_fact(answer, words), answer.by_id, answer.at)
        if answer.refused_number and answer.refused_at:
            words = commitment(answer.refused_for, salt=answer.refused_salt)[1]
            yield answer.refused_number, _line(refused_fact(row, words), answer.refused_by_id, answer.refused_at)
    if row.closing_number and row.closed_at:
        words = commitment(row.closing_reason, salt=row.closing_salt)[1]
        in_round = row.closed_in.number if row.closed_in else ""
        is_dropped = row.status == FindingStatus.DROPPED
        ended = dropped_fact(row, words) if is_dropped else closed_fact(row, words, in_round)
        yield row.closing_number, _line(ended, row.closed_by_id, row.closed_at)


def _line(fact: Fact, account: int | None, at: datetime) -> Line:
    moment = to_milliseconds(at)
    return (fact.verb.value, fact.subject, fact.enterprise, dict(fact.payload), f"account:{account}", moment)
