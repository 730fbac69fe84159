"""Limits of how often something may be tried, counted in the cache."""

import hashlib
import time
from dataclasses import dataclass

from django.core.cache import cache
from rest_framework.exceptions import Throttled


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `most` tries per key in each window of `seconds`."""

    name: str
    most: int
    seconds: int

    def count(self, key: str) -> None:
        """Count a try; raises Throttled, with the seconds to wait, beyond the limit."""
        now = time.time()
        window, passed = divmod(int(now), self.seconds)
        slot = f"pace:{self.name}:{window}:{hashlib.sha256(key.encode()).hexdigest()}"
        cache.add(slot, 0, timeout=self.seconds)
        if _incremented(slot) > self.most:
            raise Throttled(wait=self.seconds - passed)


def _incremented(slot: str) -> int:
    """The counter after adding one, atomically; 1 if the cache dropped it meanwhile."""
    try:
        return int(cache.incr(slot))
    except ValueError:
        return 1
