"""The embedded default from an empty home to serving, beside the mere import of what it runs."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings
from django.db import connection

from .measure import Result, median_of

PATIENCE = 120.0
PROMISED = 1.5  # seconds after imports


def cold_start(size: int) -> Result | None:
    """`manage.py up` in an empty home until it serves; limit: importing Django and the product, and 1.5 s."""
    if connection.vendor != "sqlite":
        return None
    imports = median_of(_import_everything, rounds=3)
    first, second = [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory(prefix="registry-start-") as home:
            first.append(_until_serving(Path(home)))
            second.append(_until_serving(Path(home)))
    product = sorted(first)[1]
    return Result(
        "embedded cold start",
        product,
        imports + PROMISED,
        1.0,
        "<= 1.5 s after imports",
        "empty home to the first answer",
        "imports + 1.5 s",
        {"imports_s": imports, "again_s": sorted(second)[1]},
    )


def _import_everything() -> None:
    command = "import django; django.setup(); import registry.wsgi"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "registry.settings"}
    subprocess.run([sys.executable, "-c", command], check=True, cwd=settings.BASE_DIR, env=environment)


def _until_serving(home: Path) -> float:
    """Seconds from the start of the process to its first answer; it is ended as Ctrl-C would."""
    port = _free_port()
    environment = {**os.environ, "REGISTRY_HOME": str(home), "PORT": str(port), "DEMO": "0"}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            if time.perf_counter() - started > PATIENCE or process.poll() is not None:
                raise RuntimeError("the registry did not start")
            time.sleep(0.02)
        return time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


ROWS = (cold_start,)
