"""What every test has: its environment, a database that can be cleaned, an empty cache."""

import os
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.signals import setting_changed
from django.test.client import ClientHandler
from django.utils import translation
from pytest_django import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

from . import environment, prepared
from .database import append_only_tables_can_be_flushed, every_row


def pytest_configure(config: pytest.Config) -> None:
    environment.configure()
    if config.getoption("numprocesses", None):
        environment.leave_it_to_the_workers()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of several processes none is left alone at the end with a file that takes long: those come first."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        large = Counter(item.path for item in items)
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: (item.path not in slow, -large[item.path]))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The migrated database with plan and reference data, which a flush brings back."""
    shared = tmp_path_factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else None
    with (
        django_db_blocker.unblock(),
        prepared.database(shared),
        append_only_tables_can_be_flushed(every_row()),
        django_db_blocker.block(),
    ):
        yield


@pytest.fixture(scope="module")
def once(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Makes data for all tests of a module (tests/once.py)."""
    # Imported now: when pytest reads this file, the models are not loaded yet.
    with import_module("tests.once").Once(django_db_blocker, tmp_path_factory.mktemp("once")) as once:
        yield once


@pytest.fixture(scope="session", autouse=True)
def static_files_are_looked_for_once() -> Iterator[None]:
    """Every test client starts the middleware anew, and the files that it finds are the same every time.

    Looking for them took more than half of the time of the whole suite.
    """
    look, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def once(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            look(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def middleware_is_put_together_once() -> Iterator[None]:
    """For every test client it would be done anew, and comes out the same until a setting changes."""
    load, found = ClientHandler.load_middleware, dict[type, dict[str, Any]]()

    def once(handler: ClientHandler) -> None:
        if type(handler) not in found:
            load(handler)
            found[type(handler)] = {name: value for name, value in vars(handler).items() if "_middleware" in name}
        vars(handler).update(found[type(handler)])

    def anew(**_: Any) -> None:
        found.clear()

    setting_changed.connect(anew)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", once)
        yield
    setting_changed.disconnect(anew)


@pytest.fixture(autouse=True)
def checkpoints_apart(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The signed roots of one test's ledger are none of the next one's."""
    before = settings.LEDGER_CHECKPOINTS
    settings.LEDGER_CHECKPOINTS = tmp_path_factory.getbasetemp() / f"checkpoints-{abs(hash(request.node.nodeid))}"
    yield
    settings.LEDGER_CHECKPOINTS = before


@pytest.fixture(autouse=True)
def chinese_again() -> Iterator[None]:
    """A request leaves its language behind in the thread, as Django's do: the next test begins in Chinese."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Throttles and other counters of one test do not reach the next one."""
    yield
    if "redis" in settings.CACHES["default"]["BACKEND"]:
        client = cache._cache.get_client(write=True)
        for key in client.scan_iter(f"{settings.CACHES['default']['KEY_PREFIX']}:*"):
            client.delete(key)
    else:
        cache.clear()
