"""From where something is done: through which door of the product, and from which network address.

Whoever lets work in says so (the middleware for requests, the worker for tasks); what is changed meanwhile keeps it
with its before and after. Nobody said anything: it was done at the console.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The doors of the product."""

    PAGE = "page", _("网页")
    API = "api", _("接口")
    ADMIN = "admin", _("配置后台")
    IMPORT = "import", _("批量导入")
    CONSOLE = "console", _("控制台")
    TASK = "task", _("后台任务")


@dataclass(frozen=True, slots=True)
class Origin:
    """A door and an address; no address where nothing came over the network."""

    channel: Channel = Channel.CONSOLE
    address: str = ""


NOWHERE = Origin()
_here: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def origin() -> Origin:
    """From where the present work comes."""
    return _here.get()


@contextmanager
def coming_from(channel: Channel, address: str | None = None) -> Iterator[None]:
    """What is done inside comes through this door; without an address, from where the work outside comes."""
    before = _here.get()
    token = _here.set(Origin(channel, before.address if address is None else address))
    try:
        yield
    finally:
        _here.reset(token)
