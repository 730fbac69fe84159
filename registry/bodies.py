"""Bodies of requests as the server hands them on: whole, of a stated length, and not waited for without end."""

from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
PATIENCE_SECONDS = 20  # for the next bytes of a body; a connection that says nothing more would hold a thread


class BrokenOff(OSError):
    """The body ended before the length that its request states."""


class Whole:
    """A body of `length` bytes: reading fails where it breaks off, and is not waited for longer than the patience."""

    def __init__(self, source: Any, length: int) -> None:
        self.source, self.left = source, length

    def read(self, size: int | None = None) -> bytes:
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        return self._taken(self.source.read(wanted) if wanted else b"", wanted)

    def readline(self, size: int | None = None) -> bytes:
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        return self._taken(self.source.readline(wanted) if wanted else b"", min(wanted, 1))

    def _taken(self, found: bytes, least: int) -> bytes:
        self.left -= len(found)
        if len(found) < least:
            raise BrokenOff
        return found


def whole_bodies(app: App) -> App:
    """The application, with bodies that are whole or an error; Django makes an UnreadablePostError of it."""

    def guarded(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isascii() and length.isdecimal() and int(length):
            environ["wsgi.input"] = Whole(environ["wsgi.input"], int(length))
            _be_patient(environ.get("gunicorn.socket"))
        return app(environ, start_response)

    return guarded


def _be_patient(connection: Any) -> None:
    if connection is not None:
        connection.settimeout(PATIENCE_SECONDS)
