"""Two checkpoints of one size that say different things show that somebody was shown another ledger."""

import pytest

import verify_offline
from ledger.notes import signed, verifier_key
from tests.factories import NOW


def test_two_signed_roots_of_one_size_are_named() -> None:
    key = verify_offline.key_of(verifier_key())
    notes = [signed(1, bytes([mark]) * 32, at=NOW) for mark in (1, 2)]
    with pytest.raises(verify_offline.Wrong, match="两份"):
        verify_offline.check_export([], notes, key)
    with pytest.raises(verify_offline.Wrong, match="只有 0 条"):
        verify_offline.check_export([], notes[:1] * 2, key)
