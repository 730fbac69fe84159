"""A living worker keeps the tasks that it holds; a dead one loses them within seconds.

Redis knows no dead consumer: kombu delivers a task again once its entry in the index of unacknowledged
messages is older than `visibility_timeout`. Alone, that makes a short time-out deliver long tasks twice
and a long one leave a killed worker's task lying. So the time-out is short and a worker renews its entries
every second, as one renews a lease.
"""

import time
from typing import Any

from celery import bootsteps

RENEW_SECONDS = 1.0


class LeaseStep(bootsteps.StartStopStep):
    """Renews, on the consumer's own timer, the entries of the messages delivered to this worker."""

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.timer_entry: Any = None

    def start(self, parent: Any) -> None:
        if hasattr(parent.task_consumer.channel, "unacked_index_key"):  # the Redis transport
            self.timer_entry = parent.timer.call_repeatedly(RENEW_SECONDS, renew, args=(parent,))

    def stop(self, parent: Any) -> None:
        if self.timer_entry is not None:
            self.timer_entry.cancel()
            self.timer_entry = None


def renew(consumer: Any) -> int:
    """Renew what the consumer holds; returns how many entries that was."""
    channel = consumer.task_consumer.channel
    held = list(channel.qos._delivered)
    if not held:
        return 0
    try:
        with channel.conn_or_acquire() as client:
            client.zadd(channel.unacked_index_key, dict.fromkeys(held, time.time()), xx=True)
    except channel.connection_errors:
        return 0  # the consumer reconnects by itself; a lease lost meanwhile means one more delivery
    return len(held)
