"""The test database: migrated and seeded once in a run, copied for every other process of it.

Whoever comes first prepares; the others wait for it at the lock and take a copy, which costs next to nothing.
KEPT_DATABASE names a directory where the copy stays for further runs on the same tree (SQLite only).
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection


@contextmanager
def database(shared: Path | None) -> Iterator[None]:
    """This process's own, with reference data; `shared` is the directory of a run of several processes."""
    before = settings.DATABASES["default"]["NAME"]
    staying = os.environ.get("KEPT_DATABASE", "") if connection.vendor == "sqlite" else ""
    if staying:
        kept = Kept(Path(staying), stays=True)
    elif shared is not None:
        kept = Kept(shared)
    else:
        kept = None
        _make()
    if kept is not None:
        with kept.locked():
            kept.take() if kept.note.exists() else kept.give()
    yield
    connection.creation.destroy_test_db(str(before), verbosity=0)
    if kept is not None:
        kept.forget()


def _make() -> None:
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    call_command("seed", verbosity=0)


class Kept:
    """The copy that is there to be copied: a file, or a database on the same server. The note says its name."""

    def __init__(self, shared: Path, *, stays: bool = False) -> None:
        self.note, self.lock = shared / "prepared.txt", shared / "prepared.lock"
        self.stays = stays
        self.made_here = False

    @contextmanager
    def locked(self) -> Iterator[None]:
        with self.lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def give(self) -> None:
        """Prepares this process's database, and leaves a copy of it for the others."""
        _make()
        own = str(settings.DATABASES["default"]["NAME"])
        copy = str(self.note.with_name("prepared.sqlite3")) if self.stays else f"{own}_kept"
        _copy(own, copy)
        self.note.write_text(copy)
        self.made_here = True

    def take(self) -> None:
        own = connection.creation._get_test_db_name()
        _copy(self.note.read_text(), own)
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = own

    def forget(self) -> None:
        """Whoever comes later prepares anew."""
        if not self.made_here or self.stays:
            return
        with self.locked():
            copy = self.note.read_text()
            self.note.unlink()
            if connection.vendor == "sqlite":
                os.unlink(copy)
            else:
                _on_the_server(f'DROP DATABASE "{copy}"')


def _copy(source: str, target: str) -> None:
    connection.close()
    if connection.vendor == "postgresql":
        _on_the_server(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        return
    with closing(sqlite3.connect(source)) as file:  # what stands in the write-ahead log goes along
        file.execute("VACUUM INTO ?", [target])


def _on_the_server(statement: str) -> None:
    server: Any = connection
    with server._nodb_cursor() as cursor:
        cursor.execute(statement)
