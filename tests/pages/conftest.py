"""Pages as a browser sees them, on a day that does not move."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
import time_machine

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


# The models are not loaded yet when pytest reads this file, so the rooms that need them come in later.
@pytest.fixture
def world(db: None) -> Any:
    return import_module("tests.pages.world").make()


@pytest.fixture
def signed_in(db: None) -> Callable[[Any], Any]:
    sign_in: Callable[[Any], Any] = import_module("tests.pages.world").sign_in
    return sign_in
