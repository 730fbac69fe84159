"""Keys made from secrets."""

import base64
import hashlib
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def fernet_key(secret: str) -> str:
    """The Fernet key (32 bytes, URL-safe base64) of a secret of any form."""
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode()


def signing_seed(secret: str) -> bytes:
    """The 32 bytes of an Ed25519 private key, from a secret of any form."""
    return hashlib.sha256(b"ledger checkpoints\n" + secret.encode()).digest()


def own_secret(path: Path) -> str:
    """The secret in `path`, made at first use and readable by its owner only.

    Several processes of one home may ask at once: the first to name the file wins.
    """
    try:
        return _read_or_make(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"无法写入数据目录 {path.parent.parent}：{error.strerror}（可用 REGISTRY_HOME 指定其他目录）"
        ) from error


def _read_or_make(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()
