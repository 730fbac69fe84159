"""The signature of a paper, as others check it: with keys of either kind, and with certificates in between."""

import io
import shutil
import subprocess
from datetime import UTC, datetime

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from certification.papers import authority as keys
from certification.papers.authority import opened, self_made
from certification.papers.cms import sealer
from certification.papers.seals import seal_of
from certification.papers.sheets import Printing, pages_of
from certification.papers.signing import signed

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PROOF = b'{"form": "none"}' * 100
MAKERS = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
}


def chain(key, *, between=False):
    """PEM texts of a key and of its certificates up to the root."""
    names = [keys._name(text) for text in ("签名", *(["中间"] if between else []), "根")]
    held = [key, *(ec.generate_private_key(ec.SECP256R1()) for _ in names[1:])]
    pairs = list(zip(names, held, strict=True))
    made = [
        keys._certificate(name, above[0], own.public_key(), at=AT, is_root=place > 0).sign(above[1], hashes.SHA256())
        for place, ((name, own), above) in enumerate(zip(pairs, [*pairs[1:], pairs[-1]], strict=True))
    ]
    form = serialization.PrivateFormat.PKCS8
    text = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
    return text, "".join(each.public_bytes(serialization.Encoding.PEM).decode() for each in made)


@pytest.fixture(scope="module")
def pages():
    words = dict.fromkeys(("holder", "title", "clause", "issuing_body"), "试验")
    said = {**words, "number": "CZZS2026000001", "uscc": "91320411MA2455XH60", "valid_until": ""}
    content = {**said, "kind": "certificate", "issued_on": "2026-03-02", "paragraphs": ["试验"]}
    return pages_of(Printing(content, "A" * 24, "https://ip.example.gov.cn/verify/A/", "系统自签"))


def status_of(content, known):
    signature = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    root = asn1_x509.Certificate.load(known.above[-1].public_bytes(serialization.Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=AT)
    return validate_pdf_signature(signature, context)


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("between", [False, True], ids=["root", "between"])
def test_the_signature_is_valid_and_of_the_whole_file(settings, pages, kind, between):
    settings.PDF_SIGNING_KEY, settings.PDF_SIGNING_CERT = chain(MAKERS[kind](), between=between)
    content = signed(pages, PROOF, body="试验", at=AT)
    known = keys.authority()
    status = status_of(content, known)
    assert (status.bottom_line, status.coverage.name) == (True, "ENTIRE_FILE")
    assert (status.md_algorithm, len(status.signing_cert.dump()) > 0) == ("sha256", True)
    seal = seal_of(content)
    assert (seal.is_whole, seal.is_intact, seal.is_ours) == (True, True, True)


def test_it_is_a_pades_signature_that_names_its_certificate(settings, pages):
    settings.PDF_SIGNING_KEY, settings.PDF_SIGNING_CERT = chain(MAKERS["P-256"]())
    signature = PdfFileReader(io.BytesIO(signed(pages, PROOF, body="试验", at=AT))).embedded_signatures[0]
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    named = [each["type"].native for each in signature.signer_info["signed_attrs"]]
    assert sorted(named) == ["content_type", "message_digest", "signing_certificate_v2"]
    assert signature.signed_data["certificates"][0].chosen.subject.native["common_name"] == "签名"


def test_one_byte_changed_makes_it_invalid(settings, pages):
    settings.PDF_SIGNING_KEY, settings.PDF_SIGNING_CERT = chain(MAKERS["P-256"]())
    content = signed(pages, PROOF, body="试验", at=AT)
    place = content.index(b"stream", len(pages) // 3) + 20
    wrong = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    assert not status_of(wrong, keys.authority()).intact
    assert not seal_of(wrong).is_intact
    assert status_of(content, keys.authority()).intact


def test_a_signature_never_outgrows_its_place(pages):
    for kind, make in MAKERS.items():
        maker = sealer(opened(*chain(make())))
        assert max(len(maker.sealed(bytes([n] * 32))) for n in range(40)) <= maker.most < 2000, kind


def test_page_and_signed_file_stay_small(pages):
    made = self_made(at=AT).decode()
    assert len(sealer(opened(made, made)).sealed(bytes(32))) < 1100
    assert len(pages) < 25 * 1024


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig (poppler-utils) is not installed")
def test_another_program_finds_it_valid(settings, pages, tmp_path):
    settings.PDF_SIGNING_KEY, settings.PDF_SIGNING_CERT = chain(MAKERS["RSA"]())
    path = tmp_path / "paper.pdf"
    path.write_bytes(signed(pages, PROOF, body="试验", at=AT))
    told = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told
