"""The key with which papers are signed: the bureau's own, or in the embedded default one of a self-made authority.

That one says in its name that it is no electronic seal (非电子印章). It is made at first use, below REGISTRY_HOME.
"""

import os
import secrets
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
LASTS = timedelta(days=3653)
OWN_ORGANISATION = "企业知识产权认证登记系统（自建，非电子印章）"
FILE = "document_signing.pem"


class BadKey(ValueError):
    """The key or its certificates cannot be used. Says why."""


@dataclass(frozen=True, slots=True)
class Authority:
    """The signing key, its certificate, and those above it up to the root."""

    key: PrivateKey
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...]


def authority() -> Authority:
    """The one in use; read once in a process for each place it is kept in. Raises BadKey."""
    if settings.PDF_SIGNING_KEY:
        return opened(settings.PDF_SIGNING_KEY, settings.PDF_SIGNING_CERT)
    text = _own(Path(settings.KEYS_ROOT) / FILE)
    return opened(text, text)


def certificates() -> tuple[x509.Certificate, ...]:
    """Of the key in use, and of those with which papers were signed before it. Raises BadKey."""
    return (authority().certificate, *_former(settings.PDF_SIGNING_FORMER_CERTS))


@lru_cache(maxsize=4)
def _former(text: str) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(text.encode())) if text.strip() else ()
    except ValueError as error:
        raise BadKey(f"PDF_SIGNING_FORMER_CERTS is not a PEM text that can be read: {error}") from error


@lru_cache(maxsize=4)
def opened(key_pem: str, certificates_pem: str) -> Authority:
    """From PEM texts: a key, and certificates of which the first is the key's own."""
    try:
        key = serialization.load_pem_private_key(key_pem.encode(), password=None)
        first, *above = x509.load_pem_x509_certificates(certificates_pem.encode())
    except (ValueError, TypeError) as error:
        raise BadKey(f"PDF_SIGNING_KEY or PDF_SIGNING_CERT is not a PEM text that can be read: {error}") from error
    if not isinstance(key, PrivateKey):
        raise BadKey("PDF_SIGNING_KEY must be an RSA or EC key")
    if key.public_key() != first.public_key():
        raise BadKey("PDF_SIGNING_CERT does not begin with the certificate of PDF_SIGNING_KEY")
    return Authority(key, first, tuple(above))


def _own(path: Path) -> str:
    """The text of the key that was made here; several processes may ask at once, the first to name the file wins."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(self_made(at=datetime.now(UTC)))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii")


def self_made(*, at: datetime) -> bytes:
    """A key with its certificate and the root above it, as PEM; the root's key is not kept."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name("文书签名自建根证书"), _name("文书签名")
    root = _certificate(root_name, root_name, root_key.public_key(), at=at, is_root=True).sign(
        root_key, hashes.SHA256()
    )
    own = _certificate(name, root_name, key.public_key(), at=at, is_root=False).sign(root_key, hashes.SHA256())
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    parts = [each.public_bytes(serialization.Encoding.PEM) for each in (own, root)]
    return b"".join([key.private_bytes(serialization.Encoding.PEM, form, plain), *parts])


def _name(common: str) -> x509.Name:
    parts = ((NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, OWN_ORGANISATION), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts])


def _certificate(
    name: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, *, at: datetime, is_root: bool
) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(public)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(at - timedelta(days=1)).not_valid_after(at + LASTS)
    builder = builder.add_extension(
        x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True
    )
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    return builder.add_extension(usage, critical=True)


@register()
def signing_key_check(**_given: object) -> list[CheckMessage]:
    """The key that was given can sign; one that is self-made is not looked for here."""
    try:
        if settings.PDF_SIGNING_KEY:
            certificates()
    except BadKey as error:
        return [Error(str(error), id="certification.E001")]
    return []


if __name__ == "__main__":  # a key for a trial: python -m certification.papers.authority > signing.pem
    sys.stdout.write(self_made(at=datetime.now(UTC)).decode())
