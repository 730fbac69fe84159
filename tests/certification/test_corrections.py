"""A returned application has a last day for its correction; after it, it is treated as withdrawn, once and for all."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from certification.audit import application_faults, fact_faults
from certification.errors import NotAllowed, NotPossible, Refused
from certification.models import Application, CalendarDay, Decision, Message, RouteStep
from certification.notices.corrections import remind_of_corrections
from certification.notices.outbox import tell
from certification.notices.wording import put_into_words
from certification.services.clock import provisional_years, redate_limits
from certification.services.corrections import lapse_corrections
from certification.services.door import Remark, allowed_moves, move, obstacles
from certification.services.dossiers import missing_for, outlook
from certification.services.rulebooks import rules_of
from certification.tasks import mind_corrections
from enterprises.models import DeclaredInterest
from enterprises.roles import Role
from enterprises.services.interests import declare_interest
from ledger.models import LedgerEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
SAID = Remark("请补正", ({"clause": "employees", "text": "人数有误"},))
LAST = date(2026, 12, 11)  # fifteen working days after Friday 2026-11-20


def on(day):
    """Ten in the morning of a day in Changzhou."""
    return make.NOW + (day - make.NOW.date())


DAY = timedelta(days=1)
AFTER = on(LAST + DAY)


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def qiye():
    return make.applicant()


@pytest.fixture
def returned(qiye, staff):
    return sent_back(qiye, staff)


def sent_back(qiye, staff, *, accepted=True):
    row = make.step(make.filled(qiye), "submit", qiye)
    row = make.step(row, "accept", staff["township"]) if accepted else row
    return make.step(row, "return", staff["township"], remark=SAID)


def codes(refused):
    return [refusal.code for refusal in refused.value.refusals]


def told(person):
    while tell(at=make.NOW):
        continue
    return list(Message.objects.filter(recipient=person).order_by("id").values_list("kind", flat=True))


def test_a_return_says_its_last_day_once_and_on_record(returned, qiye):
    assert returned.correct_by == LAST
    entry = LedgerEntry.objects.get(verb="application.returned")
    assert f'"correct_by":"{LAST}"' in entry.payload
    back = make.step(returned, "submit", qiye)
    assert back.correct_by is None
    assert list(Decision.objects.order_by("id").values_list("correct_by", flat=True)) == [None, None, LAST, None]
    assert list(fact_faults(limit=9)) == []


def test_up_to_the_last_day_it_may_come_back_and_not_be_ended(returned, qiye, staff):
    assert lapse_corrections(at=on(LAST)) == 0
    with pytest.raises(Refused) as refused:
        move(returned, "lapse", actor=staff["city"], at=on(LAST))
    assert codes(refused) == ["correction_not_over"]
    assert str(LAST) in refused.value.refusals[0].message
    assert make.step(returned, "submit", qiye, at=on(LAST)).status == "accepted"


@pytest.mark.parametrize("accepted", [True, False])
def test_after_the_last_day_it_only_ends(accepted, qiye, staff):
    row = sent_back(qiye, staff, accepted=accepted)
    with pytest.raises(Refused) as refused:
        make.step(row, "submit", qiye, at=AFTER)
    assert codes(refused) == ["correction_late"]
    assert "重新申报" in refused.value.refusals[0].remedy
    assert [refusal.code for refusal in missing_for(row, rules_of(row.rule_id), on=AFTER.date())] == ["correction_late"]
    assert lapse_corrections(at=AFTER) == 1
    row.refresh_from_db()
    assert (row.status, row.correct_by, row.closed_at) == ("withdrawn", None, AFTER)
    assert row.steps.get().closed_at == AFTER
    made = row.decisions.last()
    assert (made.action, made.actor, made.role, made.decides, made.correct_by) == ("lapse", None, "system", False, LAST)
    entry = LedgerEntry.objects.get(verb="application.lapsed")
    assert (entry.actor, entry.role, entry.number) == ("system", "system", made.ledger_number)
    assert list(fact_faults(limit=9)) == []


def test_the_task_may_run_late_and_twice(returned, monkeypatch):
    monkeypatch.setattr("certification.tasks.timezone.now", lambda: AFTER + 9 * DAY)
    assert mind_corrections() == 1
    assert mind_corrections() == 0
    assert Decision.objects.filter(action="lapse").count() == 1


def test_whoever_comes_first_is_not_undone(returned, qiye, staff):
    """The task has its list; before it comes to the row, the applicant (on a clock that is behind) was there."""
    stale = Application.objects.get(pk=returned.pk)
    make.step(returned, "submit", qiye, at=on(LAST))
    with pytest.raises(NotPossible):
        move(stale, "lapse", actor=None, at=AFTER)
    assert lapse_corrections(at=AFTER) == 0
    assert not LedgerEntry.objects.filter(verb="application.lapsed").exists()


def test_the_enterprise_may_apply_anew(returned, qiye):
    lapse_corrections(at=AFTER)
    (first, *_) = outlook(qiye.enterprise, on=AFTER.date(), seen_by=qiye)
    assert (first.application, first.is_open) == (None, True)
    again = make.draft(qiye, at=AFTER)
    assert again.number != returned.number
    with pytest.raises(NotPossible):
        make.step(returned, "submit", qiye, at=AFTER)


def test_only_the_city_and_the_registry_itself_end_it(returned, qiye, staff):
    others = [qiye, staff["township"], staff["district"], make.account(Role.MONITOR)]
    for person in others:
        with pytest.raises(NotAllowed):
            move(returned, "lapse", actor=person, at=AFTER)
        assert "lapse" not in [each.action for each in allowed_moves(returned, person)]
    assert [each.action for each in allowed_moves(returned, staff["city"])] == ["lapse"]
    assert [found.code for found in obstacles(returned, "lapse", actor=staff["city"], at=make.NOW)] == [
        "correction_not_over"
    ]
    row = move(returned, "lapse", actor=staff["city"], at=AFTER, remark=Remark("电话联系未果"))
    made = row.decisions.last()
    assert (made.actor, made.role, made.comment) == (staff["city"], "city_reviewer", "电话联系未果")
    assert list(fact_faults(limit=9)) == []


def test_a_tie_to_the_enterprise_bars_the_city_too(returned, staff):
    declare_interest(
        staff["city"], returned.enterprise, reason="亲属任职", actor=make.account(Role.SECURITY_ADMIN), at=make.NOW
    )
    assert DeclaredInterest.objects.exists()
    with pytest.raises(NotAllowed) as refused:
        move(returned, "lapse", actor=staff["city"], at=AFTER)
    assert codes(refused) == ["own_interest"]


@pytest.mark.parametrize("action", ["submit", "withdraw", "accept", "approve"])
def test_the_registry_itself_makes_no_other_move(returned, qiye, action):
    row = make.step(returned, "submit", qiye) if action in ("accept", "approve") else returned
    with pytest.raises((NotAllowed, NotPossible)):
        move(row, action, actor=None, at=AFTER)


def test_a_rule_without_a_limit_never_ends_it(qiye, staff):
    RouteStep.objects.update(correction_days=None)
    row = sent_back(qiye, staff)
    assert row.correct_by is None
    assert "correct_by" not in LedgerEntry.objects.get(verb="application.returned").payload
    assert allowed_moves(row, staff["city"]) == []
    with pytest.raises(Refused) as refused:
        move(row, "lapse", actor=staff["city"], at=AFTER)
    assert codes(refused) == ["correction_unlimited"]
    assert lapse_corrections(at=AFTER + 999 * DAY) == 0
    assert "application.returned" in told(qiye)
    assert make.step(row, "submit", qiye, at=AFTER + 99 * DAY).status == "accepted"


def test_each_return_has_a_last_day_of_its_own(returned, qiye, staff):
    row = make.step(returned, "submit", qiye, at=on(LAST))
    row = make.step(row, "return", staff["township"], at=on(LAST), remark=SAID)
    assert str(row.correct_by) == "2027-01-04"  # fifteen working days on; the first of January is none
    assert lapse_corrections(at=AFTER) == 0
    assert list(fact_faults(limit=9)) == []


def test_the_day_stays_as_it_was_told_when_the_calendar_changes(returned):
    CalendarDay.objects.create(day=date(2026, 12, 7), is_working=False, name="临时放假")
    redate_limits()
    returned.refresh_from_db()
    assert returned.correct_by == LAST
    assert list(application_faults()) == []


def test_a_limit_that_reaches_into_a_year_without_notice_is_named(returned):
    CalendarDay.objects.filter(day__year=2027).delete()
    Application.objects.update(correct_by=date(2027, 1, 5))
    assert 2027 in provisional_years(on=make.NOW.date())


def test_what_is_altered_by_hand_is_named(returned):
    Application.objects.update(correct_by=LAST + 9 * DAY)
    assert "期限与办理记录不一致" in str(next(fact_faults(limit=9)))
    Application.objects.update(correct_by=LAST)
    Decision.objects.filter(action="return").update(correct_by=LAST + 9 * DAY)
    assert "与台账记载不一致" in "".join(map(str, fact_faults(limit=9)))


def test_the_database_keeps_the_day_with_its_status_and_the_actor_with_its_role(returned, qiye):
    lapse_corrections(at=AFTER)
    for change in (
        lambda: Application.objects.update(correct_by=LAST),
        lambda: Decision.objects.filter(action="lapse").update(actor=qiye),
        lambda: Decision.objects.filter(action="return").update(actor=None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_people_are_told_the_day_and_the_end(returned, qiye, staff):
    assert told(qiye) == ["application.accepted", "application.returned_until"]
    letter = put_into_words(Message.objects.filter(kind="application.returned_until"), qiye)[0]
    assert str(LAST) in letter.text
    lapse_corrections(at=AFTER)
    assert told(qiye)[-1] == "application.lapsed"
    assert told(staff["township"])[-1] == "application.lapsed"
    letter = put_into_words(Message.objects.filter(kind="application.lapsed"), qiye)[0]
    assert str(LAST) in letter.text
    assert "重新申报" in letter.text
    assert letter.path == f"/applications/{returned.number}/"


def test_they_are_reminded_some_working_days_before_and_never_twice(returned, qiye):
    """Five working days before Friday the 11th, and one; whenever the task runs in between, and however often."""
    stranger, counts = make.applicant(), []
    for day in (3, 4, 5, 6, 7, 9, 10, 11, 12):
        for _ in range(2):
            remind_of_corrections(at=on(date(2026, 12, day)))
        counts.append(Message.objects.filter(recipient=qiye, kind="application.correction_due").count())
    assert counts == [0, 1, 1, 1, 1, 1, 2, 2, 2]
    assert not Message.objects.filter(recipient=stranger).exists()
    letter = put_into_words(Message.objects.filter(kind="application.correction_due"), qiye)[0]
    assert letter.title == f"“入库培育”申报的补正期限为 {LAST}"


def test_who_has_answered_is_not_reminded(returned, qiye):
    make.step(returned, "submit", qiye)
    assert remind_of_corrections(at=on(LAST)) == 0
