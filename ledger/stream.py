"""Appending very many entries at once, as an import does: the same rows as `record` writes, without an object
for each of them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from .bulk import insert_rows, stored_time
from .canonical import quoted, text_of, timestamp, to_milliseconds
from .models import GENESIS, LedgerHead
from .record import COLUMNS, TABLE, Actor, Chains, Fact, locked_head, move_head, tails


class Draft(NamedTuple):
    """A fact whose payload is canonical JSON already."""

    verb: str
    subject: str
    payload: str
    enterprise: str | None = None
    supersedes: int | None = None


def drafted(fact: Fact) -> Draft:
    return Draft(fact.verb.value, fact.subject, text_of(fact.payload), fact.enterprise, fact.supersedes)


def record_stream(drafts: Iterable[Draft], *, chains: Iterable[str], actor: Actor, at: datetime) -> int:
    """As record_many for very many facts, which may come from a generator; returns the last number.

    `chains` names every enterprise that occurs in them. The generator must not query the database.
    """
    head = locked_head()
    insert_rows(TABLE, COLUMNS, _rows(drafts, head, tails(chains), actor=actor, at=to_milliseconds(at)))
    move_head(head)
    return head.number


def _rows(
    drafts: Iterable[Draft], head: LedgerHead, chains: Chains, *, actor: Actor, at: datetime
) -> Iterator[tuple[Any, ...]]:
    """The rows in the order of COLUMNS, each hashed into the chain; `head` and `chains` move along.

    Written out as one loop, since it runs once for each row of an import: what does not change from entry to
    entry is quoted once, and the text of ledger.record.canonical_text is put together here.
    """
    kept_at, code, role = stored_time(at), actor.code, actor.role
    opening, ending = f'{{"actor":{quoted(code)},"at":"{timestamp(at)}","enterprise":', f'","role":{quoted(role)}'
    nothing = (0, GENESIS)
    for verb, subject, payload, enterprise, supersedes in drafts:
        number, prev = head.number + 1, head.hash
        before, tail = chains.get(enterprise, nothing) if enterprise else nothing
        seq = before + 1 if enterprise else None
        canonical = (
            f'{opening}{quoted(enterprise)},"enterprise_prev":"{tail}",'
            f'"enterprise_seq":{"null" if seq is None else seq},"number":{number},"payload":{payload},"prev":"{prev}'
            f'{ending},"subject":{quoted(subject)},"supersedes":{"null" if supersedes is None else supersedes},'
            f'"verb":{quoted(verb)}}}'
        ).encode()
        hashed = sha256(canonical).hexdigest()
        head.number, head.hash = number, hashed
        if enterprise:
            chains[enterprise] = (before + 1, hashed)
        said = number, kept_at, code, role, verb, subject, enterprise
        yield *said, seq, tail, payload, prev, supersedes, canonical, hashed
