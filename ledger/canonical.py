"""The exact bytes that are hashed: a subset of RFC 8785 (JSON Canonicalization Scheme).

Keys sorted, no white space, UTF-8 unescaped, strings NFC. Values are strings, integers, booleans, null,
and lists or objects of these; a float is refused because its text differs between programs.
"""

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any

SALT_BYTES = 16


class NotCanonical(TypeError):
    """A payload holds a value whose bytes are not defined."""


def normalised(value: Any) -> Any:
    """`value` with every string in NFC; raises NotCanonical for a float or another type."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {normalised(key): normalised(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [normalised(item) for item in value]
    raise NotCanonical(f"{type(value).__name__} has no canonical form; give a string")


def text_of(value: Any) -> str:
    """The canonical JSON text of `value`."""
    if type(value) is dict and _PLAIN.issuperset(map(type, value.values())):
        text = _ENCODER.encode(value)
        if text.isascii():  # nothing in it that normalising could change
            return text
    return _ENCODER.encode(normalised(value))


_PLAIN = frozenset({str, int, bool, type(None)})
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def quoted(text: str | None) -> str:
    """One string (or null) as canonical JSON."""
    return "null" if text is None else encode_basestring(text)


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def timestamp(at: datetime) -> str:
    """UTC with milliseconds and `Z`, e.g. `2026-11-22T05:45:09.123Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_milliseconds(at: datetime) -> datetime:
    """The moment as the ledger keeps it: what a JSON dump of the database carries over too."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def commitment(text: str, *, salt: str | None = None) -> tuple[str, str]:
    """(salt, digest) standing for a free text that must not be in the ledger itself.

    Whoever holds the text and the salt can show that it is the text of the entry; nobody can guess it
    from the digest.
    """
    salt = salt or secrets.token_hex(SALT_BYTES)
    return salt, digest(f"{salt}:{unicodedata.normalize('NFC', text)}".encode())
