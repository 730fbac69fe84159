"""Processes that a killed supervisor left behind, found by the mark that they carry in their environment."""

import os
import signal
import time
from pathlib import Path

MARK = "REGISTRY_SUPERVISED_HOME"
GRACE_SECONDS = 8.0
POLL_SECONDS = 0.1


def mark(home: Path) -> dict[str, str]:
    """What a supervised process carries in its environment."""
    return {MARK: str(home)}


def marked(home: Path) -> list[int]:
    """Living processes of this user that carry the mark of this home (where the system has /proc)."""
    wanted = f"{MARK}={home}".encode()
    return [pid for pid in _pids() if pid != os.getpid() and wanted in _environment(pid) and not _is_zombie(pid)]


def clear(home: Path) -> int:
    """End what a killed supervisor of this home left; returns how many processes that were."""
    left = marked(home)
    found = len(left)
    for number, patience in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, GRACE_SECONDS)):
        for pid in left:
            _send(pid, number)
        deadline = time.monotonic() + patience
        while left and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            left = marked(home)
    return found


def _pids() -> list[int]:
    proc = Path("/proc")
    return [int(entry.name) for entry in proc.iterdir() if entry.name.isdecimal()] if proc.is_dir() else []


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []  # gone meanwhile, or another user's


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
