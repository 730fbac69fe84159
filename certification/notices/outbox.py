"""Telling people: the ledger is followed from where it was left, and what concerns a person is written for them.

The entry that a move writes in its own transaction is the outbox's row: nothing is lost whatever is down, and a
decision writes nothing more for it. The bell makes it prompt, the scheduler (every few seconds) makes it certain.
Following twice, at once or late tells nobody twice: a person has one message of one source.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from ledger.models import LedgerEntry, LedgerHead
from ledger.verbs import Verb

from ..messages import bell
from ..models import Delivery, Job, Message, MessageCheckpoint
from ..models.background import JobState
from .audience import Audience, Call, Entry
from .told import VERBS, Told, told_by

logger = logging.getLogger(__name__)
TELL_TASK, DELIVER_TASK = "certification.tell_people", "certification.deliver_messages"
STEP = 200  # entries to one transaction
ENDINGS = (Verb.ACHIEVEMENT_ENDED, Verb.ACHIEVEMENT_REVOKED, Verb.ACHIEVEMENT_ANNULLED)


@transaction.atomic
def tell(*, at: datetime) -> int:
    """Tell of the next entries beyond the checkpoint; how many entries it moved, 0: there is nothing new."""
    checkpoint, _ = MessageCheckpoint.objects.select_for_update().get_or_create(pk=1)
    head = LedgerHead.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    done = checkpoint.number
    if done > head:
        logger.error("messages were told up to %d, beyond the ledger's end: told again from the beginning", done)
        done = 0
    if done == head:
        return 0
    entries = _entries(done, head)
    last = entries[STEP - 1].number if len(entries) > STEP else head
    write(_messages(entries[:STEP]), at=at)
    MessageCheckpoint.objects.filter(pk=1).update(number=last, told_at=at)
    return last - done


def _entries(done: int, head: int) -> list[Entry]:
    """The next entries that tell somebody, one more than a step.

    What an import records as ended already is no news to anybody.
    """
    begun = LedgerEntry.objects.filter(number=OuterRef("supersedes"), at=OuterRef("at"))
    rows = LedgerEntry.objects.filter(number__gt=done, number__lte=head, verb__in=VERBS).exclude(
        Exists(begun), verb__in=ENDINGS
    )
    columns = ("number", "at", "actor", "verb", "subject", "enterprise", "payload", "supersedes")
    found = rows.order_by("number").values_list(*columns)[: STEP + 1]
    return [
        Entry(number, at, actor, verb, subject, enterprise, json.loads(payload), supersedes)
        for number, at, actor, verb, subject, enterprise, payload, supersedes in found
    ]


def _messages(entries: Sequence[Entry]) -> Iterator[Message]:
    audience = Audience(entries)
    for entry in entries:
        for told in told_by(entry.verb, entry.payload):
            if call := audience.called(told, entry):
                yield from (_message(entry, told, call, recipient) for recipient in call.recipients)


def _message(entry: Entry, told: Told, call: Call, recipient: int) -> Message:
    return Message(
        recipient_id=recipient,
        kind=told.kind,
        source=f"ledger:{entry.number}",
        about=call.about,
        params=call.codes,
        created_at=entry.at,
    )


def write(messages: Iterator[Message] | Sequence[Message], *, at: datetime) -> None:
    """Keep the messages, and let them go out by e-mail to those who have an address; what is there already stays."""
    rows = list(messages)
    if not rows:
        return
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    if not settings.MAIL_ENABLED:
        return
    kept = Message.objects.filter(source__in={row.source for row in rows}).exclude(recipient__email="")
    waiting = kept.filter(deliveries=None).values_list("pk", flat=True)
    deliveries = [Delivery(message_id=pk, next_at=at) for pk in waiting]
    if deliveries:
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=500)
        transaction.on_commit(lambda: bell.ring(DELIVER_TASK))


def tell_owner(job: Job, *, at: datetime) -> None:
    """Tell whoever asked for a job how it ended; in the transaction that ends it."""
    if job.owner_id is None:
        return
    kind = "job.done" if job.state == JobState.DONE else "job.failed"
    said = {"job": job.kind}
    row = Message(
        recipient_id=job.owner_id, kind=kind, source=f"job:{job.pk}", about=f"job:{job.pk}", params=said, created_at=at
    )
    write([row], at=at)
