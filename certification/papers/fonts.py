"""The fonts of the papers: made once from the installed font, kept on disk, loaded once in a process.

A font of 30 000 characters is slow to open and to embed from. GB2312 is cut out of it, in two weights; a paper with
rarer characters has a font of its own, with these beside it.
"""

import fcntl
import hashlib
import logging
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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
FORM = 2  # of what is cut: fonts of an older one are not used any more
LOCK = ".being-cut"
DROPPED = ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "VORG", "vhea", "vmtx"]

logger = logging.getLogger(__name__)


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
    """Each is loaded once."""
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
            cut(source(bold=weight == BOLD), characters, weight, path, name=name)
            pdfmetrics.registerFont(PrintedFont(name, str(path), asciiReadable=0))
        names.append(name)
    return Faces(*names)


def place_of(rare: str, weight: int) -> Path:
    """Where the font of a weight lies."""
    original = source(bold=weight == BOLD)
    key = hashlib.sha256(f"{FORM}|{original}|{original.stat().st_size}|{rare}".encode()).hexdigest()[:16]
    return Path(settings.FONT_ROOT) / f"{key}-{weight}.ttf"


def make_ready() -> bool:
    """Cut the common fonts if nobody has: it takes long, so it is done before the first paper waits for them.

    False: another process is at it, and nobody else stands idle for it. What prevents it is logged here and told of
    each paper when it is tried.
    """
    try:
        if all(place_of("", weight).exists() for weight in (REGULAR, BOLD)):
            return True
        with _alone(Path(settings.FONT_ROOT), at_once=True):
            for weight in (REGULAR, BOLD):
                _cut_for("", weight)
    except BlockingIOError:
        return False
    except Exception:
        logger.exception("fonts of the papers not made")
    return True


def font_file(rare: str, weight: int) -> Path:
    """The file of a weight; made if it is not there, by one process while the others wait for it."""
    path = place_of(rare, weight)
    if path.exists():
        return path
    with _alone(path.parent):
        _cut_for(rare, weight)
    return path


def _cut_for(rare: str, weight: int) -> None:
    """Under the lock: unless somebody was first."""
    path = place_of(rare, weight)
    if not path.exists():
        partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        cut(source(bold=weight == BOLD), common() | set(rare), weight, partial, name=f"Registry-{path.stem}")
        os.replace(partial, path)


@contextmanager
def _alone(folder: Path, *, at_once: bool = False) -> Iterator[None]:
    """One process at a time; the lock of a killed one is gone with it. `at_once`: or BlockingIOError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / LOCK).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX | (fcntl.LOCK_NB if at_once else 0))
        yield


def cut(original: Path, characters: Iterable[str], weight: int, target: Path, *, name: str) -> None:
    """Write a font of one weight with these characters only.

    `name`: its own, since the PDF library takes fonts of one PostScript name for the same font and would print what the
    first one lacks as empty boxes.
    """
    options = Options()
    options.layout_features, options.hinting, options.notdef_outline = [], False, True
    options.drop_tables += DROPPED
    with TTFont(original, lazy=True) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=[ord(each) for each in characters])
        subsetter.subset(font)
        if "fvar" in font:
            instantiateVariableFont(font, {"wght": weight}, inplace=True)
        font["name"].setName(name, POSTSCRIPT_NAME, 3, 1, 0x409)
        font.save(target)
