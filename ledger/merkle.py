"""A Merkle tree over the entries, as RFC 6962 builds it: entry number n is leaf n - 1.

A leaf is SHA-256(0x00 || d), d being the 32 bytes of the entry's own hash; a node is SHA-256(0x01 || left || right).
Pure: `verify_offline.py` says the same in a file of its own, and each is held against the other by tests.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

# The root of the complete subtree of 2 ** level leaves that begins at leaf position * 2 ** level.
Node = Callable[[int, int], bytes]
EMPTY = hashlib.sha256(b"").digest()


def leaf_of(entry_hash: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry_hash).digest()


def joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def folded(nodes: Sequence[bytes]) -> bytes:
    """The root of a power of two of neighbouring nodes of one level."""
    row = list(nodes)
    while len(row) > 1:
        row = [joined(row[place], row[place + 1]) for place in range(0, len(row), 2)]
    return row[0]


def root(node: Node, size: int) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return _root(node, 0, size) if size else EMPTY


def inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """What joins leaf `index` to the root of `size` leaves, from the leaf upwards (RFC 6962, 2.1.1)."""
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _left(high - low)
        if index < middle:
            path.append(_root(node, middle, high))
            high = middle
        else:
            path.append(_root(node, low, middle))
            low = middle
    return path[::-1]


def root_over(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root to which a path of inclusion joins leaf `index`; EMPTY, which no ledger has, for another length."""
    sides = list(_sides(index, size))
    if not 0 <= index < size or len(sides) != len(path):
        return EMPTY
    found = leaf
    for is_left, step in zip(reversed(sides), path, strict=True):
        found = joined(found, step) if is_left else joined(step, found)
    return found


def _sides(index: int, size: int) -> Iterator[bool]:
    """From the root downwards, whether the leaf is in the left part."""
    low, high = 0, size
    while high - low > 1:
        middle = low + _left(high - low)
        yield index < middle
        low, high = (low, middle) if index < middle else (middle, high)


def consistency(node: Node, old: int, size: int) -> list[bytes]:
    """What shows that the tree of `size` leaves begins with that of `old` (RFC 6962, 2.1.2); 0 < old <= size."""
    path: list[bytes] = []
    low, high, is_old_root = 0, size, True
    while old != high:
        middle = low + _left(high - low)
        if old <= middle:
            path.append(_root(node, middle, high))
            high = middle
        else:
            path.append(_root(node, low, middle))
            low, is_old_root = middle, False
    return ([] if is_old_root else [_root(node, low, high)]) + path[::-1]


def _left(count: int) -> int:
    """How many of `count` > 1 leaves lie in the left, complete subtree."""
    return 1 << ((count - 1).bit_length() - 1)


def _root(node: Node, low: int, high: int) -> bytes:
    """The root of leaves low..high-1, where low is a multiple of the next power of two."""
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, low >> level)
    middle = low + _left(count)
    return joined(_root(node, low, middle), _root(node, middle, high))


class Frontier:
    """The tree of leaves that come one after the other: holds only the roots of its complete subtrees."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        self.size += 1
        whole = self.size
        while whole & 1 == 0:
            leaf = joined(self._peaks.pop(), leaf)
            whole >>= 1
        self._peaks.append(leaf)

    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = joined(peak, found)
        return found
