"""Files of long exports on disk: under the job's random number, outside every served folder, whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings


def path_of(key: UUID) -> Path:
    return Path(settings.EXPORT_ROOT) / key.hex


@contextmanager
def writing(key: UUID) -> Iterator[BinaryIO]:
    """A file that takes its place, flushed to disk, when the block ends well, and is gone when it does not."""
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)


def discard_before(moment: float) -> int:
    """Remove what was written before a moment (seconds since 1970); how many files."""
    root = Path(settings.EXPORT_ROOT)
    old = [path for path in root.iterdir() if path.stat().st_mtime < moment] if root.is_dir() else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
