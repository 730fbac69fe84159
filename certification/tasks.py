"""Celery tasks: thin, ids only, each safe to run twice, at once or late."""

import logging
from typing import Any

from celery import Task, shared_task
from django.utils import timezone

from .models import Heartbeat, Job
from .models.background import JobState
from .services.jobs import Handler, claim, finish, touch, waiting_jobs
from .totals import checkpoint
from .totals.recount import Progress, Recount, is_outdated, recount

logger = logging.getLogger(__name__)


@shared_task(name="certification.fold_totals")
def fold_totals() -> int:
    """Fold the ledger's new entries into the totals."""
    return checkpoint.fold(at=timezone.now())


@shared_task(name="certification.nightly_recount")
def nightly_recount() -> bool:
    """Recount everything; a difference is reported as an incident and repaired."""
    return recounted().is_clean


def recounted(progress: Progress = lambda done, total: None) -> Recount:
    """Recount and repair; what differs is said loudly, unless the definition of the figures had changed."""
    now = timezone.now()
    redefined = is_outdated(at=now)
    found = recount(at=now, repair=True, progress=progress)
    if not (found.is_clean or redefined):
        logger.error(
            "totals differed from the achievements and were repaired: %d cells, %d wrong spans, %d missing; %s",
            len(found.differences),
            found.wrong_spans,
            found.missing_spans,
            "; ".join(map(str, found.differences[:5])),
        )
    return found


@shared_task(name="certification.heartbeat")
def heartbeat() -> None:
    """A sign of life of scheduler, broker and worker together, written to the database."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"beat_at": timezone.now()})


@shared_task(name="certification.resume_jobs")
def resume_jobs() -> int:
    """Run the jobs that wait although their message was lost."""
    jobs = waiting_jobs(at=timezone.now())
    for job in jobs:
        run_job(str(job.pk))
    return len(jobs)


@shared_task(name="certification.run_job", bind=True)
def run_job(self: Task[Any, Any], job_id: str) -> None:
    """Do one job and keep its outcome, good or bad."""
    redelivered = bool((self.request.delivery_info or {}).get("redelivered"))
    job = claim(job_id, at=timezone.now(), redelivered=redelivered)
    if job is None:
        return
    try:
        message, result = HANDLERS[job.kind](job)
    except Exception as error:
        logger.exception("job %s failed", job_id)
        finish(job, state=JobState.FAILED, message=f"失败：{error}", result=None, at=timezone.now())
        return
    finish(job, state=JobState.DONE, message=message, result=result, at=timezone.now())


def _recount(job: Job) -> tuple[str, Any]:
    found = recounted(lambda done, total: touch(job, done, total, at=timezone.now()))
    result = {
        "cells": found.cells,
        "differences": [str(difference) for difference in found.differences[:50]],
        "wrong_spans": found.wrong_spans,
        "missing_spans": found.missing_spans,
    }
    return ("汇总数与认定事实一致" if found.is_clean else f"发现并修复 {len(found.differences)} 处差异"), result


HANDLERS: dict[str, Handler] = {"recount": _recount}
