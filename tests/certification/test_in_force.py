"""Which achievements count and which are in force on a day, held against the definitions in plain Python."""

from datetime import date, timedelta

import pytest

from certification.models import Achievement, EndReason
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2022, 6, 1)
STAGE = "guanbiao.certification"
AROUND = (-1, 0, 1)
ENDINGS = [(None, ""), *((DAY + timedelta(days=after), reason) for after in AROUND for reason in EndReason.values)]


def counts(fact: Achievement) -> bool:
    revoked = fact.ended_reason == "revoked" and fact.ended_on <= DAY
    return fact.effective_on <= DAY and fact.ended_reason != "annulled" and not revoked


def holds(fact: Achievement) -> bool:
    return counts(fact) and (fact.ended_on is None or fact.ended_on > DAY)


def test_counting_and_in_force_are_what_they_are_defined_to_be() -> None:
    for after in AROUND:
        for ended_on, reason in ENDINGS:
            if ended_on and ended_on < DAY + timedelta(days=after):
                continue  # the database refuses an end before the beginning
            fact = factories.achievement(factories.enterprise(), STAGE, DAY + timedelta(days=after))
            Achievement.objects.filter(pk=fact.pk).update(ended_on=ended_on, ended_reason=reason)
    everything = list(Achievement.objects.all())
    assert len(everything) == 27
    assert set(Achievement.objects.counting(on=DAY)) == {fact for fact in everything if counts(fact)}
    assert set(Achievement.objects.in_force(on=DAY)) == {fact for fact in everything if holds(fact)}
