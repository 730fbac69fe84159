"""The fonts of the papers: made once from the installed font, kept on disk, loaded once in a process.

A font of 30 000 characters is slow to open and to embed from. GB2312 is cut out of it, in two weights; a paper with
rarer characters has a font of its own, with these beside it.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as PrintedFont

from .characters import common, source

REGULAR, BOLD = 400, 700
POSTSCRIPT_NAME = 6
DROPPED = ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "VORG", "vhea", "vmtx"]


@dataclass(frozen=True, slots=True)
class Faces:
    """The names under which a paper's two weights are known to the PDF library."""

    regular: str
    bold: str


def faces(text: str) -> Faces:
    """Fonts that have the characters of a text (characters.missing has been asked)."""
    return _faces("".join(sorted(set(text) - common())), str(settings.FONT_ROOT), str(source()), str(source(bold=True)))


@lru_cache(maxsize=16)
def _faces(rare: str, _root: str, _regular: str, _bold: str) -> Faces:
    """Each is loaded once; of the papers with rare characters, only the last few stay loaded."""
    names = []
    for weight in (REGULAR, BOLD):
        path = font_file(rare, weight)
        name = f"registry-{path.stem}"
        pdfmetrics.registerFont(PrintedFont(name, str(path), asciiReadable=0))  # 1: all of ASCII in every paper
        names.append(name)
    return Faces(*names)


def faces_at_hand(text: str) -> Faces:
    """For a preview: the fonts if they have been made; else small ones of this text, since making them takes long."""
    rare = "".join(sorted(set(text) - common()))
    if all(place_of(rare, weight).exists() for weight in (REGULAR, BOLD)):
        return faces(text)
    return _few("".join(sorted(set(text))), str(source()), str(source(bold=True)))


@lru_cache(maxsize=4)
def _few(characters: str, _regular: str, _bold: str) -> Faces:
    """Of a few characters; loaded, and not kept on disk."""
    names = []
    for weight in (REGULAR, BOLD):
        name = f"preview-{hashlib.sha256(characters.encode()).hexdigest()[:16]}-{weight}"
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.ttf"
            cut(source(bold=weight == BOLD), characters, weight, path)
            pdfmetrics.registerFont(PrintedFont(name, str(path), asciiReadable=0))
        names.append(name)
    return Faces(*names)


def place_of(rare: str, weight: int) -> Path:
    """Where the font of a weight lies."""
    original = source(bold=weight == BOLD)
    key = hashlib.sha256(f"{original}|{original.stat().st_size}|{rare}".encode()).hexdigest()[:16]
    return Path(settings.FONT_ROOT) / f"{key}-{weight}.ttf"


def font_file(rare: str, weight: int) -> Path:
    """The file of a weight; made if it is not there. Whoever is first gives it its name."""
    path = place_of(rare, weight)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        cut(source(bold=weight == BOLD), common() | set(rare), weight, partial)
        os.replace(partial, path)
    return path


def cut(original: Path, characters: Iterable[str], weight: int, target: Path) -> None:
    """Write a font of one weight with these characters only."""
    options = Options()
    options.layout_features, options.hinting, options.notdef_outline = [], False, True
    options.drop_tables += DROPPED
    with TTFont(original, lazy=True) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=[ord(each) for each in characters])
        subsetter.subset(font)
        if "fvar" in font:
            instantiateVariableFont(font, {"wght": weight}, inplace=True)
        font["name"].setName(f"Registry-{weight}", POSTSCRIPT_NAME, 3, 1, 0x409)  # the weights are told apart by it
        font.save(target)
