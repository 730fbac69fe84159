"""Evidence on disk: under a random name outside every served folder, written whole or not at all."""

import os
import secrets
import uuid
from pathlib import Path

from django.conf import settings


def path_of(key: uuid.UUID) -> Path:
    """Where a file lies; the first two characters spread them over folders."""
    name = key.hex
    return Path(settings.EVIDENCE_ROOT) / name[:2] / name


def write(key: uuid.UUID, content: bytes) -> None:
    write_whole(path_of(key), content)


def write_whole(path: Path, content: bytes) -> None:
    """Write durably: a temporary file, flushed to disk, then renamed into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def read(key: uuid.UUID) -> bytes:
    """The stored bytes; FileNotFoundError when they are gone."""
    return path_of(key).read_bytes()


def discard(key: uuid.UUID) -> None:
    """Remove a file whose row was not written."""
    path_of(key).unlink(missing_ok=True)
