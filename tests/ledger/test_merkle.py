"""The tree: as RFC 6962 defines it, and as verify_offline.py, a program of its own, understands it."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import verify_offline as offline
from ledger import merkle

LEAVES = [merkle.leaf_of(hashlib.sha256(str(number).encode()).digest()) for number in range(700)]


def defined(low: int, high: int) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if high - low == 1:
        return LEAVES[low]
    half = 1
    while half * 2 < high - low:
        half *= 2
    return hashlib.sha256(b"\x01" + defined(low, low + half) + defined(low + half, high)).digest()


def node(level: int, position: int) -> bytes:
    return merkle.folded(LEAVES[position << level : (position + 1) << level])


def accepts(old: int, size: int, old_root: bytes, root: bytes, path: list[bytes]) -> bool:
    try:
        offline.check_consistency(old, size, old_root, root, path)
    except offline.Wrong:
        return False
    return True


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 255, 256, 257, 513, 700])
def test_the_root_is_that_of_the_definition(size: int) -> None:
    frontier = merkle.Frontier()
    for leaf in LEAVES[:size]:
        frontier.add(leaf)
    assert merkle.root(node, size) == frontier.root() == defined(0, size)


def test_the_published_empty_root() -> None:
    assert merkle.root(node, 0).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.integers(1, 700), st.data())
@settings(max_examples=150)
def test_every_leaf_has_a_path_that_the_offline_program_accepts_and_no_other_leaf(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    path, root = merkle.inclusion(node, index, size), merkle.root(node, size)
    assert offline.root_by_inclusion(index, size, LEAVES[index], path) == root
    other = data.draw(st.integers(0, 699))
    if other != index:
        assert offline.root_by_inclusion(index, size, LEAVES[other], path) != root


@pytest.mark.parametrize(("index", "size", "cut"), [(5, 5, 0), (-1, 5, 0), (2, 5, 1), (2, 5, -1)])
def test_a_path_of_another_length_or_place_is_refused(index: int, size: int, cut: int) -> None:
    path = merkle.inclusion(node, min(max(index, 0), size - 1), size)
    path = path[:-cut] if cut > 0 else [*path, *path[:-cut]]
    with pytest.raises(offline.Wrong):
        offline.root_by_inclusion(index, size, LEAVES[2], path)


@given(st.integers(1, 700), st.integers(1, 700), st.data())
@settings(max_examples=150)
def test_consistency_holds_for_the_beginning_and_for_nothing_else(one: int, two: int, data: st.DataObject) -> None:
    old, size = sorted((one, two))
    path = merkle.consistency(node, old, size)
    old_root, root = defined(0, old), defined(0, size)
    assert accepts(old, size, old_root, root, path)
    assert not accepts(old, size, merkle.leaf_of(old_root), root, path)
    assert not accepts(old, size, old_root, merkle.leaf_of(root), path)
    if path:
        place = data.draw(st.integers(0, len(path) - 1))
        assert not accepts(old, size, old_root, root, [*path[:place], merkle.leaf_of(path[place]), *path[place + 1 :]])
        assert not accepts(old, size, old_root, root, path[:-1])
        assert not accepts(old, size, old_root, root, [*path, path[0]])
