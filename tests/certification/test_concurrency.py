"""Two people at once: exactly one decision takes effect, whichever database."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from certification.audit import fact_faults
from certification.errors import Refused
from certification.models import Achievement, Decision
from certification.services.bulk import Chosen, move_each
from certification.services.corrections import lapse_corrections
from ledger.verify import verify
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = make.Remark("请补正")


def at_once(*calls):
    """Run the calls in threads that start together; what each returned or raised."""
    barrier, outcomes = threading.Barrier(len(calls)), []

    def run(call):
        barrier.wait()
        try:
            outcomes.append(call())
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def at_city(qiye, staff):
    row = make.step(make.filled(qiye), "submit", qiye)
    for level in ("township", "district"):
        row = make.step(make.step(row, "accept", staff[level]), "recommend", staff[level])
    return make.step(row, "accept", staff["city"])


@pytest.mark.parametrize("attempt", range(5))
def test_two_reviewers_at_once_give_exactly_one_decision(attempt):
    qiye, staff = make.applicant(), make.reviewers()
    colleague = make.account("city_reviewer")
    row = at_city(qiye, staff)
    outcomes = at_once(
        lambda: make.step(row, "approve", staff["city"]),
        lambda: make.step(row, "reject", colleague, remark=make.Remark("不符合")),
        lambda: make.step(row, "approve", colleague),
    )
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 2, outcomes
    assert Decision.objects.filter(application=row, decides=True, level="city").count() == 1
    assert Achievement.objects.filter(application=row).count() == (
        type(row).objects.get(pk=row.pk).status == "approved"
    )
    assert verify().fault is None


def test_two_bulks_at_once_in_opposite_order_wait_for_each_other_and_decide_once():
    """Each inside one transaction, as an answer kept under its key is."""
    staff, people = make.reviewers(), [make.applicant() for _ in range(4)]
    rows = [make.step(make.filled(person), "submit", person) for person in people]
    chosen = [Chosen(row.number, row.version) for row in rows]

    def accepted(asked, by):
        with transaction.atomic():
            return move_each(asked, "accept", actor=by, at=make.NOW)

    colleague = make.account("township_reviewer")
    outcomes = at_once(lambda: accepted(chosen, staff["township"]), lambda: accepted(chosen[::-1], colleague))
    assert sorted(sum(each.stands for each in told) for told in outcomes) == [0, 4], outcomes
    assert Decision.objects.filter(action="accept").count() == 4
    assert verify().fault is None


def test_submit_posted_twice_at_once_is_one_submission():
    qiye = make.applicant()
    row = make.filled(qiye)
    outcomes = at_once(*[lambda: make.step(row, "submit", qiye)] * 4)
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 3, outcomes
    assert Decision.objects.filter(application=row, action="submit").count() == 1


def test_ledger_stays_gapless_under_concurrent_writers():
    people = [make.applicant() for _ in range(4)]
    rows = [make.filled(person) for person in people]
    outcomes = at_once(
        *[
            lambda row=row, person=person: make.step(row, "submit", person)
            for row, person in zip(rows, people, strict=True)
        ]
    )
    assert [outcome.status for outcome in outcomes] == ["submitted"] * 4
    assert verify().fault is None


@pytest.mark.parametrize("attempt", range(4))
def test_an_answer_and_the_end_of_the_time_for_it_at_once_give_one_of_them(attempt):
    """Each by its own clock, a moment before midnight and a moment after; the task is started twice besides."""
    qiye, staff = make.applicant(), make.reviewers()
    row = make.step(make.step(make.filled(qiye), "submit", qiye), "return", staff["township"], remark=WORDS)
    last = make.NOW + (row.correct_by - make.NOW.date())
    after = last + timedelta(days=1)
    outcomes = at_once(
        lambda: make.step(row, "submit", qiye, at=last),
        lambda: lapse_corrections(at=after),
        lambda: lapse_corrections(at=after),
        lambda: make.step(row, "lapse", staff["city"], at=after),
    )
    row.refresh_from_db()
    made = list(Decision.objects.filter(application=row).order_by("id").values_list("action", flat=True))
    assert made[:2] == ["submit", "return"]
    assert (made[2:], row.status) in ((["submit"], "submitted"), (["lapse"], "withdrawn"))
    assert sum(isinstance(outcome, type(row)) or outcome == 1 for outcome in outcomes) == 1, outcomes
    assert row.steps.filter(closed_at=None).count() == (row.status == "submitted")
    assert verify().fault is None
    assert list(fact_faults(limit=9)) == []
