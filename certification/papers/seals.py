"""A PDF that somebody hands in, held against its own signature: what was signed, and whether it still is that.

Nothing of it is run or unpacked: its bytes are searched, and what they say is checked.
"""

import hashlib
import re
from dataclasses import dataclass

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from ..paperwork import NUMBER
from .authority import authority, certificates

SUBJECT = re.compile(rb"/Subject \((" + NUMBER.pattern.encode() + rb")\)")
RANGE = re.compile(rb"/ByteRange \[(\d{1,9}) (\d{1,9}) (\d{1,9}) (\d{1,9})")


@dataclass(frozen=True, slots=True)
class Seal:
    """What a file says of itself. `is_whole`: signed from its first byte to its last; `is_intact`: and unchanged since;
    `is_ours`: with a key of this registry.
    """

    number: str
    is_signed: bool = False
    is_whole: bool = False
    is_intact: bool = False
    is_ours: bool = False


def seal_of(content: bytes) -> Seal:
    """The number that a file bears, and how it stands with its signature."""
    found = SUBJECT.search(content)
    number = found[1].decode() if found else ""
    ranges = [tuple(map(int, each)) for each in RANGE.findall(content)]
    if not ranges:
        return Seal(number)
    first, before, after, rest = ranges[-1]
    is_whole = first == 0 and before < after and after + rest == len(content)
    try:
        signature = bytes.fromhex(content[before + 1 : after - 1].decode("ascii"))
        digest, is_ours = _checked(signature)
    except (ValueError, TypeError, KeyError, IndexError):
        return Seal(number, is_signed=True, is_whole=is_whole)
    said = hashlib.sha256(content[:before] + content[after : after + rest]).digest()
    return Seal(number, is_signed=True, is_whole=is_whole, is_intact=is_whole and said == digest, is_ours=is_ours)


def _checked(packed: bytes) -> tuple[bytes, bool]:
    """The digest that was signed, and whether a key of ours signed it."""
    signer = cms.ContentInfo.load(packed)["content"]["signer_infos"][0]
    attributes = signer["signed_attrs"]
    digest = next(each["values"][0].native for each in attributes if each["type"].native == "message_digest")
    signature, data = signer["signature"].native, attributes.untag().dump()
    return bytes(digest), any(is_signed_by(each, signature, data) for each in certificates())


def is_signed_by(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    key = certificate.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def certificate_pem() -> bytes:
    """The root of the chain, for whoever wants to check signatures on their own."""
    known = authority()
    return (known.above or (known.certificate,))[-1].public_bytes(serialization.Encoding.PEM)
