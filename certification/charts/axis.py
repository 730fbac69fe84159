"""Round ticks for an axis. Pure."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
FROM_ZERO_BELOW = Decimal("0.5")


def ticks(low: Decimal, high: Decimal, *, about: int = 5) -> list[Decimal]:
    """Round values from at or below `low` to at or above `high`.

    The axis begins at zero unless all values lie in its upper half; then it begins just below them,
    which the chart says.
    """
    first = Decimal(0) if 0 <= low < high * FROM_ZERO_BELOW else low
    step = _step((high - first) / about) if high > first else Decimal(1)
    start = (first / step).to_integral_value(ROUND_FLOOR) * step
    count = int(((high - start) / step).to_integral_value(ROUND_CEILING))
    return [start + step * index for index in range(max(count, 1) + 1)]


def _step(rough: Decimal) -> Decimal:
    """The round step next above a rough one; counts have no parts below one."""
    if rough <= 1:
        return Decimal(1)
    power = Decimal(10) ** rough.adjusted()
    return next(step * power for step in STEPS if step * power >= rough)
