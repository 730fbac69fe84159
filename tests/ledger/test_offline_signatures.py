"""Ed25519 in verify_offline.py: the vectors of RFC 8032, and the library `cryptography`, say the same."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_offline import L, P, is_signed

# RFC 8032, 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


def by_library(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard(public: str, message: str, signature: str) -> None:
    key, text, sign = map(bytes.fromhex, (public, message, signature))
    assert is_signed(key, text, sign)
    assert not is_signed(key, text + b"x", sign)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511), st.integers(0, 255))
@settings(max_examples=60, deadline=None)
def test_right_and_altered_signatures_are_told_apart_as_the_library_does(
    seed: bytes, message: bytes, bit: int, key_bit: int
) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert is_signed(public, message, signature)
    altered = bytearray(signature)
    altered[bit // 8] ^= 1 << bit % 8
    assert is_signed(public, message, bytes(altered)) is by_library(public, message, bytes(altered)) is False
    other = bytearray(public)
    other[key_bit // 8] ^= 1 << key_bit % 8
    assert is_signed(bytes(other), message, signature) is by_library(bytes(other), message, signature) is False


@pytest.mark.parametrize(
    ("public", "signature"),
    [
        (b"", b"\0" * 64),
        (b"\0" * 32, b""),
        (P.to_bytes(32, "little"), b"\0" * 64),
        (b"\xff" * 32, b"\xff" * 64),
        (bytes.fromhex(VECTORS[0][0]), b"\0" * 32 + L.to_bytes(32, "little")),
    ],
)
def test_what_is_no_key_or_signature_is_refused(public: bytes, signature: bytes) -> None:
    assert not is_signed(public, b"", signature)


def test_a_signature_is_not_malleable() -> None:
    """The second half plus the group's order would satisfy the equation; the standard refuses it."""
    key, message, signature = map(bytes.fromhex, VECTORS[1])
    second = int.from_bytes(signature[32:], "little") + L
    assert not is_signed(key, message, signature[:32] + second.to_bytes(32, "little"))
