"""Data that a whole module asks for, made once: each of its tests begins with it and leaves nothing behind.

The data stands in a transaction around those of the tests, as Django's `setUpTestData` has it. It is seen by every
later test of the module, so it is for modules of which nearly all tests ask for it; none may be `transaction=True`.
"""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from copy import deepcopy
from pathlib import Path
from typing import Self, TypeVar

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from .factories import NOW

T = TypeVar("T")


class Once:
    """`made` of a fixture of the module; `copy` in a fixture of each test."""

    def __init__(self, blocker: DjangoDbBlocker, directory: Path) -> None:
        self.blocker, self.checkpoints = blocker, directory / "checkpoints"
        self.undoing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.undoing.close()

    def made(self, make: Callable[[], T]) -> T:
        """What `make` makes, on the tests' day; its ledger's signed roots lie apart."""
        block = transaction.atomic()
        block._from_testcase = True  # type: ignore[attr-defined]  # or durable blocks of the tests would be refused
        with self.blocker.unblock():
            block.__enter__()
            self.undoing.callback(self._undo, block)
            with pytest.MonkeyPatch.context() as patch, time_machine.travel(NOW, tick=False):
                patch.setattr(settings, "LEDGER_CHECKPOINTS", self.checkpoints)
                return make()

    def copy(self, data: T) -> T:
        """One that a test may change; the signed roots are where this test looks for them."""
        if self.checkpoints.exists():
            shutil.copytree(self.checkpoints, settings.LEDGER_CHECKPOINTS, dirs_exist_ok=True)
        return deepcopy(data)

    def _undo(self, block: transaction.Atomic) -> None:
        with self.blocker.unblock():
            transaction.set_rollback(True)
            block.__exit__(None, None, None)
