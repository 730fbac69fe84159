"""Taking enterprises out of the totals that are about to be struck out of the register."""

from collections.abc import Sequence

from ledger.bulk import delete_among, rows_among

from .checkpoint import carry, difference, locked_checkpoint
from .projection import SINGLY, SPAN_TABLE, tally

PART = 10_000


def remove_spans(codes: Sequence[str]) -> None:
    """Take the spans of these enterprises away and what they add to the totals; inside a transaction."""
    locked_checkpoint()
    for first in range(0, len(codes), PART):
        among = codes[first : first + PART]
        ids = [pk for (pk,) in rows_among("enterprises_enterprise", ("id",), "uscc", among)]
        before = tally(rows_among(SPAN_TABLE, (SINGLY,), "enterprise_id", ids))
        delete_among(SPAN_TABLE, "enterprise_id", ids)
        carry(difference(before, {}))
