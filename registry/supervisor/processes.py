"""Which processes make up the registry, and with which command lines."""

import signal
import sys
from pathlib import Path

from django.conf import settings

from registry.settings.env import child_environment

from . import broker, orphans
from .child import Child
from .probe import with_port
from .run import Supervisor


def _child(name: str, command: list[str], *, orphan_signal: signal.Signals = signal.SIGKILL) -> Child:
    home: Path = settings.REGISTRY_HOME
    return Child(
        name=name,
        command=command,
        log=home / "logs" / f"{name}.log",
        environment=child_environment(PYTHONUNBUFFERED="1", **orphans.mark(home)),
        directory=settings.BASE_DIR,
        orphan_signal=orphan_signal,
    )


def web() -> Child:
    options = {
        "--bind": with_port(settings.SERVE_HOST, settings.SERVE_PORT),
        "--workers": str(settings.SERVE_WEB_WORKERS),
        "--threads": str(settings.SERVE_WEB_THREADS),
        "--worker-class": "gthread",
        "--timeout": "60",
        "--graceful-timeout": "8",
        "--keep-alive": "5",
    }
    parts = [part for pair in options.items() for part in pair]
    return _child(
        "web",
        [sys.executable, "-m", "gunicorn", "registry.wsgi:application", "--preload", "--no-control-socket", *parts],
    )


def worker() -> Child:
    return _child(
        "worker",
        [
            *(sys.executable, "-m", "celery", "-A", "registry", "worker", "--loglevel", "INFO"),
            *("--concurrency", str(settings.SERVE_TASK_WORKERS), "--without-mingle", "--without-gossip"),
        ],
    )


def scheduler() -> Child:
    schedule = settings.REGISTRY_HOME / "scheduler.db"
    return _child(
        "scheduler",
        [
            *(sys.executable, "-m", "celery", "-A", "registry", "beat", "--loglevel", "INFO"),
            *("--schedule", str(schedule), "--pidfile", ""),
        ],
    )


SERVICES = {"web": web, "worker": worker, "scheduler": scheduler}


def prepare() -> Child:
    return _child("prepare", [sys.executable, str(settings.BASE_DIR / "manage.py"), "prepare"])


def registry_supervisor() -> Supervisor:
    """The supervisor of the processes that these settings ask for."""
    embedded = settings.BROKER_SOCKET is not None
    server = None
    if embedded:
        settings.BROKER_DIR.mkdir(parents=True, exist_ok=True)
        server = _child(
            "broker",
            broker.command(socket=settings.BROKER_SOCKET, directory=settings.BROKER_DIR),
            orphan_signal=signal.SIGTERM,
        )
    return Supervisor(
        host=settings.SERVE_HOST,
        port=settings.SERVE_PORT,
        prepare=prepare(),
        services=[service() for service in SERVICES.values()],
        broker=server,
        broker_socket=settings.BROKER_SOCKET,
    )
