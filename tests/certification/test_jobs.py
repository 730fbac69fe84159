"""Jobs: one worker at a time; what a dead worker left is taken up."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from certification.models import Job
from certification.models.background import JobState
from certification.services.jobs import claim, queue_job, waiting_jobs
from certification.tasks import resume_jobs, run_job

pytestmark = pytest.mark.django_db


def running(seconds_silent: float) -> Job:
    job = queue_job("recount", owner=None, at=timezone.now())
    silent_since = timezone.now() - timedelta(seconds=seconds_silent)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, touched_at=silent_since)
    return job


def test_a_queued_job_is_claimed_once() -> None:
    job = queue_job("recount", owner=None, at=timezone.now())
    assert claim(str(job.pk), at=timezone.now()) is not None
    assert claim(str(job.pk), at=timezone.now()) is None


@pytest.mark.parametrize(
    ("seconds_silent", "redelivered", "claimed"),
    [(1, True, False), (4, True, True), (4, False, False), (59, False, False), (61, False, True)],
)
def test_a_running_job_is_taken_over_only_from_the_dead(seconds_silent: int, redelivered: bool, claimed: bool) -> None:
    job = running(seconds_silent)
    assert (claim(str(job.pk), at=timezone.now(), redelivered=redelivered) is not None) is claimed


def test_the_broker_says_that_a_message_is_redelivered() -> None:
    job = running(4)
    run_job.apply(args=(str(job.pk),))
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    run_job.push_request(delivery_info={"redelivered": True})
    try:
        run_job.run(str(job.pk))
    finally:
        run_job.pop_request()
    job.refresh_from_db()
    assert job.state == JobState.DONE


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED])
def test_a_finished_job_is_never_done_again(state: str) -> None:
    job = running(1000)
    Job.objects.filter(pk=job.pk).update(state=state)
    assert claim(str(job.pk), at=timezone.now(), redelivered=True) is None
    assert waiting_jobs(at=timezone.now()) == []


def test_the_scheduler_takes_up_what_no_message_names() -> None:
    jobs: list[Any] = [queue_job("recount", owner=None, at=timezone.now()), running(61)]
    assert resume_jobs() == 2
    assert {Job.objects.get(pk=job.pk).state for job in jobs} == {JobState.DONE}
