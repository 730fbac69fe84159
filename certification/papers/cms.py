"""The signature itself (CMS, RFC 5652, with the signed attributes of PAdES), encoded by asn1crypto.

Of two signatures with one key only the digest and the key's answer differ. An object of the library that was looked
into is taken apart and encoded again wherever it is put, which cost nine times the page; so what is shared is kept as
the bytes that it was encoded to, and read anew, unopened, for each signature.
"""

from dataclasses import dataclass

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

from .authority import Authority, PrivateKey

DIGEST = "sha256"


@dataclass(frozen=True, slots=True)
class Sealer:
    """Makes the signatures of one key; everything that they share is here, encoded."""

    key: PrivateKey
    attributes: tuple[bytes, ...]
    algorithm: bytes
    certificates: bytes
    signer: bytes

    def sealed(self, digest: bytes) -> bytes:
        """The signature over the bytes that have this SHA-256."""
        said = self._attributes(digest)
        return self._packed(said, signature(self.key, said))

    @property
    def most(self) -> int:
        """How long a signature can be, in bytes."""
        longest = (self.key.key_size + 7) // 8  # RSA
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            longest = 2 * (longest + 3) + 4  # two numbers, each with its header and sign
        return len(self._packed(self._attributes(bytes(32)), bytes(longest)))

    def _attributes(self, digest: bytes) -> bytes:
        shared = [cms.CMSAttribute.load(each) for each in self.attributes]
        own = cms.CMSAttribute({"type": "message_digest", "values": [digest]})
        return bytes(cms.CMSAttributes([*shared, own]).dump())

    def _packed(self, said: bytes, answer: bytes) -> bytes:
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier.load(self.signer),
                "digest_algorithm": {"algorithm": DIGEST},
                "signed_attrs": cms.CMSAttributes.load(said),
                "signature_algorithm": algos.SignedDigestAlgorithm.load(self.algorithm),
                "signature": answer,
            }
        )
        content = cms.SignedData(
            {
                "version": "v1",
                "digest_algorithms": [{"algorithm": DIGEST}],
                "encap_content_info": {"content_type": "data"},
                "certificates": cms.CertificateSet.load(self.certificates),
                "signer_infos": [cms.SignerInfo.load(signer.dump())],
            }
        )
        whole = {"content_type": "signed_data", "content": cms.SignedData.load(content.dump())}
        return bytes(cms.ContentInfo(whole).dump())


def sealer(known: Authority) -> Sealer:
    """The root is left out: whoever trusts it has it from elsewhere, and nobody should from here."""
    chain = [_asn1(each) for each in (known.certificate, *_between(known))]
    own = chain[0]
    named = tsp.SigningCertificateV2({"certs": [{"cert_hash": own.sha256}]})  # SHA-256 is the default
    kind = "ecdsa" if isinstance(known.key, ec.EllipticCurvePrivateKey) else "rsa"
    issued = {"issuer": own.issuer, "serial_number": own.serial_number}
    return Sealer(
        key=known.key,
        attributes=(
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}).dump(),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [named]}).dump(),
        ),
        algorithm=algos.SignedDigestAlgorithm({"algorithm": f"{DIGEST}_{kind}"}).dump(),
        certificates=cms.CertificateSet([cms.CertificateChoices("certificate", each) for each in chain]).dump(),
        signer=cms.SignerIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(issued)).dump(),
    )


def signature(key: PrivateKey, data: bytes) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(hashes.SHA256()))
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _between(known: Authority) -> list[x509.Certificate]:
    """The certificates between the key's own and the root."""
    return [each for each in known.above if each.issuer != each.subject]


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
