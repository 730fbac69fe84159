"""A real `manage.py up` in a home of the test's own. Ends only what it started."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from registry.supervisor import orphans
from tests.architecture.tree import ROOT

PATIENCE_SECONDS = 120.0  # of a busy machine; what is promised about time is asserted where it is promised
NOT_INHERITED = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "FIELD_KEY",
    "LEDGER_KEY",
    "DEMO",
    "BEHIND_TLS",
    "ALLOWED_HOSTS",
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def eventually(condition: Callable[[], bool], seconds: float, *, every: float = 0.1) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def environment_of(home: Path, port: int, **more: str) -> dict[str, str]:
    """As on a newcomer's machine: nothing set but where and on which port."""
    plain = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
    return {**plain, "REGISTRY_HOME": str(home), "PORT": str(port), "DEMO": "0", **more}


def refused(home: Path, port: int, **more: str) -> list[str]:
    """The lines of an `up` that is expected to refuse, with its exit code first."""
    result = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=environment_of(home, port, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return [str(result.returncode), *result.stdout.splitlines(), *result.stderr.splitlines()]


class Running:
    """`with Running(home) as system:` – ready inside the block, ended after it."""

    def __init__(self, home: Path, port: int | None = None, **more: str) -> None:
        self.home, self.port, self.more = home, port or free_port(), more
        self.output = home.parent / f"{home.name}.out"
        self.started_at = 0.0
        self.ready_after = 0.0

    def __enter__(self) -> Self:
        self.started_at = time.monotonic()
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=environment_of(self.home, self.port, **self.more),
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        seen = self.said().count("系统已启动")
        ready = eventually(
            lambda: self.said().count("系统已启动") > seen or self.process.poll() is not None, PATIENCE_SECONDS
        )
        self.ready_after = time.monotonic() - self.started_at
        assert ready, self.said() + self.logs()
        assert self.process.poll() is None, self.said() + self.logs()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()
        orphans.clear(self.home)

    def said(self) -> str:
        return self.output.read_text() if self.output.exists() else ""

    def logs(self) -> str:
        return "".join(
            f"\n== {path.name}\n{path.read_text(errors='replace')[-1500:]}" for path in self.home.glob("logs/*")
        )

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ctrl-C; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE_SECONDS)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def processes(self) -> list[int]:
        return orphans.marked(self.home)

    def worker(self) -> int:
        """The worker's main process: the first of its group."""
        return min(pid for pid in self.processes() if b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes())

    def get(self, path: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException):  # also an answer that ends in its middle: its server was killed
            return 0, None
        finally:
            connection.close()

    def shell(self, code: str) -> str:
        """Run product code in a process beside the running system."""
        result = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=ROOT,
            env=environment_of(self.home, self.port, **self.more),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()
