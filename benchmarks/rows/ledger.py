"""The ledger: walking it, and deciding eight at once, beside the bare hash and the bare row."""

import hashlib
import multiprocessing
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.synchronize import Barrier
from statistics import median

from django.db import connection, connections, transaction

from ledger.models import LedgerEntry
from ledger.verify import CHUNK, verify

from . import cases
from .measure import Result, by_turns

AT_ONCE = 8
EACH = 12
ROUNDS = 5


def verification(size: int) -> Result:
    """verify(); limit: SHA-256 over the same bytes, fetched in the same order by the same kind of cursor.

    The limit fetches nothing but the hashed bytes; a check that also holds every column against them reads twice as
    much.
    """
    entries = LedgerEntry.objects.count()

    def hashes() -> None:
        with connection.chunked_cursor() as cursor:
            cursor.execute("SELECT canonical FROM ledger_ledgerentry ORDER BY number")
            while part := cursor.fetchmany(CHUNK):
                for (canonical,) in part:
                    hashlib.sha256(canonical).hexdigest()

    product, limit = by_turns(verify, hashes)
    extra = {"entries": entries, "seconds_per_million": product / entries * 1e6}
    return Result(
        "ledger verification",
        product,
        limit,
        1 / 0.40,
        ">= 40 % of its rate; 1e6 entries <= 60 s",
        "verify()",
        "SHA-256 over the stored bytes",
        extra,
    )


def decisions(size: int) -> Result:
    """Approvals by eight processes; limit: an UPDATE and an INSERT of a hashed row under one lock, by eight.

    Every process does one unmeasured before the common start, as a web process does that has been asked before.
    """
    _bare_table()
    ready = cases.awaiting_approval(ROUNDS * AT_ONCE * (1 + EACH))
    pairs = []
    for number in range(ROUNDS):
        part = ready[number::ROUNDS]
        approvals = [partial(cases.approve, case) for case in part]
        pairs.append((_at_once(approvals), _at_once([_bare] * len(part))))
    approved = LedgerEntry.objects.filter(verb="application.approved").values("subject")
    return Result(
        f"decision, {AT_ONCE} at once",
        median(first for first, _ in pairs) / (AT_ONCE * EACH),
        median(second for _, second in pairs) / (AT_ONCE * EACH),
        1 / 0.40,
        ">= 40 % of its rate; duplicates 0",
        "approve with gates, achievement, ledger",
        "UPDATE + INSERT of a hashed row under one lock",
        {"duplicates": approved.count() - approved.distinct().count()},
    )


def _at_once(works: list[Callable[[], None]]) -> float:
    """Wall time of the works, shared by eight processes, from a common start after the first of each."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    start = context.Barrier(AT_ONCE + 1)
    shares = [works[first::AT_ONCE] for first in range(AT_ONCE)]
    processes = [context.Process(target=_work, args=(start, share)) for share in shares]
    for process in processes:
        process.start()
    start.wait()
    started = time.perf_counter()
    for process in processes:
        process.join()
    spent = time.perf_counter() - started
    if any(process.exitcode for process in processes):
        raise RuntimeError("a process of the benchmark failed")
    return spent


def _work(start: Barrier, share: list[Callable[[], None]]) -> None:
    try:
        share[0]()
    except Exception:
        start.abort()
        raise
    start.wait()
    for work in share[1:]:
        work()


def _bare_table() -> None:
    blob = "bytea" if connection.vendor == "postgresql" else "blob"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_head (id integer PRIMARY KEY, number bigint, hash varchar(64))"
        )
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS bench_row (number bigint PRIMARY KEY, body {blob}, hash varchar(64))"
        )
        cursor.execute("INSERT INTO bench_head VALUES (1, 0, '') ON CONFLICT DO NOTHING")


def _bare() -> None:
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    body = b"x" * 600
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT number, hash FROM bench_head WHERE id = 1" + lock)
        number, tail = cursor.fetchone()
        digest = hashlib.sha256(tail.encode() + body).hexdigest()
        cursor.execute("UPDATE bench_head SET number = %s, hash = %s WHERE id = 1", [number + 1, digest])
        cursor.execute("INSERT INTO bench_row VALUES (%s, %s, %s)", [number + 1, body, digest])


ROWS = (verification, decisions)
