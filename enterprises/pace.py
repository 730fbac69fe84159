"""How often something may be tried: counted in the cache, one try at a time, so that none slips past."""

import hashlib
import time
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` tries per key in each window of `seconds`."""

    name: str
    most: int
    seconds: int

    def tried(self, key: str) -> int:
        """Count a try; the seconds to wait, if it is one too many, else 0."""
        window, passed = divmod(int(time.time()), self.seconds)
        slot = self._slot(key, window)
        cache.add(slot, 0, timeout=self.seconds)
        return self.seconds - passed if _incremented(slot) > self.most else 0

    def forgiven(self, key: str) -> None:
        """Take a try back that was in order."""
        try:
            cache.decr(self._slot(key, int(time.time()) // self.seconds))
        except ValueError:  # the window is over
            return

    def _slot(self, key: str, window: int) -> str:
        return f"pace:{self.name}:{window}:{hashlib.sha256(key.encode()).hexdigest()}"


def _incremented(slot: str) -> int:
    """The counter after adding one, atomically; 1 if the cache dropped it meanwhile."""
    try:
        return int(cache.incr(slot))
    except ValueError:
        return 1
