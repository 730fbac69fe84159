"""Limits of how often something may be tried, as the API says it."""

from rest_framework.exceptions import Throttled

from enterprises.pace import Window


class Pace(Window):
    """At most `most` tries per key in each window of `seconds`."""

    def count(self, key: str) -> None:
        """Count a try; raises Throttled, with the seconds to wait, beyond the limit."""
        if wait := self.tried(key):
            raise Throttled(wait=wait)
