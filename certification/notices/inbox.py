"""A person's own messages: how many are unread, and that they were read."""

from datetime import datetime

from enterprises.models import Account

from ..models import Message

COUNTED = 100  # beyond this the header says 99+


def unread_count(account: Account) -> int:
    """How many are unread, up to COUNTED; one question of the index."""
    return Message.objects.visible_to(account).unread().order_by()[:COUNTED].count()


def mark_read(message: Message, *, at: datetime) -> None:
    """Note when it was first read."""
    Message.objects.unread().filter(pk=message.pk).update(read_at=at)


def mark_all_read(account: Account, *, at: datetime) -> int:
    """Note that everything was read; how many that were."""
    return Message.objects.visible_to(account).unread().update(read_at=at)
