"""The Merkle tree of this ledger: leaves from the entries, and every 256th part of a level kept in a table.

A proof reads a few rows of 256 at most, however long the ledger is. What the table lacks is computed from below; what
it holds is added by `fill`, outside the transactions that decide.
"""

from collections.abc import Iterator
from itertools import islice

from django.db import connection
from django.db.models import Max

from . import merkle
from .models import LedgerEntry, LedgerSubtree

HEIGHT = 8  # levels between two that are kept: 2 ** 8 = 256
WIDTH = 1 << HEIGHT
BATCH = 500


class Gap(Exception):
    """An entry is missing; `number` is the first that is not there."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Tree:
    """Nodes of the tree, as `ledger.merkle` asks for them; rows that were read are kept for this object's life."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], list[bytes | None]] = {}

    def node(self, level: int, position: int) -> bytes:
        """The root of a complete subtree; raises Gap where an entry of it is missing."""
        kept, above = divmod(level, HEIGHT)
        first = position << above
        return merkle.folded([self._kept(kept * HEIGHT, each) for each in range(first, first + (1 << above))])

    def _kept(self, level: int, position: int) -> bytes:
        tile, place = divmod(position, WIDTH)
        if (level, tile) not in self._read:
            self._read[level, tile] = list(_tile(level, tile))
        found = self._read[level, tile][place]
        if found is None and level == 0:
            raise Gap(position + 1)
        if found is None:  # not filled in yet
            below = range(position * WIDTH, (position + 1) * WIDTH)
            found = merkle.folded([self._kept(level - HEIGHT, each) for each in below])
            self._read[level, tile][place] = found
        return found

    def root(self, size: int) -> bytes:
        return merkle.root(self.node, size)


def _tile(level: int, tile: int) -> Iterator[bytes | None]:
    """The 256 neighbouring nodes of a kept level; None where there is none."""
    first = tile * WIDTH
    if level == 0:
        entries = LedgerEntry.objects.filter(number__gt=first, number__lte=first + WIDTH).values_list("number", "hash")
        found = {number - 1: merkle.leaf_of(_bytes(hashed, number)) for number, hashed in entries}
    else:
        rows = LedgerSubtree.objects.filter(level=level, position__gte=first, position__lt=first + WIDTH)
        found = {position: bytes.fromhex(root) for position, root in rows.values_list("position", "root")}
    return (found.get(position) for position in range(first, first + WIDTH))


def leaves(after: int = 0, until: int | None = None) -> Iterator[bytes]:
    """The leaves of entries after+1..until (the last one, if not said) in order; raises Gap where one is missing."""
    sql, limits = "SELECT number, hash FROM ledger_ledgerentry WHERE number > %s", [after]
    if until is not None:
        sql, limits = sql + " AND number <= %s", [after, until]
    expected = after
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql + " ORDER BY number", limits)
        while part := cursor.fetchmany(2000):
            for number, hashed in part:
                expected += 1
                if number != expected:
                    raise Gap(expected)
                yield merkle.leaf_of(_bytes(hashed, number))
    if until is not None and expected < until:
        raise Gap(expected + 1)


def _bytes(hashed: object, number: int) -> bytes:
    """An entry's hash; one that is no hash is as good as missing."""
    try:
        return bytes.fromhex(str(hashed))
    except ValueError as error:
        raise Gap(number) from error


def fill(size: int) -> None:
    """Keep the subtrees that are complete among the first `size` entries and not kept yet.

    Safe to run twice at once: a subtree has one root only. Raises Gap.
    """
    level = HEIGHT
    while wanted := size >> level:
        last = LedgerSubtree.objects.filter(level=level).aggregate(last=Max("position"))["last"]
        rows = _complete(level, -1 if last is None else last, wanted)
        while part := list(islice(rows, BATCH)):
            LedgerSubtree.objects.bulk_create(part, ignore_conflicts=True)
        level += HEIGHT


def _complete(level: int, last: int, wanted: int) -> Iterator[LedgerSubtree]:
    first = last + 1
    if level == HEIGHT:
        below = leaves(first * WIDTH, wanted * WIDTH)
    else:
        rows = LedgerSubtree.objects.filter(
            level=level - HEIGHT, position__gte=first * WIDTH, position__lt=wanted * WIDTH
        )
        below = (bytes.fromhex(root) for root in rows.order_by("position").values_list("root", flat=True).iterator())
    for position in range(first, wanted):
        nodes = list(islice(below, WIDTH))
        if len(nodes) < WIDTH:
            return
        yield LedgerSubtree(level=level, position=position, root=merkle.folded(nodes).hex())
