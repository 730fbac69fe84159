"""Whether a request left anything behind: a digest of everything that the database keeps."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps

from enterprises.models import AuditEvent, EventKind

# What every request may write: who was here (sessions, last logins by token), and the trail, which is counted apart.
COMES_AND_GOES = {"AuditEvent", "Session", "AuthToken", "AccessAttempt", "AccessFailureLog", "AccessLog"}


def digest() -> str:
    """Of every row of every table, in the order of their keys."""
    kept = hashlib.sha256()
    for model in sorted(apps.get_models(), key=lambda each: each._meta.label):
        if model.__name__ not in COMES_AND_GOES and model._meta.managed:
            for row in model._base_manager.order_by("pk").values_list():
                kept.update(repr((model._meta.label, row)).encode("utf-8", "surrogatepass"))
    return kept.hexdigest()


def refusals() -> int:
    return AuditEvent.objects.filter(kind=EventKind.REFUSED).count()


@contextmanager
def nothing_changes(*, refused: int = 1) -> Iterator[None]:
    """Inside, nothing is kept but so many refusals on the trail."""
    before, noted = digest(), refusals()
    yield
    assert digest() == before
    assert refusals() - noted == refused, "so many refusals on the trail"
