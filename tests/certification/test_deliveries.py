"""Mail that waits is sent once; a mail server that is down, a dead worker and a double task lose and double nothing."""

import smtplib
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.test import override_settings

from certification.errors import NotAllowed, NotPossible
from certification.models import Delivery, Message
from certification.models.message import DeliveryState
from certification.notices.delivery import backoff, claim, deliver, try_again
from certification.notices.mail import mail_of, masked_address
from certification.notices.outbox import tell
from enterprises.models import Account, AuditEvent, EventKind
from enterprises.roles import Role
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SEEN = {"SITE_BASE_URL": "https://ip.example.gov.cn", "DEFAULT_FROM_EMAIL": "registry@example.gov.cn"}
DOWN = "tests.certification.test_deliveries.Down"
REFUSING = "tests.certification.test_deliveries.Refusing"
MINUTE = timedelta(minutes=1)


class Down(EmailBackend):
    """A server that does not answer."""

    asked = 0

    def open(self) -> bool:
        Down.asked += 1
        raise ConnectionRefusedError(111, "Connection refused")


class Refusing(EmailBackend):
    """A server that takes no mail for some people: `codes` by address."""

    codes: dict[str, int] = {}

    def send_messages(self, messages: Any) -> int:
        address = messages[0].to[0]
        if code := self.codes.get(address):
            raise smtplib.SMTPRecipientsRefused({address: (code, f"<{address}> unknown".encode())})
        return super().send_messages(messages)


def at(moment: datetime) -> int:
    return deliver(clock=lambda: moment)


@pytest.fixture
def qiye() -> Account:
    person = make.applicant()
    person.email = "zhangsan@qiye.example"
    person.save()
    return person


@pytest.fixture
def waiting(qiye: Account) -> Delivery:
    staff = make.reviewers()
    make.step(make.step(make.filled(qiye), "submit", qiye), "accept", staff["township"])
    tell(at=NOW)
    return Delivery.objects.get()


def now(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def test_only_those_with_an_address_are_written_to(waiting: Delivery, qiye: Account) -> None:
    assert Message.objects.count() == 2
    assert waiting.message.recipient == qiye
    assert (waiting.state, waiting.attempts) == (DeliveryState.WAITING, 0)


@override_settings(MAIL_ENABLED=False)
def test_without_a_mail_server_nothing_waits_for_one(qiye: Account) -> None:
    make.step(make.step(make.filled(qiye), "submit", qiye), "accept", make.reviewers()["township"])
    tell(at=NOW)
    assert Message.objects.filter(recipient=qiye).exists()
    assert not Delivery.objects.exists()


@override_settings(**SEEN)
def test_a_mail_says_what_and_where_and_nothing_of_others(waiting: Delivery, qiye: Account) -> None:
    assert at(NOW) == 1
    sent = mail.outbox[0]
    number = waiting.message.about.partition(":")[2]
    assert sent.subject == "您的“入库培育”申报已受理"
    assert (sent.to, sent.cc, sent.bcc, sent.from_email) == ([qiye.email], [], [], "registry@example.gov.cn")
    assert f"申报 {number} 已由乡镇（街道）受理" in sent.body
    assert f"https://ip.example.gov.cn/applications/{number}/" in sent.body
    assert sent.message()["Message-ID"] == f"<registry-delivery-{waiting.pk}@example.gov.cn>"
    kept = now(waiting)
    assert (kept.state, kept.attempts, kept.sent_at) == (DeliveryState.SENT, 1, NOW)
    assert (kept.sent_to, kept.last_error) == ("zh***@qiye.example", "")


@override_settings(**SEEN)
def test_a_mail_is_worded_in_english_when_asked(waiting: Delivery, qiye: Account) -> None:
    letter = mail_of(waiting, qiye, language="en")
    assert letter.subject == "Your application for “Cultivation” has been accepted for review"
    assert "Township" in letter.body


def test_the_task_delivered_twice_sends_once(waiting: Delivery) -> None:
    assert [at(NOW), at(NOW), at(NOW + timedelta(days=9))] == [1, 0, 0]
    assert len(mail.outbox) == 1


def test_what_another_worker_holds_is_left_alone(waiting: Delivery) -> None:
    assert claim(waiting.pk, at=NOW) is not None
    assert claim(waiting.pk, at=NOW) is None
    assert at(NOW + MINUTE) == 0


def test_a_worker_killed_before_its_note_is_followed_by_another(waiting: Delivery) -> None:
    """At least once: the copy has the same Message-ID."""
    assert claim(waiting.pk, at=NOW)
    assert at(NOW + 11 * MINUTE) == 1
    assert now(waiting).attempts == 2


@override_settings(EMAIL_BACKEND=DOWN)
def test_a_server_that_is_down_costs_one_attempt_and_loses_nothing(waiting: Delivery, qiye: Account) -> None:
    for number in range(3):
        row = Message(
            recipient=qiye, kind="job.done", source=f"job:{number}", params={"job": "recount"}, created_at=NOW
        )
        row.save()
        Delivery.objects.create(message=row, next_at=NOW)
    Down.asked = 0
    assert at(NOW) == 0
    assert Down.asked == 1
    tried = Delivery.objects.get(attempts=1)
    assert tried.state == DeliveryState.FAILED
    assert tried.next_at == NOW + backoff(1)
    assert tried.last_error.startswith("ConnectionRefusedError")
    assert Delivery.objects.filter(attempts=0, next_at=NOW + timedelta(seconds=30)).count() == 3
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        assert at(NOW + 2 * MINUTE) == 4
        assert at(NOW + 3 * MINUTE) == 0
    assert len(mail.outbox) == 4
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


def test_attempts_grow_apart_and_end(waiting: Delivery, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.MAIL_ATTEMPTS = DOWN, 3
    moments = [NOW]
    for _ in range(3):
        at(moments[-1])
        moments.append(now(waiting).next_at)
    assert [after - before for before, after in pairwise(moments)] == [
        MINUTE,
        2 * MINUTE,
        4 * MINUTE,
    ]
    assert now(waiting).state == DeliveryState.GIVEN_UP
    assert at(NOW + timedelta(days=30)) == 0
    assert backoff(40) == timedelta(hours=6)


@pytest.mark.parametrize(("code", "state"), [(450, DeliveryState.FAILED), (550, DeliveryState.GIVEN_UP)])
def test_a_refused_address_stops_nobody_else(waiting: Delivery, settings: Any, code: int, state: str) -> None:
    other = make.account(Role.PLAN_MANAGER)
    Account.objects.filter(pk=other.pk).update(email="li@city.example")
    row = Message.objects.create(
        recipient=other, kind="job.done", source="job:1", params={"job": "recount"}, created_at=NOW
    )
    Delivery.objects.create(message=row, next_at=NOW)
    settings.EMAIL_BACKEND = REFUSING
    Refusing.codes = {"zhangsan@qiye.example": code}
    assert at(NOW) == 1
    assert now(waiting).state == state
    assert "zhangsan" not in now(waiting).last_error


def test_an_address_that_hides_a_header_is_refused(waiting: Delivery, qiye: Account) -> None:
    Account.objects.filter(pk=qiye.pk).update(email="a@b.example\nBcc: all@city.example")
    assert at(NOW) == 0
    assert mail.outbox == []
    assert now(waiting).state == DeliveryState.GIVEN_UP
    assert "BadHeaderError" in now(waiting).last_error


def test_a_name_cannot_break_into_the_headers(waiting: Delivery, qiye: Account) -> None:
    qiye.enterprise.name = "常州\r\nBcc: x@y.example\r\n公司"
    qiye.enterprise.save()
    Message.objects.filter(pk=waiting.message_id).update(kind="application.withdrawn")
    assert at(NOW) == 1
    assert mail.outbox[0].subject == "常州 Bcc: x@y.example 公司已撤回“入库培育”申报"
    assert mail.outbox[0].message()["Bcc"] is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"is_active": False}, "account_shut"),
        ({"email": ""}, "no_address"),
        ({"role": Role.EXPERT, "scope_kind": "none", "enterprise": None}, "out_of_sight"),
    ],
)
def test_whoever_left_meanwhile_is_not_written_to(
    waiting: Delivery, qiye: Account, change: dict[str, Any], reason: str
) -> None:
    Account.objects.filter(pk=qiye.pk).update(**change)
    assert at(NOW) == 0
    assert (now(waiting).state, now(waiting).last_error) == (DeliveryState.GIVEN_UP, reason)
    assert mail.outbox == []


def test_what_was_given_up_is_tried_again_by_the_system_administrator(waiting: Delivery) -> None:
    system, city = make.account(Role.SYSTEM_ADMIN), make.account(Role.CITY_REVIEWER)
    with pytest.raises(NotPossible):
        try_again(waiting, actor=system, at=NOW)
    Delivery.objects.update(state=DeliveryState.GIVEN_UP, attempts=20)
    with pytest.raises(NotAllowed):
        try_again(waiting, actor=city, at=NOW)
    try_again(waiting, actor=system, at=NOW)
    kept = now(waiting)
    assert (kept.state, kept.attempts, kept.retried_by, kept.retried_at) == (DeliveryState.WAITING, 0, system, NOW)
    event = AuditEvent.objects.get(kind=EventKind.MAIL_RETRIED)
    assert (event.account, event.detail) == (system, {"delivery": waiting.pk})
    assert at(NOW) == 1


def test_the_database_holds_what_a_delivery_is(waiting: Delivery) -> None:
    for wrong in ({"state": "sent"}, {"sent_at": NOW}, {"retried_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.filter(pk=waiting.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(message=waiting.message, next_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            recipient=waiting.message.recipient, kind="x", source=waiting.message.source, created_at=NOW
        )


@pytest.mark.parametrize(("address", "shown"), [("a@b.example", "a***@b.example"), ("nothing", "***")])
def test_an_address_is_shown_in_outline(address: str, shown: str) -> None:
    assert masked_address(address) == shown
