"""`manage.py probe web|worker|scheduler`: is that process of this machine doing its work? For health checks."""

import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from registry import health
from registry.celery import app
from registry.supervisor.probe import is_live

WORKER_PATIENCE_SECONDS = 5.0


class Command(BaseCommand):
    help = "检查本机进程是否正常；正常返回 0，否则返回 1"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("service", choices=PROBES)

    def handle(self, *args: Any, **options: Any) -> None:
        if reason := PROBES[options["service"]]():
            sys.exit(reason)


def web() -> str:
    return "" if is_live(settings.SERVE_HOST, settings.SERVE_PORT) else "web: no answer"


def worker() -> str:
    """The worker of this machine answers through the broker."""
    name = f"celery@{socket.gethostname()}"
    answers = app.control.inspect(destination=[name], timeout=WORKER_PATIENCE_SECONDS, limit=1).ping()
    return "" if answers else f"worker {name}: no answer"


def scheduler() -> str:
    """What it schedules is carried out: a beat went through scheduler, broker, worker and database lately."""
    try:
        health.check_worker()
    except health.NotReady as reason:
        return f"scheduler: {reason}"
    return ""


PROBES = {"web": web, "worker": worker, "scheduler": scheduler}
