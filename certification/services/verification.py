"""Verifying the ledger (核验): the chain, then what was signed of it, then the facts held against it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account
from enterprises.rights import may_read_ledger
from ledger.checkpoints import Contradicted, checkpoint_faults
from ledger.models import LedgerCheckpoint, LedgerEntry, LedgerHead
from ledger.proofs import Consistency, Proof, consistency_of, proof_of, proof_on_file
from ledger.tree import Gap
from ledger.verify import Fault, verify

from ..audit import fact_faults
from ..errors import NotAllowed, NotPossible, Refusal
from ..models import Job
from ..models.background import JobState
from .jobs import queue_job, touch

logger = logging.getLogger(__name__)

KIND = "verify_ledger"
FAULTS_NAMED = 20
FRESH = timedelta(hours=1)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """How many entries were checked, and what does not fit: the chain's first fault, or up to 20 of what follows."""

    checked: int
    faults: tuple[Fault, ...]


def verified(progress: Progress = lambda done, total: None) -> Verified:
    """Walk the whole ledger; some seconds for each 100 000 entries."""
    total = length()
    found = verify(lambda done: progress(done, total))
    if found.fault:
        return Verified(found.checked, (found.fault,))
    progress(found.checked, total)
    faults = chain(checkpoint_faults(), fact_faults(limit=FAULTS_NAMED))
    return Verified(found.checked, tuple(islice(faults, FAULTS_NAMED)))


def length() -> int:
    """How many entries the ledger says it has."""
    return LedgerHead.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def is_short() -> bool:
    """Whether the ledger may be walked while a request waits."""
    return length() <= int(settings.LEDGER_VERIFIED_AT_ONCE)


def ask_for_verification(*, actor: Account, at: datetime) -> Job:
    """A verification by the worker: one that is under way already, or a new one. Raises NotAllowed."""
    if not may_read_ledger(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有审计员可以核验台账"))])
    under_way = Job.objects.filter(kind=KIND, state__in=(JobState.QUEUED, JobState.RUNNING)).first()
    return under_way or queue_job(KIND, owner=actor, at=at)


def last_verification() -> Job | None:
    """The last one that came to its end."""
    return Job.objects.filter(kind=KIND, state=JobState.DONE).order_by("-finished_at").first()


def current_verification(*, actor: Account, at: datetime) -> tuple[Job | None, Job | None]:
    """(last finished, under way) of a long ledger; a new one is begun where the last is older than an hour."""
    last = last_verification()
    is_fresh = last is not None and last.finished_at is not None and at - last.finished_at < FRESH
    return last, None if is_fresh else ask_for_verification(actor=actor, at=at)


@dataclass(frozen=True, slots=True)
class Answer:
    """What can be said now: the result and its time (None: there is none yet), and the job under way, if any."""

    found: Verified | None
    at: datetime | None
    job: Job | None = None


def answer(*, actor: Account, at: datetime) -> Answer:
    """A short ledger is walked at once; of a long one, the last result, and a job where that is old."""
    if is_short():
        return Answer(verified(), at)
    last, under_way = current_verification(actor=actor, at=at)
    return Answer(result_of(last), last.finished_at if last else None, under_way)


def result_of(job: Job | None) -> Verified | None:
    """What a finished verification found."""
    if job is None or not job.result:
        return None
    faults = (Fault(said["number"], said["reason"]) for said in job.result["faults"])
    return Verified(job.result["checked"], tuple(faults))


def proof(entry: LedgerEntry, *, at: datetime) -> Proof:
    """What shows that an entry is in the ledger. Raises NotPossible where the ledger differs from what was signed."""
    with _told():
        return proof_of(entry, at=at)


def proof_on_file_of(number: int) -> Proof | None:
    """The same for anybody: against what was signed already; None if that does not cover the entry yet."""
    with _told():
        return proof_on_file(number)


def consistency(old: LedgerCheckpoint, new: LedgerCheckpoint) -> Consistency:
    """What shows that one checkpoint begins with another. Raises NotPossible (the wrong way round; an entry gone)."""
    if old.size > new.size:
        raise NotPossible([Refusal("checkpoints_turned", _("较早的检查点应在前"))])
    with _told():
        return consistency_of(old, new)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (Contradicted, Gap) as error:
        remedy = _("请核验台账，并按结果查明")
        raise NotPossible(
            [Refusal("ledger_differs", _("台账与已签署的检查点不符，不能出具证明"), remedy=remedy)]
        ) from error


def run_verification(job: Job) -> tuple[str, Any]:
    """Do a job of this kind: what to say of it, and what it found."""
    found = verified(lambda done, total: touch(job, done, total, at=timezone.now()))
    if found.faults:
        logger.error("the ledger does not fit: %s", "; ".join(f"#{each.number} {each.reason}" for each in found.faults))
    said = {"count": len(found.faults), "checked": found.checked}
    words = _("发现 %(count)s 处不符") if found.faults else _("台账完整：%(checked)s 条")
    faults = [{"number": fault.number, "reason": fault.reason} for fault in found.faults]
    return words % said, {"checked": found.checked, "faults": faults}
