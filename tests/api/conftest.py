"""What API tests have: a fixed day, and clients that act for an account."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
import time_machine

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
As = Callable[[Any], Any]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The tests' day; `clock.move_to` goes on to another."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def as_(db: None) -> As:
    """A client that carries an account's token; None: a stranger's."""
    # Imported now: when pytest reads this file, the models are not loaded yet.
    client_of: As = import_module("tests.api.asking").client_of
    return client_of


@pytest.fixture
def stranger(as_: As) -> Any:
    return as_(None)
