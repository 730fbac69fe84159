"""The signature itself (CMS, RFC 5652, with the signed attributes of PAdES), put together from bytes.

Of two signatures with one key, only the digest and the key's answer differ. The library takes the certificates apart
and builds them again for each: that cost nine times the page. Here they are the bytes that they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from asn1crypto import algos
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

from .authority import Authority, PrivateKey

INTEGER, OCTETS, OBJECT, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x30, 0x31
FIRST = 0xA0  # [0], constructed
# Object identifiers (RFC 5652 and 5035), as they are written.
DATA = bytes.fromhex("2a864886f70d010701")
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")
MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
SIGNING_CERTIFICATE_V2 = bytes.fromhex("2a864886f70d010910022f")
SHORT_FORM = 0x80  # from this length on, the length of the length is written first


def der(tag: int, *parts: bytes) -> bytes:
    """A value of ASN.1 as it is written (DER)."""
    content = b"".join(parts)
    size = len(content)
    if size < SHORT_FORM:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, SHORT_FORM | len(length))) + length + content


def set_of(parts: Iterable[bytes]) -> bytes:
    """The content of a set: DER wants its members sorted."""
    return b"".join(sorted(parts))


@dataclass(frozen=True, slots=True)
class Sealer:
    """Makes the signatures of one key; everything that they share is here."""

    key: PrivateKey
    attributes: tuple[bytes, ...]
    algorithm: bytes
    certificates: bytes
    signer: bytes

    def sealed(self, digest: bytes) -> bytes:
        """The signature over the bytes that have this SHA-256."""
        said = set_of([*self.attributes, _attribute(MESSAGE_DIGEST, der(OCTETS, digest))])
        return self._packed(said, signature(self.key, der(SET, said)))

    @property
    def most(self) -> int:
        """How long a signature can be, in bytes."""
        longest = (
            self.key.key_size + 7
        ) // 8  # RSA; each of the two numbers of an EC signature, with its header and sign
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            longest = 2 * (longest + 3) + 4
        said = set_of([*self.attributes, _attribute(MESSAGE_DIGEST, der(OCTETS, bytes(32)))])
        return len(self._packed(said, bytes(longest)))

    def _packed(self, said: bytes, answer: bytes) -> bytes:
        signer = der(SEQUENCE, _number(1), self.signer, SHA256, der(FIRST, said), self.algorithm, der(OCTETS, answer))
        content = der(SEQUENCE, der(OBJECT, DATA))
        body = der(SEQUENCE, _number(1), der(SET, SHA256), content, der(FIRST, self.certificates), der(SET, signer))
        return der(SEQUENCE, der(OBJECT, SIGNED_DATA), der(FIRST, body))


def sealer(known: Authority) -> Sealer:
    """The root is left out: whoever trusts it has it from elsewhere, and nobody should from here."""
    own, *rest = (each.public_bytes(serialization.Encoding.DER) for each in (known.certificate, *_between(known)))
    named = der(SEQUENCE, der(SEQUENCE, der(SEQUENCE, der(OCTETS, _sha256(own)))))  # hashed with SHA-256, the default
    kind = "sha256_ecdsa" if isinstance(known.key, ec.EllipticCurvePrivateKey) else "sha256_rsa"
    return Sealer(
        key=known.key,
        attributes=(_attribute(CONTENT_TYPE, der(OBJECT, DATA)), _attribute(SIGNING_CERTIFICATE_V2, named)),
        algorithm=algos.SignedDigestAlgorithm({"algorithm": kind}).dump(),
        certificates=set_of([own, *rest]),
        signer=der(SEQUENCE, known.certificate.issuer.public_bytes(), _number(known.certificate.serial_number)),
    )


def signature(key: PrivateKey, data: bytes) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(hashes.SHA256()))
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _between(known: Authority) -> list[x509.Certificate]:
    """The certificates between the key's own and the root."""
    return [each for each in known.above if each.issuer != each.subject]


def _attribute(name: bytes, value: bytes) -> bytes:
    return der(SEQUENCE, der(OBJECT, name), der(SET, value))


def _number(value: int) -> bytes:
    return der(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _sha256(data: bytes) -> bytes:
    found = hashes.Hash(hashes.SHA256())
    found.update(data)
    return found.finalize()


SHA256 = der(SEQUENCE, der(OBJECT, bytes.fromhex("608648016503040201")))
