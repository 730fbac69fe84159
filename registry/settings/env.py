"""The only file that reads the environment.

`DATABASE_URL` set: production kind (PostgreSQL, Redis, a SECRET_KEY of the operator's). Not set: the
embedded default, which keeps everything below `REGISTRY_HOME`. Every variable may also be given as
`NAME_FILE`, a path whose content is the value (secrets mounted by file).
"""

import hashlib
import os
import tempfile
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping


class SecretFiles(FileAwareMapping):
    """`NAME_FILE` instead of `NAME`, without the line end that an editor leaves in the file."""

    def __getitem__(self, key: str) -> str:
        return super().__getitem__(key).strip()


class Environment(environ.Env):
    ENVIRON = SecretFiles()


env = Environment()


def _number(name: str, default: int, *, most: int) -> int:
    text = env.str(name, default=str(default))
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise ImproperlyConfigured(f"{name} 应为 1 至 {most} 的整数，而不是 {text!r}")
    return int(text)


BASE_DIR = Path(__file__).resolve().parent.parent.parent
EMBEDDED: bool = not env.str("DATABASE_URL", default="")
DEMO: bool = env.bool("DEMO", default=EMBEDDED)
HOME = Path(env.str("REGISTRY_HOME", default=str(BASE_DIR / "var"))).resolve()
HOST: str = env.str("HOST", default="127.0.0.1")
PORT: int = _number("PORT", 8000, most=65535)
WEB_WORKERS: int = _number("WEB_WORKERS", 2, most=64)
WEB_THREADS: int = _number("WEB_THREADS", 4, most=64)
TASK_WORKERS: int = _number("TASK_WORKERS", 2, most=64)
DEMO_PASSWORD: str = env.str("REGISTRY_DEMO_PASSWORD", default="Demo-2016-500")


def runtime_dir() -> Path:
    """Directory for the embedded broker's socket.

    A unix socket's path is limited to about 100 bytes, so a deep REGISTRY_HOME gets a short directory
    of its own, named by a digest of the home.
    """
    inside = HOME / "run"
    if len(str(inside)) <= 70:
        return inside
    digest = hashlib.sha256(str(HOME).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"registry-{digest}"


def secret_files() -> list[Path]:
    """The files that hold the secrets of this process."""
    secrets = (
        "SECRET_KEY",
        "FIELD_KEY",
        "LEDGER_KEY",
        "DATABASE_URL",
        "DATABASE_PASSWORD",
        "EMAIL_URL",
        "PDF_SIGNING_KEY",
    )
    names = [f"{name}_FILE" for name in secrets]
    return [Path(path) for name in names if (path := env.str(name, default=""))]


def child_environment(**extra: str) -> dict[str, str]:
    """The environment of a process that this one starts: its own, handed on, and `extra`."""
    return {**os.environ, **extra}
