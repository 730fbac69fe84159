"""A request that rings the worker does not wait for a broker that is down."""

import socket
import time
from collections.abc import Iterator

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError


def publisher(url: str) -> Celery:
    app = Celery("test", broker=url, set_as_current=False)
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    return app


def seconds_to_fail(url: str) -> float:
    started = time.monotonic()
    with pytest.raises(OperationalError):
        publisher(url).send_task("anything", retry=False, ignore_result=True)
    return time.monotonic() - started


@pytest.fixture
def hung_server() -> Iterator[int]:
    """Accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_absent_broker_fails_at_once() -> None:
    assert seconds_to_fail("redis+socket:///nowhere/broker.sock") < 0.5


def test_refusing_broker_fails_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert seconds_to_fail(f"redis://127.0.0.1:{port}/0") < 0.5


def test_hung_broker_fails_within_the_socket_timeout(hung_server: int) -> None:
    limit = settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_timeout"] + 1.0
    assert seconds_to_fail(f"redis://127.0.0.1:{hung_server}/0") < limit
