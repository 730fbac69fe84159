"""Walking the ledger: every number present, every hash right, every link to its predecessor."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from json.encoder import encode_basestring as quoted

from django.db import connection
from django.utils.translation import gettext as _

from .canonical import timestamp, to_milliseconds
from .models import GENESIS, LedgerEntry, LedgerHead
from .record import canonical_text
from .unreadable import UNREADABLE, unreadable

TELL_EVERY = 5000
CHUNK = 100  # with more at once they no longer fit into the processor's cache


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where the ledger does not fit, in words for an auditor."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of a walk: how many entries were checked and the first fault, if any."""

    checked: int
    fault: Fault | None


_MOMENT = {
    "postgresql": "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "sqlite": "+at",  # as it is stored: the driver would make a time of it
}
_ENTRIES = """
    SELECT number, {moment}, actor, role, verb, subject, enterprise, enterprise_seq, enterprise_prev,
        payload, prev, supersedes, canonical, hash
    FROM ledger_ledgerentry ORDER BY number"""
_Row = tuple[int, str, str, str, str, str, str | None, int | None, str, str, str, int | None, bytes, str]


# The sequence number and the predecessor that each enterprise's next entry must have.
Links = dict[str, tuple[int | None, str]]
FIRST = (1, GENESIS)


Progress = Callable[[int], None]


def verify(progress: Progress = lambda checked: None) -> Verification:
    """Check the whole ledger from number 1 to its head; `progress` is told from time to time how far it came.

    Finds an altered, deleted, inserted, swapped or cut-off entry; names the first number that does not
    fit. Source: the chain rules of docs/structure.md.
    """
    try:
        return _walk(progress)
    except UNREADABLE:
        for model in (LedgerEntry, LedgerHead):
            for found in unreadable(model):
                number = int(found.row) if found.row.isdecimal() and model is LedgerEntry else 0
                return Verification(max(number - 1, 0), Fault(number, f"{model._meta.verbose_name}{found}"))
        raise


def _walk(progress: Progress) -> Verification:
    """One loop over raw rows, since it runs a million times: the text of ledger.record.canonical_text is put together
    here, and what entries of one moment and person share only once. What does not fit is looked at again by _fault.
    """
    checked, tail, links = 0, GENESIS, Links()
    moment = person = office = opening = middle = ""
    for row in _rows(progress):
        number, at, actor, role, verb, subject, enterprise, seq, before, payload, prev, supersedes, kept, hashed = row
        checked += 1
        if at != moment or actor != person or role != office:
            moment, person, office = at, actor, role
            opening = f'{{"actor":{quoted(actor)},"at":"{_written(at)}","enterprise":'
            middle = f'","role":{quoted(role)},"subject":'
        text = (
            f'{opening}{"null" if enterprise is None else quoted(enterprise)},"enterprise_prev":"{before}",'
            f'"enterprise_seq":{"null" if seq is None else seq},"number":{number},"payload":{payload},"prev":"{prev}'
            f'{middle}{quoted(subject)},"supersedes":{"null" if supersedes is None else supersedes},'
            f'"verb":{quoted(verb)}}}'
        )
        right = text.encode() == kept and number == checked and prev == tail and sha256(kept).hexdigest() == hashed
        if enterprise is not None:
            right = right and links.get(enterprise, FIRST) == (seq, before)
        if not right and (reason := _fault(number, checked, tail, links)):
            return Verification(checked - 1, Fault(min(number, checked), reason))
        tail = hashed
        if enterprise is not None:
            links[enterprise] = ((seq or 0) + 1, hashed)
    return Verification(checked, _head_fault(checked, tail))


def _rows(progress: Progress) -> Iterator[_Row]:
    told = done = 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ENTRIES.format(moment=_MOMENT[connection.vendor]))
        while part := cursor.fetchmany(CHUNK):
            yield from part
            done += len(part)
            if done - told >= TELL_EVERY:
                told = done
                progress(done)


def _written(at: str) -> str:
    """A moment as the ledger writes it, from `2026-11-22 05:45:09.123000` or, where SQLite keeps no fraction of zero,
    `2026-11-22 05:45:09`; what has another form stays as it is and is looked at again.
    """
    if len(at) == len("2026-11-22 05:45:09.123000") and at[10] == " " and at.endswith("000"):
        return f"{at[:10]}T{at[11:23]}Z"
    return f"{at[:10]}T{at[11:]}.000Z" if len(at) == len("2026-11-22 05:45:09") and at[10] == " " else at


def _fault(number: int, expected: int, tail: str, links: Links) -> str:
    """What is wrong with an entry, in the order in which an auditor asks; empty if it is right after all."""
    if number != expected:
        return _("缺少第 %(expected)s 号（其后是第 %(found)s 号）") % {"expected": expected, "found": number}
    entry = LedgerEntry.objects.get(pk=number)
    if entry.prev != tail:
        return _("与上一条的摘要不相连")
    is_whole = entry.at == to_milliseconds(entry.at)
    if not is_whole or canonical_text(entry, timestamp(entry.at)).encode() != bytes(entry.canonical):
        return _("各栏内容与被摘要的字节不一致")
    if sha256(entry.canonical).hexdigest() != entry.hash:
        return _("摘要与内容不符")
    link = (entry.enterprise_seq, entry.enterprise_prev)
    if entry.enterprise and links.get(entry.enterprise, FIRST) != link:
        return _("企业 %(code)s 的链不相连") % {"code": entry.enterprise}
    return ""


def _head_fault(checked: int, tail: str) -> Fault | None:
    head = LedgerHead.objects.filter(pk=1).first()
    if head is None:
        return Fault(checked + 1, _("台账末端记录缺失"))
    if head.number != checked:
        said = {"number": head.number, "count": checked}
        return Fault(checked + 1, _("末端记为第 %(number)s 号，实有 %(count)s 条") % said)
    if head.hash != tail:
        return Fault(checked, _("末端摘要与最后一条不符"))
    return None


def chain_of(enterprise: str) -> Iterator[LedgerEntry]:
    """The entries of one enterprise in order, from its first."""
    return LedgerEntry.objects.filter(enterprise=enterprise).order_by("enterprise_seq").iterator()
