"""Whether a PDF that somebody hands in is the file that was issued (上传查验).

What a row of the database says of a file proves nothing of it. A file is genuine by its seal, made with this registry's
key over every byte of it, and by the proof in it: of the words and pages that the signed ledger has.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from ledger.proofs import BadProof

from ..attested import Attested, by_code, by_number
from ..models import Document
from ..papers.attached import on_record
from ..papers.seals import Seal, seal_of
from .rendering import path_of


class Finding(StrEnum):
    """What was found."""

    SAME = "same"
    ALTERED = "altered"
    NOT_SIGNED_HERE = "not_signed_here"
    OFF_RECORD = "off_record"
    NOT_OURS = "not_ours"


WORDS = {
    Finding.SAME: _("该文件与签发时逐字节一致，签名有效，版面与台账记载一致。"),
    Finding.ALTERED: _("该文件自称的文书确由本系统签发，但文件内容与签发时不同，不能作为凭证。"),
    Finding.NOT_SIGNED_HERE: _("该文件自称的文书确由本系统签发，但文件上的签名不是本系统的签名，不能作为凭证。"),
    Finding.OFF_RECORD: _("该文件有本系统的签名，但所载内容与台账或登记库的记载不符，不能作为凭证，请向签发机关核实。"),
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
    """A file by its seal, then by the proof in it; one that has none of ours is looked up by the number it bears."""
    seal = seal_of(content)
    if seal.is_intact and seal.is_ours:
        return _sealed(content, seal, on)
    said = by_number(seal.number, on=on) if seal.number else None
    if said is None:
        return Examined(Finding.NOT_OURS, None, False)
    if seal.is_intact:
        return Examined(Finding.NOT_SIGNED_HERE, said, False)
    return Examined(Finding.ALTERED, said, False, _first_difference(said, content))


def _sealed(content: bytes, seal: Seal, on: date) -> Examined:
    """Of a file that was signed here: whether what it says is what was put on record, and still stands so."""
    try:
        proof = on_record(content)
    except BadProof:
        return Examined(Finding.OFF_RECORD, by_number(seal.number, on=on) if seal.number else None, True)
    found = by_code(proof["code"], on=on)
    if found is None or not _says(found, proof["content"]):
        return Examined(Finding.OFF_RECORD, found, True)
    return Examined(Finding.SAME, found, True)


def _says(found: Attested, content: dict[str, str]) -> bool:
    """Whether the registry would say of the paper what the paper says."""
    days = (str(found.issued_on), str(found.valid_until or ""))
    words = (found.number, found.kind, found.title, found.holder, found.issuing_body, *days)
    names = ("number", "kind", "title", "holder", "issuing_body", "issued_on", "valid_until")
    return words == tuple(content[name] for name in names)


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
