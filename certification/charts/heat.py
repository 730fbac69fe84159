"""Shading of a table's cells by their share of the column's largest value. Pure."""

from decimal import ROUND_CEILING, Decimal

LEVELS = 5


def heat_level(value: Decimal | int | None, most: Decimal | int) -> int:
    """0 for nothing, else 1 (least) to LEVELS (the largest)."""
    if not value or most <= 0 or value < 0:
        return 0
    share = (Decimal(value) * LEVELS / Decimal(most)).to_integral_value(ROUND_CEILING)
    return max(1, min(LEVELS, int(share)))
