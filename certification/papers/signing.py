"""Signing a paper (PAdES) with its proof attached: an update behind the pages, whose bytes stay as they are.

The bureau's seal platform (电子印章) would take the place of `signed`.
"""

from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from asn1crypto import algos, keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .authority import Authority, PrivateKey, authority

ATTACHMENT = "ledger-proof.json"
FIELD = "Signature"
ROOM = 1600  # bytes of the signature's place beside its certificates: attributes, and an RSA signature of 4096 bits


class _HeldKey(signers.SimpleSigner):
    """Signs with a key that was read once; the library would read it again for every signature."""

    held: PrivateKey

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if isinstance(self.held, ec.EllipticCurvePrivateKey):
            return self.held.sign(data, ec.ECDSA(hashes.SHA256()))
        return self.held.sign(data, padding.PKCS1v15(), hashes.SHA256())


def signed(pages: bytes, proof: bytes, *, body: str, at: datetime) -> bytes:
    """The pages with their proof and signature added behind them."""
    writer = IncrementalPdfFileWriter(BytesIO(pages))
    attached = EmbeddedFileObject.from_file_data(writer, proof, mime_type="application/json")
    embed_file(writer, FileSpec(ATTACHMENT, embedded_data=attached, description="台账证明（verify_offline.py）"))
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason="签发", name=body
    )
    known = authority()
    signer = signers.PdfSigner(metadata, _signer(known))
    return bytes(signer.sign_pdf(writer, bytes_reserved=2 * _room(known)).getvalue())


@lru_cache(maxsize=4)
def _room(known: Authority) -> int:
    chain = (known.certificate, *known.above)
    return ROOM + sum(len(each.public_bytes(serialization.Encoding.DER)) for each in chain)


@lru_cache(maxsize=4)
def _signer(known: Authority) -> Any:
    above = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    above.register_multiple(_asn1(each) for each in known.above)
    key = known.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    kind = "sha256_ecdsa" if isinstance(known.key, ec.EllipticCurvePrivateKey) else "sha256_rsa"
    signer = _HeldKey(
        signing_cert=_asn1(known.certificate),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=above,
        signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": kind}),
        embed_roots=True,
    )
    signer.held = known.key
    return signer


def _asn1(certificate: x509.Certificate) -> Any:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
