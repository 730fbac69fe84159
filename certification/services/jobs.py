"""Jobs that people wait for: the row in the database is the truth, the broker's message only a nudge."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from enterprises.models import Account

from ..messages import bell
from ..models import Job
from ..models.background import JobState
from ..notices.outbox import tell_owner

RUN_TASK = "certification.run_job"
STALLED_AFTER = timedelta(seconds=60)
# The broker delivers a message again only when its worker no longer renews its lease (registry/lease.py).
LEASE_LOST_AFTER = timedelta(seconds=3)


def queue_job(kind: str, *, owner: Account | None, at: datetime, arguments: dict[str, Any] | None = None) -> Job:
    """Write the job and nudge the worker after the commit; the scheduler finds it in any case."""
    job = Job.objects.create(kind=kind, owner=owner, created_at=at, arguments=arguments or {})
    transaction.on_commit(lambda: bell.ring(RUN_TASK, str(job.pk)))
    return job


def waiting_jobs(*, at: datetime) -> list[Job]:
    """Jobs that no worker is busy with: queued, or running without a sign of life."""
    stalled = Q(state=JobState.RUNNING, touched_at__lt=at - STALLED_AFTER)
    return list(Job.objects.filter(Q(state=JobState.QUEUED) | stalled).order_by("created_at"))


def claim(job_id: str, *, at: datetime, redelivered: bool = False) -> Job | None:
    """Take a waiting job for this worker; None if another has it or it is done.

    A redelivered message means that the worker which had the job is dead: no need to wait out its silence.
    """
    stalled = Q(state=JobState.RUNNING, touched_at__lt=at - (LEASE_LOST_AFTER if redelivered else STALLED_AFTER))
    taken = Job.objects.filter(Q(state=JobState.QUEUED) | stalled, pk=job_id).update(
        state=JobState.RUNNING, started_at=at, touched_at=at, done=0
    )
    return Job.objects.get(pk=job_id) if taken else None


def touch(job: Job, done: int, total: int, *, at: datetime) -> None:
    """Progress, which is the sign of life too."""
    Job.objects.filter(pk=job.pk).update(done=done, total=total, touched_at=at)


@transaction.atomic
def finish(job: Job, *, state: str, message: str, result: Any, at: datetime) -> None:
    """Keep the outcome and tell whoever asked for the job."""
    Job.objects.filter(pk=job.pk).update(
        state=state, message=message[:300], result=result, finished_at=at, touched_at=at
    )
    job.state = state
    tell_owner(job, at=at)


Handler = Callable[[Job], tuple[str, Any]]
