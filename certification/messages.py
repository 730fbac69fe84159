"""The bell: after a commit, tell the worker that the ledger has grown.

Nothing depends on it being heard. The ledger itself is the queue, and the scheduler folds it every few
seconds; the bell only makes it prompt. So it is sent with short time-outs, never retried, and after a
failure it stays silent for a while, so that no request waits for a broker that is down.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from celery import current_app

FOLD_TASK = "certification.fold_totals"
SILENCE_SECONDS = 30.0

logger = logging.getLogger(__name__)


class Bell:
    """Rings the worker; silent for SILENCE_SECONDS after a failure."""

    def __init__(self) -> None:
        self._silent_until = 0.0
        self._hushed = False
        self._lock = threading.Lock()

    def ring(self, task: str = FOLD_TASK, *arguments: str) -> bool:
        """Send the task; whether it was sent."""
        if self._hushed or time.monotonic() < self._silent_until:
            return False
        try:
            current_app.send_task(task, args=arguments, retry=False, ignore_result=True)
        except Exception:  # whatever is wrong with the broker must not reach the request
            logger.warning("broker not reachable; the scheduler will catch up", exc_info=True)
            with self._lock:
                self._silent_until = time.monotonic() + SILENCE_SECONDS
            return False
        return True

    @contextmanager
    def hushed(self) -> Iterator[None]:
        """No ringing inside: for a command that writes much and folds it itself."""
        self._hushed = True
        try:
            yield
        finally:
            self._hushed = False


bell = Bell()


def ring() -> None:
    """Ask the worker to fold the ledger into the totals."""
    bell.ring()
