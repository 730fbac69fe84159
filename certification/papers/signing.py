"""Signing a paper (PAdES) with its proof attached: an update behind the pages, whose bytes stay as they are.

The bureau's seal platform (电子印章) would take the place of `signed`.
"""

from datetime import datetime
from functools import lru_cache
from io import BytesIO

from django.utils import timezone
from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from .authority import Authority, authority
from .cms import Sealer, sealer

ATTACHMENT = "ledger-proof.json"
FIELD = "Signature"
HASH = "sha256"


def signed(pages: bytes, proof: bytes, *, body: str, at: datetime) -> bytes:
    """The pages with their proof and signature added behind them."""
    writer = IncrementalPdfFileWriter(BytesIO(pages))
    attached = EmbeddedFileObject.from_file_data(writer, proof, mime_type="application/json")
    embed_file(writer, FileSpec(ATTACHMENT, embedded_data=attached, description="台账证明（verify_offline.py）"))
    maker, room = _sealer(authority())
    place = SignatureObject(
        timestamp=timezone.localtime(at),
        subfilter=SigSeedSubFilter.PADES,
        name=body,
        reason="签发",
        bytes_reserved=2 * room,
    )
    # The library's steps: a field, the signature's place in it, the file with its digest, the signature.
    steps = PdfCMSEmbedder().write_cms(FIELD, writer)
    next(steps)
    steps.send(SigObjSetup(place))
    prepared, written = steps.send(SigIOSetup(HASH, in_place=True))
    steps.send(maker.sealed(prepared.document_digest))
    return bytes(written.getvalue())


@lru_cache(maxsize=4)
def _sealer(known: Authority) -> tuple[Sealer, int]:
    """What makes the signatures of a key, and the room that each is given; once in a process."""
    maker = sealer(known)
    return maker, maker.most
