"""`manage.py up`: the whole registry on this machine, until Ctrl-C."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from registry.supervisor import broker, orphans, preflight
from registry.supervisor.probe import reachable, with_port
from registry.supervisor.processes import registry_supervisor


class Command(BaseCommand):
    help = "启动网页、后台任务和定时任务，直到 Ctrl-C"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with preflight.lock_home(prepared_home()):
                clear_leftovers()
                preflight.require_free_port(settings.SERVE_HOST, settings.SERVE_PORT)
                supervisor = registry_supervisor()
                supervisor.say = say
                announce_first_start()
                sys.exit(supervisor.run(ready_lines()))
        except preflight.StartRefused as refusal:
            sys.exit(str(refusal))


def say(line: str) -> None:
    print(line, flush=True)


def prepared_home() -> Any:
    preflight.require_writable(settings.REGISTRY_HOME)
    return settings.REGISTRY_HOME


def clear_leftovers() -> None:
    """End what a killed supervisor of this home left running."""
    if left := orphans.clear(settings.REGISTRY_HOME):
        say(f"上次异常退出遗留的 {left} 个进程已结束。")
    if settings.BROKER_SOCKET is not None:
        preflight.require_private(settings.BROKER_SOCKET.parent)
        broker.clear_orphan(socket=settings.BROKER_SOCKET, directory=settings.BROKER_DIR)


def announce_first_start() -> None:
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and not Path(database["NAME"]).exists():
        say("首次启动：正在建立数据库并载入数据，约半分钟……")


def ready_lines() -> list[str]:
    """What is true once the web server answers."""
    lines = [f"系统已启动：http://{with_port(reachable(settings.SERVE_HOST), settings.SERVE_PORT)}/"]
    if settings.DEMO_DATA:
        lines.append(
            "演示数据均为虚构。演示账户：qiye（企业）、zhenjie（镇街）、quju（区）、shiju（市局）、jiance（监测）、"
            "guihua（规划）；密码见 README（REGISTRY_DEMO_PASSWORD）。"
        )
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    lines.append(f"数据和日志目录：{settings.REGISTRY_HOME}，数据库：{engine}")
    lines.append("按 Ctrl-C 停止。")
    return lines
