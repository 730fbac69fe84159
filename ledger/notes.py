"""Checkpoints as signed notes (C2SP signed-note and tlog-checkpoint): text of a few lines and an Ed25519 signature.

changzhou-ip-registry/ledger
1200
qI5…=                                     the root of the tree, base64
at 2026-11-22T16:10:00.000Z               when it was signed

— changzhou-ip-registry/ledger mMk…       key id and signature, base64
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from .canonical import timestamp

ED25519 = b"\x01"
ID_BYTES = 4
MARK = "— "


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a signed note says: the first `size` entries have this root (32 bytes)."""

    size: int
    root: bytes
    at: str


class BadNote(ValueError):
    """A note that is not of the form, of another log, or without a valid signature of a known key."""


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


@lru_cache(maxsize=4)
def _private_key(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:ID_BYTES]


def public_key() -> bytes:
    """The 32 bytes with which anybody checks this registry's signatures."""
    return _private_key(settings.LEDGER_SEED).public_key().public_bytes_raw()


def verifier_key() -> str:
    """The public key in one line, `name+id+key`, as signed-note tools take it."""
    name, public = settings.LEDGER_ORIGIN, public_key()
    return f"{name}+{_key_id(name, public).hex()}+{_encoded(ED25519 + public)}"


def signed(size: int, root: bytes, *, at: datetime) -> str:
    """The note of a checkpoint."""
    name = settings.LEDGER_ORIGIN
    body = f"{name}\n{size}\n{_encoded(root)}\nat {timestamp(at)}\n"
    signature = _private_key(settings.LEDGER_SEED).sign(body.encode())
    return f"{body}\n{MARK}{name} {_encoded(_key_id(name, public_key()) + signature)}\n"


def opened(note: str) -> Checkpoint:
    """What a note says, if a key of this registry signed it; raises BadNote."""
    body, _, signatures = note.partition("\n\n")
    body += "\n"
    try:
        signature = base64.b64decode(signatures.removeprefix(MARK).split(" ")[1].strip(), validate=True)
        name, size, root, at = body.removesuffix("\n").split("\n")
        found = Checkpoint(int(size), base64.b64decode(root, validate=True), at.removeprefix("at "))
    except (IndexError, ValueError, binascii.Error) as error:
        raise BadNote("not a checkpoint") from error
    for key in {verifier_key(), *settings.LEDGER_FORMER_KEYS}:
        if key.split("+")[0] == name and _is_signed(key, signature, body.encode()):
            return found
    raise BadNote("not signed by a key of this registry")


def _is_signed(key: str, signature: bytes, body: bytes) -> bool:
    name, _, encoded = key.split("+", 2)
    public = base64.b64decode(encoded)[1:]
    if signature[:ID_BYTES] != _key_id(name, public):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature[ID_BYTES:], body)
    except InvalidSignature:
        return False
    return True
