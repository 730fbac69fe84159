"""Walking the ledger: every number present, every hash right, every link to its predecessor."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from .canonical import timestamp
from .models import GENESIS, LedgerEntry, LedgerHead
from .record import canonical_text
from .unreadable import UNREADABLE, unreadable

CHUNK = 5000


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


# The canonical text as the database writes it from the columns. Where it equals the stored bytes, the columns
# are proven; where it does not (or quotes an odd character otherwise), canonical_text decides.
_FITS = {
    "postgresql": """convert_to(
        '{"actor":' || to_json(actor)::text
        || ',"at":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        || '","enterprise":' || COALESCE(to_json(enterprise)::text, 'null')
        || ',"enterprise_prev":"' || enterprise_prev
        || '","enterprise_seq":' || COALESCE(enterprise_seq::text, 'null')
        || ',"number":' || number::text || ',"payload":' || payload || ',"prev":"' || prev
        || '","role":' || to_json(role)::text || ',"subject":' || to_json(subject)::text
        || ',"supersedes":' || COALESCE(supersedes::text, 'null') || ',"verb":' || to_json(verb)::text || '}',
        'UTF8') = canonical""",
    "sqlite": """CAST(
        '{"actor":' || json_quote(actor) || ',"at":"' || strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', at)
        || '","enterprise":' || json_quote(enterprise) || ',"enterprise_prev":"' || enterprise_prev
        || '","enterprise_seq":' || json_quote(enterprise_seq)
        || ',"number":' || number || ',"payload":' || payload || ',"prev":"' || prev
        || '","role":' || json_quote(role) || ',"subject":' || json_quote(subject)
        || ',"supersedes":' || json_quote(supersedes) || ',"verb":' || json_quote(verb) || '}'
        AS BLOB) = canonical""",
}
_Row = tuple[int, str, bytes, str, bool, str | None, int | None, str]


def verify() -> Verification:
    """Check the whole ledger from number 1 to its head.

    Finds an altered, deleted, inserted, swapped or cut-off entry; names the first number that does not
    fit. Source: the chain rules of docs/structure.md.
    """
    try:
        return _walk()
    except UNREADABLE:
        for model in (LedgerEntry, LedgerHead):
            for found in unreadable(model):
                number = int(found.row) if found.row.isdigit() and model is LedgerEntry else 0
                return Verification(max(number - 1, 0), Fault(number, f"{model._meta.verbose_name}{found}"))
        raise


def _walk() -> Verification:
    checked, tail = 0, GENESIS
    tails: dict[str, tuple[int, str]] = {}
    for row in _rows():
        number, prev, canonical, hashed, fits, enterprise, seq, enterprise_prev = row
        checked += 1
        right = (
            fits
            and number == checked
            and prev == tail
            and sha256(canonical).hexdigest() == hashed
            and (enterprise is None or (seq, enterprise_prev) == _next(tails.get(enterprise)))
        )
        if not right and (reason := _fault(row, checked, tail, tails)):
            return Verification(checked - 1, Fault(min(number, checked), reason))
        tail = hashed
        if enterprise is not None:
            tails[enterprise] = (seq or 0, hashed)
    return Verification(checked, _head_fault(checked, tail))


def _rows() -> Iterator[_Row]:
    fits = RawSQL(_FITS[connection.vendor], [], output_field=BooleanField())
    rows = LedgerEntry.objects.annotate(fits=fits).order_by("number")
    columns = ("number", "prev", "canonical", "hash", "fits", "enterprise", "enterprise_seq", "enterprise_prev")
    return rows.values_list(*columns).iterator(chunk_size=CHUNK)


def _fault(row: _Row, expected: int, tail: str, tails: dict[str, tuple[int, str]]) -> str:
    """What is wrong with an entry, in the order in which an auditor asks; empty if it is right after all."""
    number, prev, canonical, hashed, _fits, enterprise, seq, enterprise_prev = row
    if number != expected:
        return _("缺少第 %(expected)s 号（其后是第 %(found)s 号）") % {"expected": expected, "found": number}
    if prev != tail:
        return _("与上一条的摘要不相连")
    entry = LedgerEntry.objects.get(pk=number)
    if canonical_text(entry, timestamp(entry.at)).encode() != bytes(canonical):
        return _("各栏内容与被摘要的字节不一致")
    if sha256(canonical).hexdigest() != hashed:
        return _("摘要与内容不符")
    if enterprise and (seq, enterprise_prev) != _next(tails.get(enterprise)):
        return _("企业 %(code)s 的链不相连") % {"code": enterprise}
    return ""


def _next(tail: tuple[int, str] | None) -> tuple[int, str]:
    return (tail[0] + 1, tail[1]) if tail else (1, GENESIS)


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
