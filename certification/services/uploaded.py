"""Whether a PDF that somebody hands in is the file that was issued (上传查验)."""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from ..attested import Attested, by_file, by_number
from ..models import Document
from ..papers.seals import seal_of
from .rendering import path_of


class Finding(StrEnum):
    """What was found."""

    SAME = "same"
    ALTERED = "altered"
    NOT_OURS = "not_ours"


WORDS = {
    Finding.SAME: _("该文件与签发时逐字节一致，签名有效。"),
    Finding.ALTERED: _("该文件自称的文书确由本系统签发，但文件内容与签发时不同，不能作为凭证。"),
    Finding.NOT_OURS: _("该文件不是本系统签发的文书。"),
}


@dataclass(frozen=True, slots=True)
class Examined:
    """`altered_at`: the first byte, counted from 1, that differs from the file as it was issued; 0: not known."""

    finding: Finding
    attested: Attested | None
    is_signature_intact: bool
    altered_at: int = 0

    @property
    def words(self) -> object:
        return WORDS[self.finding]


def examined(content: bytes, *, on: date) -> Examined:
    """Content by its digest first; a file that differs is looked up by the number it bears."""
    known = by_file(hashlib.sha256(content).hexdigest(), on=on)
    seal = seal_of(content)
    if known:
        return Examined(Finding.SAME, known, seal.is_intact)
    said = by_number(seal.number, on=on) if seal.number else None
    if said is None:
        return Examined(Finding.NOT_OURS, None, False)
    return Examined(Finding.ALTERED, said, seal.is_intact and seal.is_ours, _first_difference(said, content))


def _first_difference(said: Attested, content: bytes) -> int:
    row = Document.objects.filter(number=said.number).first()
    if row is None or not row.is_ready:
        return 0
    try:
        issued = path_of(row.sha256).read_bytes()
    except OSError:
        return 0
    pairs = zip(issued, content, strict=False)
    place = next((place for place, (was, now) in enumerate(pairs, 1) if was != now), 0)
    return place or min(len(issued), len(content)) + 1
