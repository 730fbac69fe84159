"""Celery tasks: thin, ids only, each safe to run twice, at once or late."""

import logging
from typing import Any

from celery import Task, shared_task
from django.db import OperationalError
from django.utils import timezone

from .bench import work
from .exports.jobs import KIND as EXPORT
from .exports.jobs import discard_old, run_export
from .messages import bell
from .models import Heartbeat, Job
from .models.background import JobState
from .notices import outbox
from .notices.certificates import remind_of_certificates
from .notices.corrections import remind_of_corrections
from .notices.delivery import deliver
from .notices.reminders import remind
from .notices.titles import remind_of_titles
from .papers import fonts
from .services.certificate_expiry import expire_certificates
from .services.corrections import lapse_corrections
from .services.jobs import Handler, claim, finish, touch, waiting_jobs
from .services.rendering import RENDER_TASK, render_due
from .services.title_expiry import expire_titles
from .services.verification import KIND as VERIFICATION
from .services.verification import run_verification
from .totals import checkpoint
from .totals.exact import Progress, Recount
from .totals.recount import is_outdated, recount

logger = logging.getLogger(__name__)


@shared_task(name="certification.fold_totals")
def fold_totals() -> int:
    """Fold the ledger's new entries into the totals, and have people told of them."""
    folded = checkpoint.fold(at=timezone.now())
    if folded:
        bell.ring(outbox.TELL_TASK)
        bell.ring(RENDER_TASK)
    return folded


@shared_task(name=outbox.TELL_TASK)
def tell_people() -> int:
    """Tell people of the ledger's new entries, in steps."""
    told = 0
    while moved := outbox.tell(at=timezone.now()):
        told += moved
    return told


@shared_task(name=outbox.DELIVER_TASK)
def deliver_messages() -> int:
    """Send the mails that are due."""
    return deliver(clock=timezone.now)


@shared_task(name=RENDER_TASK)
def render_documents() -> int:
    """Make the files of the papers that wait, in batches."""
    made = 0
    while batch := render_due(clock=timezone.now):
        made += batch
    return made


@shared_task(name="certification.make_fonts")
def make_fonts() -> None:
    """Cut the fonts of the papers once after an installation, before a paper needs them."""
    fonts.make_ready()


@shared_task(name="certification.remind_of_limits")
def remind_of_limits() -> int:
    """Remind reviewers of time limits, once a working day."""
    return remind(at=timezone.now())


@shared_task(name="certification.mind_certificates")
def mind_certificates() -> int:
    """End what has expired, and remind of what is due or overdue; safe to run twice."""
    now = timezone.now()
    return expire_certificates(at=now) + remind_of_certificates(at=now)


@shared_task(name="certification.mind_titles")
def mind_titles() -> int:
    """End the titles whose period is over, and remind of re-examinations; safe to run twice."""
    now = timezone.now()
    return expire_titles(at=now) + remind_of_titles(at=now)


@shared_task(name="certification.mind_corrections")
def mind_corrections() -> int:
    """End the returned applications that nobody answered in time, and remind of those whose last day is near."""
    now = timezone.now()
    return lapse_corrections(at=now) + remind_of_corrections(at=now)


@shared_task(name="certification.nightly_recount")
def nightly_recount() -> bool:
    """Recount everything, span by span; a difference is reported as an incident and repaired."""
    return recounted(thorough=True).is_clean


def recounted(progress: Progress = lambda done, total: None, *, thorough: bool = False) -> Recount:
    """Recount and repair; what differs is said loudly, unless the definition of the figures had changed."""
    now = timezone.now()
    redefined = is_outdated(at=now)
    found = recount(at=now, repair=True, thorough=thorough, progress=progress)
    if not (found.is_clean or redefined):
        logger.error(
            "totals differed from the achievements and were repaired: %d cells, %d wrong spans, %d missing; %s; %s",
            len(found.differences),
            found.wrong_spans,
            found.missing_spans,
            "; ".join([*map(str, found.differences[:5]), *map(str, found.spans[:5])]),
            "; ".join(found.broken[:5]),
        )
    return found


@shared_task(name="certification.heartbeat")
def heartbeat() -> None:
    """A sign of life of scheduler, broker and worker together, written to the database.

    A database that gave up waiting (SQLite during a large import) misses a beat; too many, and health says so.
    """
    try:
        Heartbeat.objects.update_or_create(name="worker", defaults={"beat_at": timezone.now()})
    except OperationalError as error:
        logger.warning("no heartbeat: %s", error)


@shared_task(name="certification.discard_exports")
def discard_exports() -> int:
    """Remove the files of exports whose time is over."""
    return discard_old(at=timezone.now())


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
        "spans": [str(span) for span in found.spans],
        "broken": list(found.broken),
    }
    return ("汇总数与认定事实一致" if found.is_clean else f"发现并修复 {len(found.differences)} 处差异"), result


HANDLERS: dict[str, Handler] = {
    "recount": _recount,
    EXPORT: run_export,
    VERIFICATION: run_verification,
    **work.HANDLERS,
}
