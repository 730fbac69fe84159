"""Whoever lives keeps what it holds; what a dead worker held comes back within seconds. On a real broker."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from kombu import Connection, Queue

from registry.lease import renew
from registry.supervisor import broker

OPTIONS = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "visibility_timeout": 1}
QUEUE = Queue("work", routing_key="work")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("b")
    socket: Path = home / "s"
    with subprocess.Popen(broker.command(socket=socket, directory=home), stdout=subprocess.DEVNULL) as server:
        while not broker.answers(socket):
            time.sleep(0.02)
        yield f"redis+socket://{socket}"
        server.terminate()


class Worker:
    """As much of a Celery consumer as holds a message."""

    def __init__(self, url: str) -> None:
        self.connection = Connection(url, transport_options=OPTIONS)
        self.channel = self.connection.channel()
        self.received: list[Any] = []
        self.task_consumer = self.connection.Consumer(
            [QUEUE], channel=self.channel, on_message=self.received.append, prefetch_count=1
        )
        self.task_consumer.consume()

    def take(self, seconds: float = 0.3) -> int:
        try:
            self.connection.drain_events(timeout=seconds)
        except TimeoutError:
            pass
        return len(self.received)

    def sweep(self) -> None:
        """What the worker's own timer does every `unacked_restore_interval` seconds."""
        self.channel.qos.restore_visible(interval=1)

    def die(self) -> None:
        """Gone, with nothing given back."""
        self.channel.qos._delivered.clear()
        self.connection.release()


@pytest.fixture
def two(url: str) -> Iterator[tuple[Worker, Worker]]:
    first = Worker(url)
    first.connection.Producer().publish({"job": 1}, routing_key="work", exchange="", declare=[QUEUE])
    assert first.take(30) == 1
    second = Worker(url)
    yield first, second
    first.channel.client.flushall()
    for worker in (first, second):
        worker.die()


def test_a_living_worker_keeps_its_task_however_long_it_takes(two: tuple[Worker, Worker]) -> None:
    first, second = two
    for _ in range(6):
        time.sleep(0.4)
        assert renew(first) == 1
        second.sweep()
        assert second.take(0.05) == 0


def test_what_a_dead_worker_held_is_delivered_to_another_as_redelivered(two: tuple[Worker, Worker]) -> None:
    first, second = two
    first.die()
    time.sleep(1.2)
    second.sweep()
    assert second.take(30) == 1
    assert second.received[0].delivery_info["redelivered"] is True


def test_a_lost_lease_is_not_taken_back(two: tuple[Worker, Worker]) -> None:
    first, second = two
    time.sleep(1.2)
    second.sweep()
    assert second.take(30) == 1
    renew(first)
    index = first.channel.client.zrange(first.channel.unacked_index_key, 0, -1)
    assert [tag.decode() for tag in index] == [second.received[0].delivery_tag]


def test_nothing_held_means_nothing_to_renew() -> None:
    channel = SimpleNamespace(qos=SimpleNamespace(_delivered={}))
    assert renew(SimpleNamespace(task_consumer=SimpleNamespace(channel=channel))) == 0
