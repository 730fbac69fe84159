"""The request that is being answered, for records that say from where a change came; none in commands and tasks."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest

_current: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


def current_request() -> HttpRequest | None:
    return _current.get()


@contextmanager
def answering(request: HttpRequest) -> Iterator[None]:
    """Inside, this is the request that is being answered."""
    token = _current.set(request)
    try:
        yield
    finally:
        _current.reset(token)
