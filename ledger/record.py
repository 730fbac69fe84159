"""Appending to the ledger: the only functions that write an entry.

Call inside the transaction that writes the fact, as late as possible: the head row stays locked until
that transaction ends.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from .bulk import insertions, stored_time
from .canonical import digest, quoted, text_of, timestamp, to_milliseconds
from .models import GENESIS, LedgerEntry, LedgerHead
from .prepared import Prepared, Row, Statement, run
from .rows import change, columns_of, made
from .verbs import Verb

TABLE = LedgerEntry._meta.db_table
COLUMNS = [str(field.column) for field in LedgerEntry._meta.concrete_fields]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an opaque account code and the role used. No name, no personal data."""

    code: str
    role: str


SYSTEM = Actor(code="system", role="system")
CONSOLE = Actor(code="system", role="console")  # somebody on the server itself


@dataclass(frozen=True, slots=True)
class Fact:
    """What is to be recorded about one subject; `enterprise` is the credit code whose chain it joins."""

    verb: Verb
    subject: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    enterprise: str | None = None
    supersedes: int | None = None


class NotInTransaction(RuntimeError):
    """An entry outside the transaction of its fact could outlive a fact that was rolled back."""


class Line(NamedTuple):
    """An entry before it is hashed: the columns of LedgerEntry in order, without `canonical` and `hash`."""

    number: int
    at: datetime
    actor: str
    role: str
    verb: str
    subject: str
    enterprise: str | None
    enterprise_seq: int | None
    enterprise_prev: str
    payload: str
    prev: str
    supersedes: int | None


def canonical_text(entry: Line | LedgerEntry, at: str) -> str:
    """The canonical JSON object of an entry; keys in code-point order, as text_of would give."""
    return (
        f'{{"actor":{quoted(entry.actor)},"at":"{at}","enterprise":{quoted(entry.enterprise)},'
        f'"enterprise_prev":"{entry.enterprise_prev}",'
        f'"enterprise_seq":{"null" if entry.enterprise_seq is None else entry.enterprise_seq},'
        f'"number":{entry.number},"payload":{entry.payload},"prev":"{entry.prev}",'
        f'"role":{quoted(entry.role)},"subject":{quoted(entry.subject)},'
        f'"supersedes":{"null" if entry.supersedes is None else entry.supersedes},'
        f'"verb":{quoted(entry.verb)}}}'
    )


After = Callable[[Sequence[int]], Iterable[Statement]]
Further = Callable[[Sequence[list[Row]]], Sequence[Fact]]


def record(fact: Fact, *, actor: Actor, at: datetime) -> LedgerEntry:
    """Append one entry and return it."""
    return record_many([fact], actor=actor, at=at)[0]


def record_many(facts: Sequence[Fact], *, actor: Actor, at: datetime) -> list[LedgerEntry]:
    """Append one entry per fact, in order, under one lock of the head row."""
    return [made(LedgerEntry, row) for row in _appended(facts, actor, at, (), lambda numbers: (), lambda answers: ())]


def record_along(
    facts: Sequence[Fact],
    *,
    actor: Actor,
    at: datetime,
    before: Sequence[Statement],
    after: After,
    further: Further = lambda answers: (),
) -> None:
    """As record_many, for a caller in haste: what it changes before the lock, and what it writes after it with the
    entries' numbers, goes the same way. `further`: facts, of the same enterprises, made of what `before` answered.
    """
    _appended(facts, actor, at, before, after, further)


def _appended(
    facts: Sequence[Fact], actor: Actor, at: datetime, before: Sequence[Statement], after: After, further: Further
) -> list[tuple[Any, ...]]:
    codes = list({fact.enterprise for fact in facts if fact.enterprise})
    *answers, heads, lasts = _in_transaction(*before, _HEAD.given(), _tails_of(codes))
    head, known = _head(heads), [*facts, *further(answers)]
    rows = list(_chained(known, head=head, chains=_chains(lasts), actor=actor, at=at))
    kept_at = stored_time(to_milliseconds(at))
    kept = insertions(TABLE, COLUMNS, [(row[0], kept_at, *row[2:]) for row in rows])
    run(*kept, change(head, "number", "hash"), *after([row[0] for row in rows]))
    return rows


def next_number() -> int:
    """The number that the next entry will have; the head stays locked until the transaction ends."""
    return locked_head().number + 1


def locked_head() -> LedgerHead:
    return _head(_in_transaction(_HEAD.given())[0])


def _head(rows: Sequence[Row]) -> LedgerHead:
    if not rows:
        raise LedgerHead.DoesNotExist
    return made(LedgerHead, rows[0])


def move_head(head: LedgerHead) -> None:
    run(change(head, "number", "hash"))


def _in_transaction(*statements: Statement) -> list[list[Row]]:
    if not connection.in_atomic_block:
        raise NotInTransaction("record the ledger entry in the transaction that writes the fact")
    return run(*statements)


_HEAD = Prepared(lambda: LedgerHead.objects.select_for_update().filter(pk=1).values_list(*columns_of(LedgerHead)))


Chains = dict[str, tuple[int, str]]


def _chained(
    facts: Iterable[Fact], *, head: LedgerHead, chains: Chains, actor: Actor, at: datetime
) -> Iterator[tuple[Any, ...]]:
    """The rows of the facts, each hashed into the chain; `head` and `chains` move along."""
    moment = to_milliseconds(at)
    written = timestamp(moment)
    for fact in facts:
        seq, tail = chains.get(fact.enterprise or "", (0, GENESIS))
        line = Line(
            number=head.number + 1,
            at=moment,
            actor=actor.code,
            role=actor.role,
            verb=Verb(fact.verb).value,
            subject=fact.subject,
            enterprise=fact.enterprise,
            enterprise_seq=seq + 1 if fact.enterprise else None,
            enterprise_prev=tail,
            payload=text_of(fact.payload),
            prev=head.hash,
            supersedes=fact.supersedes,
        )
        canonical = canonical_text(line, written).encode()
        head.number, head.hash = line.number, digest(canonical)
        if fact.enterprise:
            chains[fact.enterprise] = (seq + 1, head.hash)
        yield *line, canonical, head.hash


def tails(codes: Iterable[str]) -> Chains:
    """Last sequence number and hash of each enterprise's chain."""
    return _chains(run(_tails_of(list(codes)))[0])


def _tails_of(codes: Sequence[str]) -> Statement:
    if connection.vendor == "postgresql":
        return Statement(_TAILS_POSTGRESQL, [list(codes)])
    return Statement(_TAILS_SQLITE, [json.dumps(codes)])


def _chains(rows: Iterable[Row]) -> Chains:
    return {code: (seq, tail) for code, seq, tail in rows}


_TAILS_POSTGRESQL = """
    SELECT code, last.enterprise_seq, last.hash FROM unnest(%s::varchar[]) AS code
    CROSS JOIN LATERAL (
        SELECT enterprise_seq, hash FROM ledger_ledgerentry
        WHERE enterprise = code ORDER BY enterprise_seq DESC LIMIT 1
    ) AS last"""
# SQLite takes a bare column from the row of the maximum.
_TAILS_SQLITE = """
    SELECT enterprise, MAX(enterprise_seq), hash FROM ledger_ledgerentry
    WHERE enterprise IN (SELECT value FROM json_each(%s)) GROUP BY enterprise"""
