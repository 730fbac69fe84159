"""The QR code of an address, drawn as squares: always of the same mask, so that it is the same each time."""

from typing import Any

import segno

MASK, QUIET = 2, 4  # modules


def modules_of(address: str) -> tuple[tuple[int, ...], ...]:
    """The rows of the code, 1 for dark, without its quiet zone."""
    made = segno.make_qr(address, error="m", mask=MASK, boost_error=False)
    return tuple(tuple(row) for row in made.matrix)


def draw(canvas: Any, address: str, *, x: float, y: float, side: float) -> None:
    """Draw it into a square, whose lower left corner is given, with its quiet zone inside."""
    rows = modules_of(address)
    unit = side / (len(rows) + 2 * QUIET)
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        top = y + side - (number + QUIET + 1) * unit
        for first, length in runs(row):
            path.rect(x + (first + QUIET) * unit, top, length * unit, unit)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawPath(path, stroke=0, fill=1)


def runs(row: tuple[int, ...]) -> list[tuple[int, int]]:
    """(first, length) of the dark stretches of a row: drawn as one, no line shows between them."""
    found: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if dark and found and sum(found[-1]) == place:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((place, 1))
    return found
