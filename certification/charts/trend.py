"""A line by month with the planned line beside it. Pure but for the words of its hover titles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from ..totals.series import Point
from .axis import ticks

WIDTH, HEIGHT = 760, 326
LEFT, RIGHT, TOP, BOTTOM = 56, 20, 30, 46
Scale = Callable[[Decimal], float]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis; `minor` ones go first where room is short."""

    at: str
    label: str
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """A month's hover area with its title."""

    x: str
    width: str
    title: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Everything that the template draws, in units of the view box."""

    value_path: str
    area_path: str
    planned_path: str
    last_x: str
    last_y: str
    last_label: str
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    strips: tuple[Strip, ...]
    from_zero: bool
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def trend(points: Sequence[Point]) -> Trend | None:
    """The chart of a series; None where it has nothing to show."""
    seen = [value for point in points for value in (point.value, point.planned) if value is not None]
    if not seen or all(point.value is None for point in points):
        return None
    marks = ticks(min(seen), max(seen))
    y = _vertical(marks[0], marks[-1])
    values = [(_x(i, len(points)), point.value) for i, point in enumerate(points)]
    line = _path(values, y)
    last_x, last = next((x, value) for x, value in reversed(values) if value is not None)
    return Trend(
        value_path=line,
        area_path=_area(values, y),
        planned_path=_path([(_x(i, len(points)), point.planned) for i, point in enumerate(points)], y),
        last_x=f"{last_x:.1f}",
        last_y=f"{y(last):.1f}",
        last_label=plain(last),
        y_ticks=tuple(Tick(f"{y(mark):.1f}", plain(mark), minor=bool(i % 2)) for i, mark in enumerate(marks)),
        x_ticks=_year_ticks(points),
        strips=_strips(points),
        from_zero=marks[0] == 0,
    )


@dataclass(frozen=True, slots=True)
class Curves:
    """What counts, what is valid and what has lapsed, month by month."""

    cumulative_path: str
    valid_path: str
    lapsed_path: str
    last: Point
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    strips: tuple[Strip, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def curves(points: Sequence[Point]) -> Curves | None:
    """The three curves of a series; None where lapsed ones are not told apart."""
    known = [point for point in points if point.lapsed is not None]
    if not known:
        return None
    marks = ticks(Decimal(0), max(point.value or Decimal(0) for point in known))
    y, count = _vertical(marks[0], marks[-1]), len(points)

    def drawn(name: str) -> str:
        values = [(_x(i, count), getattr(point, name)) for i, point in enumerate(points)]
        return _path([(x, value if value is None else Decimal(value)) for x, value in values], y)

    return Curves(
        cumulative_path=drawn("value"),
        valid_path=drawn("valid_now"),
        lapsed_path=drawn("lapsed"),
        last=known[-1],
        y_ticks=tuple(Tick(f"{y(mark):.1f}", plain(mark), minor=bool(i % 2)) for i, mark in enumerate(marks)),
        x_ticks=_year_ticks(points),
        strips=tuple(
            Strip(strip.x, strip.width, curves_title(point))
            for strip, point in zip(_strips(points), points, strict=True)
            if point.lapsed is not None
        ),
    )


def curves_title(point: Point) -> str:
    """What a month of the three curves says when pointed at."""
    words = {"month": point.month, "value": plain(point.value), "valid": point.valid_now, "lapsed": point.lapsed}
    return _("%(month)s：累计 %(value)s，有效 %(valid)s，失效 %(lapsed)s") % words


def plain(value: Decimal | None) -> str:
    """A number without idle decimals."""
    if value is None:
        return "—"
    return f"{value.normalize():f}"


def _x(index: int, count: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * index / max(count - 1, 1)


def _vertical(low: Decimal, high: Decimal) -> Scale:
    room = HEIGHT - TOP - BOTTOM
    return lambda value: TOP + room * float((high - value) / (high - low))


def _path(points: Sequence[tuple[float, Decimal | None]], y: Scale) -> str:
    """The line through the points; it breaks where nothing is known."""
    parts, pen = [], "M"
    for x, value in points:
        if value is None:
            pen = "M"
            continue
        parts.append(f"{pen}{x:.1f} {y(value):.1f}")
        pen = "L"
    return "".join(parts)


def _area(points: Sequence[tuple[float, Decimal | None]], y: Scale) -> str:
    known = [(x, value) for x, value in points if value is not None]
    floor = HEIGHT - BOTTOM
    return f"{_path(known, y)}L{known[-1][0]:.1f} {floor}L{known[0][0]:.1f} {floor}Z"


def _year_ticks(points: Sequence[Point]) -> tuple[Tick, ...]:
    januaries = [(i, point) for i, point in enumerate(points) if point.on.month == 1]
    return tuple(
        Tick(f"{_x(i, len(points)):.1f}", f"{point.on:%Y}", minor=bool(order % 2))
        for order, (i, point) in enumerate(januaries)
    )


def _strips(points: Sequence[Point]) -> tuple[Strip, ...]:
    width = (WIDTH - LEFT - RIGHT) / max(len(points) - 1, 1)
    return tuple(
        Strip(f"{_x(i, len(points)) - width / 2:.1f}", f"{width:.1f}", title_of(point))
        for i, point in enumerate(points)
    )


def title_of(point: Point) -> str:
    """What a month says when pointed at."""
    if point.value is None:
        return _("%(month)s：计划 %(planned)s") % {"month": point.month, "planned": plain(point.planned)}
    words = {"month": point.month, "value": plain(point.value), "planned": plain(point.planned)}
    if point.planned is None:
        return _("%(month)s：实际 %(value)s") % words
    return _("%(month)s：实际 %(value)s，计划 %(planned)s") % words
