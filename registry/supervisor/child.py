"""One supervised process: started in a group of its own, logged, counted when it falls, ended for certain."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LOG_BYTES = 20 * 1024 * 1024
FALLS_ALLOWED, FALLS_WINDOW_SECONDS = 5, 60.0
BACKOFF_FIRST_SECONDS, BACKOFF_MOST_SECONDS = 0.5, 8.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A process of the registry and what became of it."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str]
    directory: Path
    # What the kernel sends it when the supervisor itself is killed (Linux).
    orphan_signal: signal.Signals = signal.SIGKILL
    falls: deque[float] = field(default_factory=deque)
    restart_at: float = 0.0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            # start_new_session: a Ctrl-C at the terminal reaches the supervisor alone, which ends the others in order.
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.directory,
                env=self.environment,
                start_new_session=True,
                preexec_fn=_die_with_parent(self.orphan_signal),
            )

    @property
    def exit_code(self) -> int | None:
        """None while it runs (or has not been started)."""
        return self.process.poll() if self.process else None

    def note_fall(self, now: float) -> bool:
        """Record that it fell and when it is to be started again; False if it falls too often."""
        self.kill_group()  # what it left in its group
        self.falls.append(now)
        while self.falls and now - self.falls[0] > FALLS_WINDOW_SECONDS:
            self.falls.popleft()
        self.restart_at = now + min(BACKOFF_FIRST_SECONDS * 2 ** (len(self.falls) - 1), BACKOFF_MOST_SECONDS)
        self.process = None
        return len(self.falls) <= FALLS_ALLOWED

    def ask_to_stop(self) -> None:
        """To the leader only: it ends its own workers in order."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait_until(self, deadline: float) -> None:
        """Wait for its end; at the deadline, and for what is left of its group, end it for certain."""
        if not self.process:
            return
        try:
            self.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        self.kill_group()
        self.process.wait()

    def kill_group(self) -> None:
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass  # nothing left in the group

    def last_lines(self, count: int = 15) -> str:
        try:
            text = self.log.read_bytes()[-16_384:].decode(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-count:])

    def rotate_log(self) -> None:
        """Keep one old log; the process goes on writing to the same, now empty, file."""
        try:
            if self.log.stat().st_size > LOG_BYTES:
                self.log.with_suffix(".log.1").write_bytes(self.log.read_bytes())
                os.truncate(self.log, 0)
        except FileNotFoundError:
            pass


def _die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """A function, run in the child before its program starts, that ties its life to ours (Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and here
            os._exit(1)

    return tie
