"""The bureau's papers: a certificate's page with its QR code, and what its signature with the proof costs beside it."""

import json
import secrets

from django.utils import timezone

from certification.papers.sheets import Printing, pages_of
from certification.papers.signing import signed
from certification.paperwork import EXAMPLES, new_code

from .measure import Result, by_turns, repeated
from .world import STAGES

TIMES = 20


def proof(size: int) -> bytes:
    """A text like that of a paper's proof, in a ledger of `size` enterprises: mostly digests, which hardly shrink."""
    path = [secrets.token_hex(32) for _ in range((size * len(STAGES)).bit_length())]
    note = f"changzhou-ip-registry/ledger\n{size}\n{secrets.token_urlsafe(33)}\n\n— {secrets.token_urlsafe(80)}\n"
    entry = {"number": size, "canonical": str(EXAMPLES), "hash": secrets.token_hex(32), "path": path}
    one = {**entry, "checkpoint": note}
    return json.dumps({"content": EXAMPLES, "issued": one, "rendered": one}, ensure_ascii=False).encode()


def certificate(size: int) -> Result:
    """Signing with the attachment; limit: the page that is signed. The sizes and the page's time stand beside it."""
    content = {
        **{name: EXAMPLES[name] for name in ("holder", "uscc", "number", "issuing_body", "clause")},
        "kind": "certificate",
        "title": "贯标实施备案通知书",
        "issued_on": "2026-11-20",
        "valid_until": "2029-11-19",
        "paragraphs": [
            f"根据{EXAMPLES['clause']}，你单位的备案申请符合规定条件，自{EXAMPLES['issued_on']}起予以备案。"
        ],
    }
    code = new_code()
    printing = Printing(content, code, f"https://ip.example.gov.cn/verify/{code}/", "系统自签，非电子印章")
    pages, attached, at = pages_of(printing), proof(size), timezone.now()
    product, limit = by_turns(
        repeated(lambda: signed(pages, attached, body=EXAMPLES["issuing_body"], at=at), TIMES),
        repeated(lambda: pages_of(printing), TIMES),
    )
    extra = {"page_ms": limit / TIMES * 1000, "page_kib": len(pages) / 1024}
    extra["file_kib"] = len(signed(pages, attached, body="", at=at)) / 1024
    return Result(
        "certificate: signing",
        product / TIMES,
        limit / TIMES,
        2.3,
        "<= 2.3 x the page; the page <= 6 ms, <= 45 KiB",
        "PAdES signature with the ledger's proof",
        "the page with its QR code",
        extra,
    )


ROWS = (certificate,)
