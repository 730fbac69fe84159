"""Journeys: a real browser against a running server, as different people."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

Arrive = Callable[..., Any]
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium; nothing is downloaded."""
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": ARGS}


@pytest.fixture
def person(browser: Any, live_server: Any) -> Iterator[Arrive]:
    """A browser of one's own in which an account has signed in: `person(account, width=360)` is its page;
    None is a stranger."""
    # Imported now: when pytest reads this file, the models are not loaded yet.
    visits = import_module("tests.journeys.visits")
    opened: list[Any] = []

    def arrive(account: Any, *, width: int = 1280) -> Any:
        visit = visits.Visit(browser, live_server.url, account, width=width)
        opened.append(visit)
        return visit

    yield arrive
    for visit in opened:
        visit.leave()
