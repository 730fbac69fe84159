"""The supervisor's parts, with small processes of the test's own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry.supervisor import broker, child, orphans, preflight, probe, run
from registry.supervisor.child import Child
from registry.supervisor.run import Supervisor

SLEEP = "import time; time.sleep(60)"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(child, "BACKOFF_FIRST_SECONDS", 0.01)
    monkeypatch.setattr(run, "is_live", lambda host, port: True)
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def make_child(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    made: list[Child] = []

    def make(code: str, name: str = "part") -> Child:
        made.append(
            Child(
                name=name,
                command=[sys.executable, "-S", "-c", code],
                log=tmp_path / "logs" / f"{name}.log",
                environment={**os.environ, **orphans.mark(tmp_path)},
                directory=tmp_path,
            )
        )
        return made[-1]

    yield make
    for each in made:
        each.kill_group()


def supervise(prepare: Child, *services: Child, during: Callable[[], None] | None = None) -> tuple[int, list[str]]:
    said: list[str] = []
    supervisor = Supervisor(host="", port=0, prepare=prepare, services=list(services), say=said.append)
    if during:
        threading.Thread(target=during).start()
    return supervisor.run(["ready"]), said


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists() or orphans._is_zombie(pid)


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_ends_every_process_and_exits_0(make_child: Callable[..., Child], number: int) -> None:
    services = [make_child(SLEEP, "one"), make_child(SLEEP, "two")]

    def ask() -> None:
        eventually(lambda: all(service.process for service in services))
        time.sleep(0.2)
        os.kill(os.getpid(), number)

    code, said = supervise(make_child("pass", "prepare"), *services, during=ask)
    assert code == 0
    assert said == ["ready", "正在停止……", "已停止。"]
    assert all(service.exit_code is not None for service in services)


def test_a_process_deaf_to_sigterm_is_killed_with_its_group(
    make_child: Callable[..., Child], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run, "STOP_SECONDS", 0.3)
    deaf = make_child(
        "import signal, subprocess, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"p = subprocess.Popen([sys.executable, '-S', '-c', '{SLEEP}']); open('pid', 'w').write(str(p.pid)); p.wait()"
    )
    pid_file = tmp_path / "pid"

    def ask() -> None:
        eventually(lambda: pid_file.exists() and bool(pid_file.read_text()))
        os.kill(os.getpid(), signal.SIGINT)

    assert supervise(make_child("pass", "prepare"), deaf, during=ask)[0] == 0
    assert eventually(lambda: is_gone(int(pid_file.read_text())))


def test_a_fallen_process_is_started_again(make_child: Callable[..., Child], tmp_path: Path) -> None:
    once = make_child(
        f"import os, sys, time; new = not os.path.exists('x'); open('x', 'w'); new and sys.exit(7); {SLEEP}"
    )

    def ask() -> None:
        eventually(lambda: len(once.falls) == 1 and once.process is not None and once.exit_code is None)
        os.kill(os.getpid(), signal.SIGINT)

    code, said = supervise(make_child("pass", "prepare"), once, during=ask)
    assert code == 0
    assert [line for line in said if "退出码 7" in line and "重新启动" in line]


def test_a_process_that_falls_again_and_again_ends_all_loudly(make_child: Callable[..., Child]) -> None:
    well, ill = make_child(SLEEP, "well"), make_child("print('the reason'); raise SystemExit(3)", "ill")
    code, said = supervise(make_child("pass", "prepare"), well, ill)
    assert code == 1
    assert "ill" in said[-1]
    assert "退出码 3" in said[-1]
    assert "the reason" in said[-1]
    assert well.exit_code is not None


def test_failed_preparation_starts_nothing(make_child: Callable[..., Child]) -> None:
    service = make_child(SLEEP)
    code, said = supervise(make_child("print('no such table'); raise SystemExit(1)", "prepare"), service)
    assert code == 1
    assert "no such table" in said[-1]
    assert service.process is None


def test_backoff_grows_and_old_falls_are_forgotten(make_child: Callable[..., Child]) -> None:
    part = make_child(SLEEP)
    waits = []
    for moment in range(child.FALLS_ALLOWED):
        assert part.note_fall(float(moment))
        waits.append(part.restart_at - moment)
    assert waits == sorted(waits)
    assert part.note_fall(5.0) is False
    assert part.note_fall(500.0) is True


def test_children_of_a_killed_supervisor_die_with_it(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib, os, time; from registry.supervisor.child import Child;"
        f"c = Child('c', [sys.executable, '-S', '-c', '{SLEEP}'], pathlib.Path('{tmp_path}/c.log'), dict(os.environ),"
        f" pathlib.Path('{tmp_path}')); c.start(); print(c.process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout
        pid = int(supervisor.stdout.readline())
        assert not is_gone(pid)
        supervisor.kill()
    assert eventually(lambda: is_gone(pid))


def test_leftovers_of_this_home_are_ended_and_no_others(make_child: Callable[..., Child], tmp_path: Path) -> None:
    ours, other = make_child(SLEEP, "ours"), make_child(SLEEP, "other")
    other.environment = {**os.environ, **orphans.mark(tmp_path / "elsewhere")}
    ours.start()
    other.start()
    assert eventually(lambda: len(orphans.marked(tmp_path)) == 1)
    assert orphans.clear(tmp_path) == 1
    assert ours.process
    assert ours.process.wait(5) != 0
    assert other.exit_code is None


def test_log_is_rotated_under_the_writing_process(
    make_child: Callable[..., Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "LOG_BYTES", 10)
    part = make_child("")
    part.log.parent.mkdir()
    with part.log.open("ab", buffering=0) as writer:
        writer.write(b"before the turn\n")
        part.rotate_log()
        writer.write(b"after\n")
    assert part.log.read_bytes() == b"after\n"
    assert part.log.with_suffix(".log.1").read_bytes() == b"before the turn\n"


def test_home_is_held_by_one_supervisor_only(tmp_path: Path) -> None:
    with preflight.lock_home(tmp_path), pytest.raises(preflight.StartRefused, match=f"进程 {os.getpid()}"):
        preflight.lock_home(tmp_path)
    preflight.lock_home(tmp_path).close()


def test_busy_port_is_refused_and_a_free_one_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(preflight.StartRefused, match="端口已被占用"):
            preflight.require_free_port("127.0.0.1", port)
    preflight.require_free_port("127.0.0.1", port)


def test_home_under_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(preflight.StartRefused, match="无法写入"):
        preflight.require_writable(tmp_path / "file" / "home")


def test_socket_directory_must_be_ours(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(preflight.StartRefused):
        preflight.require_private(tmp_path / "link")
    preflight.require_private(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


@pytest.fixture
def stray_broker(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    (tmp_path / "data").mkdir()
    command = broker.command(socket=tmp_path / "s", directory=tmp_path / "data")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        assert eventually(lambda: broker.answers(tmp_path / "s"))
        yield server
        server.kill()


def test_orphan_broker_is_shut_down(stray_broker: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert broker.clear_orphan(socket=tmp_path / "s", directory=tmp_path / "data")
    assert stray_broker.wait(5) == 0
    assert not broker.clear_orphan(socket=tmp_path / "s", directory=tmp_path / "data")


def test_a_strangers_server_is_left_alone(stray_broker: subprocess.Popen[bytes], tmp_path: Path) -> None:
    with pytest.raises(preflight.StartRefused):
        broker.clear_orphan(socket=tmp_path / "s", directory=tmp_path / "other")
    assert stray_broker.poll() is None


def test_dead_socket_file_is_removed(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "s"))
    assert not broker.clear_orphan(socket=tmp_path / "s", directory=tmp_path)
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1:80"),
        ("0.0.0.0", "127.0.0.1:80"),
        ("::", "[::1]:80"),
        ("name.example", "name.example:80"),
    ],
)
def test_address_is_shown_as_it_is_reached(host: str, shown: str) -> None:
    assert probe.with_port(probe.reachable(host), 80) == shown
