"""Sending what waits: each delivery is claimed, tried, and kept as sent, to be tried again, or given up.

At least once: a worker that is killed between the sending and the note of it sends the mail again when its claim has
run out, under the same Message-ID. Otherwise once: nobody tries what another has claimed. A mail server that does not
answer stops the whole run and costs one attempt, not one of each that waits.
"""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Account, EventKind
from enterprises.rights import may_run_system
from enterprises.services.trail import note

from ..errors import NotAllowed, NotPossible, Refusal
from ..messages import bell
from ..models import Delivery
from ..models.message import OPEN_STATES, DeliveryState
from .mail import mail_of, masked_address, masked_reason
from .outbox import DELIVER_TASK
from .wording import Known

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]
# Why a mail is not sent at all: kept as codes.
ACCOUNT_SHUT, NO_ADDRESS, OUT_OF_SIGHT = "account_shut", "no_address", "out_of_sight"
REASONS = {
    ACCOUNT_SHUT: gettext_lazy("账户已停用"),
    NO_ADDRESS: gettext_lazy("账户没有登记电子邮箱"),
    OUT_OF_SIGHT: gettext_lazy("内容已不在收件人的查看范围内"),
}

OF_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


class MailServerDown(Exception):
    """Nothing can be sent for now."""


def deliver(*, clock: Clock) -> int:
    """Try what is due, up to MAIL_BATCH of it; how many were sent."""
    now = clock()
    due = Delivery.objects.filter(state__in=OPEN_STATES, next_at__lte=now).order_by("next_at", "id")
    keys = list(due.values_list("pk", flat=True)[: settings.MAIL_BATCH])
    if not keys:
        return 0
    connection = get_connection()
    try:
        return sum(_tried(key, connection, clock) for key in keys)
    except MailServerDown:
        pause = clock() + timedelta(seconds=settings.MAIL_PAUSE_SECONDS)
        Delivery.objects.filter(state__in=OPEN_STATES, next_at__lt=pause).update(next_at=pause)
        return 0
    finally:
        _close(connection)


def _tried(key: int, connection: Any, clock: Clock) -> bool:
    """Whether this delivery went out."""
    delivery = claim(key, at=clock())
    if delivery is None:
        return False
    recipient = delivery.message.recipient
    reason = _obstacle(delivery, recipient)
    if reason:
        _end(delivery, DeliveryState.GIVEN_UP, last_error=reason)
        return False
    try:
        connection.open()
        connection.send_messages([mail_of(delivery, recipient)])
    except Exception as error:
        return _failed(delivery, error, at=clock())
    _end(delivery, DeliveryState.SENT, sent_at=clock(), sent_to=masked_address(recipient.email), last_error="")
    return True


def claim(key: int, *, at: datetime) -> Delivery | None:
    """Take a delivery that is due; None if another has it, or it is over."""
    ahead = at + timedelta(seconds=settings.MAIL_CLAIM_SECONDS)
    taken = Delivery.objects.filter(pk=key, state__in=OPEN_STATES, next_at__lte=at).update(
        next_at=ahead, attempts=F("attempts") + 1
    )
    return Delivery.objects.select_related("message__recipient").get(pk=key) if taken else None


def _obstacle(delivery: Delivery, recipient: Account) -> str:
    """Why this person is not written to any more."""
    if not recipient.is_active:
        return ACCOUNT_SHUT
    if not recipient.email:
        return NO_ADDRESS
    return "" if Known([delivery.message], recipient).is_seen(delivery.message) else OUT_OF_SIGHT


def _failed(delivery: Delivery, error: Exception, *, at: datetime) -> bool:
    """Keep what went wrong. Raises MailServerDown, if it would go wrong for every other mail too."""
    over = is_final(error) or delivery.attempts >= settings.MAIL_ATTEMPTS
    state = DeliveryState.GIVEN_UP if over else DeliveryState.FAILED
    said = masked_reason(error)
    _end(delivery, state, next_at=at + backoff(delivery.attempts), last_error=said)
    logger.warning("delivery %d, attempt %d: %s", delivery.pk, delivery.attempts, said)
    if isinstance(error, OSError) and not isinstance(error, OF_ONE_MAIL):
        raise MailServerDown from error
    return False


def is_final(error: Exception) -> bool:
    """Whether trying again cannot help: an address that is none, or that the server will never take."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in error.recipients.values())
    return isinstance(error, ValueError)


def backoff(attempts: int) -> timedelta:
    """How long after so many attempts the next one is made: doubled each time, up to a most."""
    seconds = settings.MAIL_BACKOFF_SECONDS * 2 ** min(attempts - 1, 30)
    return timedelta(seconds=min(seconds, settings.MAIL_BACKOFF_MOST_SECONDS))


def _end(delivery: Delivery, state: DeliveryState, **columns: Any) -> None:
    Delivery.objects.filter(pk=delivery.pk, state__in=OPEN_STATES).update(state=state, **columns)


def _close(connection: Any) -> None:
    try:
        connection.close()
    except OSError:
        logger.warning("mail server did not say goodbye", exc_info=True)


@transaction.atomic
def try_again(delivery: Delivery, *, actor: Account, at: datetime) -> None:
    """Take up a delivery that was given up, on the trail. Raises NotAllowed, NotPossible (it is not given up)."""
    if not may_run_system(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有系统管理员可以重新发送"))])
    taken = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.GIVEN_UP).update(
        state=DeliveryState.WAITING, attempts=0, next_at=at, retried_by=actor, retried_at=at
    )
    if not taken:
        raise NotPossible([Refusal("not_given_up", _("该投递没有停止重试，无须重新发送"))])
    note(EventKind.MAIL_RETRIED, request=None, account=actor, at=at, detail={"delivery": delivery.pk})
    transaction.on_commit(lambda: bell.ring(DELIVER_TASK))
