"""Breaking Chinese text into lines: by character, words of other scripts whole, punctuation where it may stand."""

import re
from collections.abc import Iterator

from reportlab.pdfbase.pdfmetrics import stringWidth

NEVER_FIRST = "，。、；：？！）》”’】〕…—％·,.;:?!)]}%"
NEVER_LAST = "（《“‘【〔([{"
PIECE = re.compile(r"[A-Za-z0-9./:@_+-]+|.", re.DOTALL)


def lines_of(text: str, *, font: str, size: float, width: float, indent: float = 0) -> list[str]:
    """The lines of a paragraph; the first one is shorter by `indent`."""
    found: list[str] = []
    line, left = "", width - indent
    for piece in _pieces(text, font, size, width):
        step = stringWidth(piece, font, size)
        if step <= left or (piece in NEVER_FIRST and line):
            line, left = line + piece, left - step
            continue
        line, carried = _carried(line)
        found.append(line)
        line = carried + piece
        left = width - stringWidth(line, font, size)
    return [*found, line] if line else found


def _pieces(text: str, font: str, size: float, width: float) -> Iterator[str]:
    """What is not broken; a word longer than a line is."""
    for piece in PIECE.findall(text):
        if stringWidth(piece, font, size) > width:
            yield from piece
        else:
            yield piece


def _carried(line: str) -> tuple[str, str]:
    """What an opening mark at the end of a line takes to the next."""
    kept = line.rstrip(NEVER_LAST)
    return (kept, line[len(kept) :]) if kept else (line, "")
