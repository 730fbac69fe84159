"""Which characters can be printed: those of the font, known without loading it as long as they are common ones."""

import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

from ..values import INVISIBLE

PACKAGE, FILE = "justmytype_intl_cjk", "fonts/ofl/notosanssc/NotoSansSC[wght].ttf"


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """GB2312 with ASCII: what nearly every paper is written in."""
    rows = (bytes([high, low]) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    return frozenset(map(chr, range(0x20, 0x7F))).union(*(row.decode("gb2312", "ignore") for row in rows))


def source(*, bold: bool = False) -> Path:
    """The font as it is installed, or as the bureau has set it."""
    chosen = (settings.PAPER_FONT_BOLD if bold else "") or settings.PAPER_FONT
    return Path(chosen) if chosen else _packaged()


@lru_cache(maxsize=1)
def _packaged() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"package {PACKAGE} is not installed")
    return Path(spec.submodule_search_locations[0]) / FILE


def missing(text: str) -> list[str]:
    """The characters of a text that cannot be printed, in order."""
    rare = [each for each in dict.fromkeys(text) if settings.PAPER_FONT or each not in common()]
    return [each for each in rare if not is_printable(each)]


def is_printable(character: str) -> bool:
    if unicodedata.category(character) in INVISIBLE:
        return False
    return all(ord(character) in outlines(str(source(bold=bold))) for bold in (False, True))


@lru_cache(maxsize=4)
def outlines(path: str) -> frozenset[int]:
    """The code points that a font has."""
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
