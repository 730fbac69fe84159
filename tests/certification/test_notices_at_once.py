"""Several workers at once: everybody is told once, every mail goes out once, whichever database."""

import pytest
from django.core import mail
from django.utils import timezone

from certification.models import Delivery, Message
from certification.notices.delivery import deliver
from certification.notices.outbox import tell
from tests import factories as make
from tests.factories import NOW

from .test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("attempt", range(3))
def test_workers_at_once_tell_and_send_once(attempt: int) -> None:
    staff, people = make.reviewers(), [make.applicant() for _ in range(4)]
    for person in people:
        person.email = f"{person.username}@qiye.example"
        person.save()
        make.step(make.step(make.filled(person), "submit", person), "accept", staff["township"])
    outcomes = at_once(*[lambda: tell(at=NOW)] * 3)
    assert sum(moved > 0 for moved in outcomes) == 1, outcomes
    assert Message.objects.count() == 8
    sent = at_once(*[lambda: deliver(clock=timezone.now)] * 3)
    assert sum(sent) == 4, sent
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(person.email for person in people)
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}
