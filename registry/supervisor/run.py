"""Starts the registry's processes in order, keeps them running, and ends all of them.

Order: broker, database and data (`manage.py prepare`), then web, worker and scheduler. Every process is a
child in a group of its own. The supervisor holds no business state: what was queued lies in the broker's
log and in the database, and goes on after the next start.
"""

import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from . import broker
from .child import Child
from .preflight import StartRefused
from .probe import is_live

READY_SECONDS = 120.0
STOP_SECONDS = 12.0
TICK_SECONDS = 0.05
ROTATE_EVERY_SECONDS = 60.0


class Fallen(Exception):
    """A process that could not be kept running, in words for the person at the terminal."""

    def __init__(self, child: Child, code: int | None) -> None:
        super().__init__(
            f"进程 {child.name} 异常退出（退出码 {code}），系统停止运行。{child.log} 末尾：\n{child.last_lines()}"
        )


class StopRequested(Exception):
    """Ctrl-C or SIGTERM."""


@dataclass
class Supervisor:
    """The processes of one home."""

    host: str
    port: int
    prepare: Child
    services: list[Child]
    broker: Child | None = None
    broker_socket: Path | None = None
    say: Callable[[str], None] = print
    stop_signals: int = 0
    running: list[Child] = field(default_factory=list)

    def run(self, ready_lines: list[str]) -> int:
        """Start, say that it is ready, keep running until asked to stop. Returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        code = 0
        try:
            self._start_all()
            for line in ready_lines:
                self.say(line)
            self._keep_running()
        except StopRequested:
            self.say("正在停止……")
        except (Fallen, StartRefused) as failure:
            self.say(str(failure))
            code = 1
        finally:
            self._end_all()
        if code == 0:
            self.say("已停止。")
        return code

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_signals += 1
        if self.stop_signals > 1:  # asked twice: at once
            for child in self.running:
                child.kill_group()

    def _start_all(self) -> None:
        if self.broker and self.broker_socket:
            self._launch(self.broker)
            socket = self.broker_socket
            self._wait(lambda: broker.answers(socket), "消息代理", broker.PATIENCE_SECONDS)
        self._launch(self.prepare)
        self._wait(lambda: self.prepare.exit_code is not None, "数据库准备", None)
        if self.prepare.exit_code:
            raise Fallen(self.prepare, self.prepare.exit_code)
        self.running.remove(self.prepare)
        for child in self.services:
            self._launch(child)
        self._wait(lambda: is_live(self.host, self.port), "网页服务", READY_SECONDS)

    def _launch(self, child: Child) -> None:
        child.start()
        self.running.append(child)

    def _wait(self, condition: Callable[[], bool], what: str, patience: float | None) -> None:
        """Keep what runs running until `condition` holds."""
        deadline = None if patience is None else time.monotonic() + patience
        while not condition():
            self._tend()
            if deadline is not None and time.monotonic() > deadline:
                raise StartRefused(f"{what}在 {patience:.0f} 秒内未就绪，系统已停止（日志见数据目录下 logs）")
            time.sleep(TICK_SECONDS)

    def _keep_running(self) -> None:
        rotate_at = time.monotonic() + ROTATE_EVERY_SECONDS
        while True:
            self._tend()
            time.sleep(TICK_SECONDS * 4)
            if time.monotonic() > rotate_at:
                rotate_at += ROTATE_EVERY_SECONDS
                for child in self.running:
                    child.rotate_log()

    def _tend(self) -> None:
        """Leave if asked to; start again what fell."""
        if self.stop_signals:
            raise StopRequested
        now = time.monotonic()
        for child in self.running:
            if child is self.prepare:
                continue
            if child.process is None:
                if now >= child.restart_at:
                    child.start()
            elif (code := child.exit_code) is not None:
                if not child.note_fall(now):
                    raise Fallen(child, code)
                self.say(f"进程 {child.name} 已退出（退出码 {code}），正在重新启动；日志：{child.log}")

    def _end_all(self) -> None:
        """Web, worker and scheduler first; the broker last, so that the worker can give back what it holds."""
        deadline = time.monotonic() + STOP_SECONDS
        first = [child for child in self.running if child is not self.broker]
        for group in (first, [self.broker] if self.broker in self.running and self.broker else []):
            for child in group:
                child.ask_to_stop()
            for child in group:
                child.wait_until(max(deadline, time.monotonic() + 1.0))
        sys.stdout.flush()
