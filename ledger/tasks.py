"""Celery tasks of the ledger: safe to run twice, at once or late."""

import logging

from celery import shared_task
from django.utils import timezone

from .checkpoints import Contradicted, make_if_due

logger = logging.getLogger(__name__)


@shared_task(name="ledger.checkpoint")
def checkpoint() -> int:
    """Sign what the ledger is, once a day; the size that was signed, 0: nothing was due."""
    try:
        made = make_if_due(at=timezone.now())
    except Contradicted as found:
        logger.error("the ledger does not fit its checkpoints: #%d %s", found.fault.number, found.fault.reason)
        return 0
    return made.size if made else 0
