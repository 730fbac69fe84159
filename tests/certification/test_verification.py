"""Verifying the ledger: by the worker with its progress, by the command, and what of it the tasks sign."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from certification.errors import NotAllowed
from certification.models import Job
from certification.models.background import JobState
from certification.services import verification
from certification.services.verification import ask_for_verification, current_verification, verified
from certification.tasks import run_job
from enterprises.roles import Role
from ledger.models import LedgerCheckpoint, LedgerEntry
from ledger.tasks import checkpoint as ledger_checkpoint
from tests import factories as make
from tests.ledger.test_checkpoints import rewrite_everything_from

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded() -> int:
    make.enterprise()
    return LedgerEntry.objects.count()


def said_by_the_command() -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_ledger", stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_the_task_signs_once_a_day_and_not_what_was_rewritten(recorded: int) -> None:
    assert ledger_checkpoint() == recorded
    assert ledger_checkpoint() == 0
    LedgerCheckpoint.objects.get(size=recorded)


def test_a_rewritten_ledger_is_named_by_command_and_job(recorded: int) -> None:
    ledger_checkpoint()
    assert said_by_the_command()[0] == 0
    rewrite_everything_from(recorded)
    code, said = said_by_the_command()
    assert code == 1
    assert "签署之后被改写" in said
    job = ask_for_verification(actor=make.account(Role.AUDITOR), at=make.NOW)
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert any("签署之后被改写" in fault["reason"] for fault in job.result["faults"])


def test_the_job_keeps_who_asked_how_far_it_came_and_what_it_found(
    recorded: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.verify.TELL_EVERY", 10)
    told: list[tuple[int, int]] = []
    assert verified(lambda done, total: told.append((done, total))).faults == ()
    assert told[-1] == (recorded, recorded)
    assert len(told) > 2
    auditor = make.account(Role.AUDITOR)
    job = ask_for_verification(actor=auditor, at=make.NOW)
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.owner, job.done, job.total) == (auditor, recorded + 1, recorded + 1)
    assert job.result == {"checked": recorded + 1, "faults": []}


def test_only_an_auditor_asks_and_one_verification_is_enough() -> None:
    with pytest.raises(NotAllowed):
        ask_for_verification(actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    first, second = (ask_for_verification(actor=make.account(Role.AUDITOR), at=make.NOW) for _ in range(2))
    assert first == second


def test_a_fresh_result_is_given_and_an_old_one_begins_another() -> None:
    auditor = make.account(Role.AUDITOR)
    last, under_way = current_verification(actor=auditor, at=make.NOW)
    assert last is None
    assert under_way is not None
    Job.objects.filter(pk=under_way.pk).update(state=JobState.DONE, finished_at=make.NOW)
    assert current_verification(actor=auditor, at=make.NOW + timedelta(minutes=59)) == (under_way, None)
    later = make.NOW + verification.FRESH
    assert current_verification(actor=auditor, at=later)[1] not in (None, under_way)
