"""The proof that a paper carries (services/rendering.py attaches it), held against the signed ledger and the file.

No database is asked. What is unpacked here was signed by this registry: look at the seal first (seals.py).
"""

import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from ledger.canonical import commitment, digest, text_of
from ledger.proofs import BadProof, proven
from ledger.verbs import Verb

FORM = "changzhou-ip-registry/document/1"
MOST = 1 << 20  # bytes of a proof when unpacked
FILE = re.compile(rb"/Type /EmbeddedFile\b[^\0]{0,400}?stream\r?\n")


def proof_in(content: bytes) -> Mapping[str, Any]:
    """The proof that a file carries. Raises BadProof where there is none."""
    for found in FILE.finditer(content):
        try:
            said = json.loads(zlib.decompressobj().decompress(content[found.end() :], MOST))
        except (zlib.error, ValueError):
            continue
        if isinstance(said, dict) and said.get("form") == FORM:
            return said
    raise BadProof("no proof in the file")


def on_record(content: bytes) -> Mapping[str, Any]:
    """The proof of a file whose words and pages are, to the byte, those on record. Raises BadProof."""
    said = proof_in(content)
    try:
        issued, rendered = proven(said["issued"]), proven(said["rendered"])
        if not all(_fits(said, issued, rendered, content)):
            raise BadProof("not the words or pages that are on record")
    except (KeyError, TypeError, AttributeError) as error:
        raise BadProof("not a proof of a paper") from error
    return said


def _fits(said: Mapping[str, Any], issued: Any, rendered: Any, content: bytes) -> Iterator[bool]:
    subject = f"document:{said['content']['number']}"
    pages = content[: rendered["payload"]["size"]]
    yield (issued["verb"], issued["subject"]) == (Verb.DOCUMENT_ISSUED, subject)
    yield (rendered["verb"], rendered["subject"]) == (Verb.DOCUMENT_RENDERED, subject)
    yield rendered["payload"]["issued"] == issued["number"]
    yield issued["payload"]["code"] == digest(said["code"].encode())
    yield issued["payload"]["content"] == commitment(text_of(said["content"]), salt=said["salt"])[1]
    yield rendered["payload"]["sha256"] == hashlib.sha256(pages).hexdigest()
