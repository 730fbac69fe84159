"""`manage.py up` as a newcomer meets it, and as a crash leaves it. Real processes."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from .running import Running, eventually, free_port, refused

pytestmark = [pytest.mark.faults, pytest.mark.slow]
MARK_DATA = (
    "from certification.models import CalendarDay as C; from datetime import date;"
    "print(C.objects.update_or_create(day=date(2031, 2, 3), defaults={'is_working': True, 'name': 'kept'})[1])"
)
LAST_BEAT = (
    "from certification.models import Heartbeat; print(Heartbeat.objects.get(name='worker').beat_at.isoformat())"
)
HUNG_SECONDS = 12


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for the whole story: first start, stop, second start, crash, third start."""
    return tmp_path_factory.mktemp("up") / "home"


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


def queue_length(system: Running) -> int:
    client = redis.Redis(unix_socket_path=str(system.home / "run" / "broker.sock"))
    return client.llen("celery") + client.hlen("unacked")


def test_first_start_serves_and_ctrl_c_ends_everything(home: Path, port: int) -> None:
    with Running(home, port) as system:
        assert system.get("/health/live") == (200, {"status": "ok"})
        assert eventually(lambda: system.get("/health/ready")[0] == 200, 30), system.get("/health/ready")
        assert len(system.processes()) >= 6  # broker, web and two of its own, worker, scheduler
        assert system.shell(MARK_DATA) == "True"

        second = refused(home, free_port())
        assert second[0] == "1"
        assert len(second) == 2, second
        assert str(system.process.pid) in second[1]

        assert system.stop() == 0
        assert system.processes() == []
        assert system.said().splitlines()[-1] == "已停止。"
    with socket.create_server(("127.0.0.1", port)):
        pass  # the port is free again


def test_second_start_goes_on_with_the_data_and_a_crash_leaves_nothing(home: Path, port: int) -> None:
    with Running(home, port) as system:
        assert system.shell(MARK_DATA) == "False", "the row of the first start is still there"
        system.kill()
        assert eventually(lambda: system.processes() == [], 15)

    with Running(home, port) as system:
        assert system.shell(MARK_DATA) == "False"
        assert eventually(lambda: system.get("/health/ready")[0] == 200, 30), system.get("/health/ready")


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("faults") / "home") as running:
        yield running


def test_work_of_a_killed_worker_is_done_within_10_seconds(system: Running) -> None:
    """Killed while it holds messages it has not acknowledged: stopped first, so that all hundred wait for it."""
    client = redis.Redis(unix_socket_path=str(system.home / "run" / "broker.sock"))
    assert eventually(lambda: len(list(system.home.rglob("[0-9a-f]*-[47]00.ttf"))) == 2, 120)  # its work after a start
    worker = system.worker()
    os.kill(worker, signal.SIGSTOP)
    try:
        system.shell("from registry.celery import app\nfor _ in range(100): app.send_task('certification.heartbeat')")
        waiting = queue_length(system)
    finally:
        os.kill(worker, signal.SIGCONT)
    assert eventually(lambda: client.hlen("unacked") > 0, 60, every=0.0005)
    os.kill(worker, signal.SIGKILL)
    assert waiting >= 100
    assert eventually(lambda: "worker 已退出" in system.said(), 10)
    assert eventually(lambda: queue_length(system) == 0, 13)


@pytest.mark.parametrize("cause", [signal.SIGKILL, signal.SIGSEGV])
def test_web_comes_back_after_its_death(system: Running, cause: signal.Signals) -> None:
    masters = [pid for pid in system.processes() if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(min(masters), cause)
    assert eventually(lambda: system.get("/health/live")[0] != 200, 5)
    assert eventually(lambda: system.get("/health/live")[0] == 200, 30)


def test_broker_comes_back_with_what_was_queued(system: Running) -> None:
    client = redis.Redis(unix_socket_path=str(system.home / "run" / "broker.sock"))
    client.rpush("not-consumed", *range(50))
    os.kill(int(client.info("server")["process_id"]), signal.SIGKILL)
    assert eventually(lambda: "broker 已退出" in system.said(), 10)
    assert eventually(lambda: system.get("/health/ready")[0] == 200, 30), system.get("/health/ready")
    assert client.llen("not-consumed") == 50


def test_hung_broker_is_named_and_work_goes_on_after_it(system: Running) -> None:
    client = redis.Redis(unix_socket_path=str(system.home / "run" / "broker.sock"))
    server = int(client.info("server")["process_id"])
    os.kill(server, signal.SIGSTOP)
    try:
        assert eventually(lambda: system.get("/health/ready")[0] == 503, 10)
        assert "broker" in system.get("/health/ready")[1]["down"]
        assert system.get("/health/live")[0] == 200
        time.sleep(HUNG_SECONDS)
    finally:
        os.kill(server, signal.SIGCONT)
    before = system.shell(LAST_BEAT)
    system.shell("from registry.celery import app; app.send_task('certification.heartbeat')")
    assert eventually(lambda: system.shell(LAST_BEAT) > before, 30)
    assert system.get("/health/ready")[1]["checks"]["broker"] == "ok"


def test_busy_port_is_one_line(system: Running, tmp_path: Path) -> None:
    lines = refused(tmp_path / "home", system.port)
    assert lines[0] == "1"
    assert len(lines) == 2, lines
    assert "端口已被占用" in lines[1]


def test_unwritable_home_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    lines = refused(tmp_path / "file" / "home", free_port())
    assert lines[0] == "1"
    assert len(lines) == 2, lines
    assert "无法写入数据目录" in lines[1]


def test_home_with_a_long_path_works(tmp_path: Path) -> None:
    deep = tmp_path / ("long-name-" * 12) / "home"
    deep.parent.mkdir()
    with Running(deep) as running:
        assert running.get("/health/live")[0] == 200
        assert running.stop(signal.SIGTERM) == 0
        assert running.processes() == []
