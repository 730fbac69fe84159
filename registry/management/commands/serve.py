"""`manage.py serve web|worker|scheduler`: becomes that process, for a container or a service manager."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from registry.supervisor.processes import SERVICES


class Command(BaseCommand):
    help = "运行一个进程：web（网页）、worker（后台任务）或 scheduler（定时任务，只运行一个）"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("service", choices=SERVICES)

    def handle(self, *args: Any, **options: Any) -> None:
        child = SERVICES[options["service"]]()
        os.chdir(child.directory)
        os.execve(child.command[0], child.command, child.environment)  # the same command line that `up` starts
