"""Celery tasks of accounts and the audit trail: safe to run twice, at once or late."""

from celery import shared_task
from django.utils import timezone

from .services.trail import prune


@shared_task(name="enterprises.prune_trail")
def prune_trail() -> int:
    """Let go of the events of the audit trail whose time is over; how many went."""
    return prune(at=timezone.now())
