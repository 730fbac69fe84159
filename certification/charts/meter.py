"""A meter: what was there at the opening, what has been gained, and where the target stands. Pure.

The scale ends at the target, or at the value where that is larger, so that nothing is cut off.
"""

from dataclasses import dataclass
from decimal import Decimal

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Meter:
    """Positions in per cent of the scale, as text for SVG attributes."""

    opening: str
    gained_at: str
    gained: str
    target_at: str
    is_full: bool


def meter(*, opening: Decimal | None, value: Decimal | None, target: Decimal) -> Meter:
    """The meter of a value that contains its opening balance."""
    reached = max(value or Decimal(0), Decimal(0))
    start = min(opening or Decimal(0), reached)
    scale = max(target, reached)
    return Meter(
        opening=_share(start, scale),
        gained_at=_share(start, scale),
        gained=_share(reached - start, scale),
        target_at=_share(target, scale),
        is_full=reached >= target,
    )


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{part * HUNDRED / whole:.2f}" if whole else "0"


@dataclass(frozen=True, slots=True)
class Gauge:
    """A meter bent to three quarters of a circle: dash lengths on a path of length 100, and angles."""

    opening: str
    gained: str
    gained_turn: str
    target_turn: str
    sweep: str


SWEEP = Decimal(75)
DEGREES = Decimal("2.7")


def gauge(flat: Meter) -> Gauge:
    """The gauge of a meter; its circle begins at the lower left (135 degrees)."""
    return Gauge(
        opening=f"{Decimal(flat.opening) * SWEEP / HUNDRED:.2f}",
        gained=f"{Decimal(flat.gained) * SWEEP / HUNDRED:.2f}",
        gained_turn=f"{135 + Decimal(flat.gained_at) * DEGREES:.2f}",
        target_turn=f"{135 + Decimal(flat.target_at) * DEGREES:.2f}",
        sweep=f"{SWEEP}",
    )
