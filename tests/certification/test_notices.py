"""Who is told of which move, who is not, and that nothing is lost or told twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.models import Message, MessageCheckpoint
from certification.models.background import JobState
from certification.notices.audience import Audience, Entry
from certification.notices.jobs import JOBS, job_name, job_page
from certification.notices.kinds import KINDS
from certification.notices.outbox import tell
from certification.notices.reminders import remind
from certification.notices.told import TABLE
from certification.services.achievements import end_achievement
from certification.services.door import Remark
from certification.services.jobs import finish, queue_job
from certification.stages import MOVES
from certification.tasks import HANDLERS, fold_totals, tell_people
from enterprises.roles import Role
from enterprises.services.accounts import deactivate, reset_password
from enterprises.services.grants import NewAccount, confirm_grant, open_account, refuse_grant, request_reset
from enterprises.services.interests import declare_interest
from ledger.models import LedgerHead
from tests import factories as make
from tests.factories import NOW, OTHER_TOWN

pytestmark = pytest.mark.django_db
DEFECT = Remark("请补正", [{"clause": "employees", "text": "不符"}])


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def qiye():
    return make.applicant()


def told():
    """(user name, kind) of everything told, after telling all that there is."""
    tell_people()
    return sorted(Message.objects.values_list("recipient__username", "kind"))


def submitted(qiye):
    return make.step(make.filled(qiye), "submit", qiye)


def names(people, kind):
    return sorted((person.username, kind) for person in people)


def test_every_move_and_every_row_of_the_table_has_its_kind():
    assert {row.kind for row in TABLE} <= set(KINDS)
    verbs = {row.verb.value for row in TABLE}
    assert {move.verb for move in MOVES} <= verbs


def test_a_submission_calls_the_reviewers_of_its_level_and_place_who_may_decide(qiye, staff):
    second = make.account(Role.TOWNSHIP_REVIEWER)
    elsewhere = make.account(Role.TOWNSHIP_REVIEWER, township=OTHER_TOWN)
    shut, tied = make.account(Role.TOWNSHIP_REVIEWER), make.account(Role.TOWNSHIP_REVIEWER)
    deactivate(shut, actor=make.account(Role.SYSTEM_ADMIN), at=NOW)
    declare_interest(tied, qiye.enterprise, reason="亲属", actor=staff["city"], at=NOW)
    row = submitted(qiye)
    assert told() == names([staff["township"], second], "application.submitted")
    message = Message.objects.get(recipient=second)
    assert (message.about, message.params) == (
        f"application:{row.number}",
        {"enterprise": qiye.enterprise.uscc, "stage": "guanbiao.cultivation", "level": "township"},
    )
    assert not elsewhere.messages.exists()


def test_the_whole_way_tells_each_person_what_concerns_them(qiye, staff):
    colleague = make.applicant(qiye.enterprise)
    stranger = make.applicant()
    row = submitted(qiye)
    row = make.step(row, "accept", staff["township"])
    row = make.step(row, "return", staff["township"], remark=DEFECT)
    row = make.step(row, "submit", qiye)
    row = make.step(row, "recommend", staff["township"])
    row = make.step(make.step(row, "accept", staff["district"]), "recommend", staff["district"])
    make.step(make.step(row, "accept", staff["city"]), "approve", staff["city"])
    found = told()
    steps = ["accepted", "returned_until", "recommended", "accepted", "recommended", "accepted", "approved"]
    for person in (qiye, colleague):
        assert list(person.messages.order_by("id").values_list("kind", flat=True)) == [
            f"application.{x}" for x in steps
        ]
    kinds = {level: list(staff[level].messages.order_by("id").values_list("kind", flat=True)) for level in staff}
    assert kinds == {
        "township": ["application.submitted", "application.resubmitted"],
        "district": ["application.arrived"],
        "city": ["application.arrived"],
    }
    assert not stranger.messages.exists()
    assert len(found) == 2 * len(steps) + 4
    levels = staff["city"].messages.values_list("params__level", flat=True)
    assert list(levels) == ["city"]


def test_a_rejection_and_a_withdrawal_are_told(qiye, staff):
    row = make.step(submitted(qiye), "accept", staff["township"])
    make.step(row, "reject", staff["township"], remark=Remark("不符合条件"))
    again = submitted(qiye)
    make.step(again, "withdraw", qiye)
    make.step(make.draft(qiye), "withdraw", qiye)  # a draft that nobody has seen
    assert set(told()) == {
        *names([staff["township"]], "application.submitted"),
        *names([staff["township"]], "application.withdrawn"),
        *names([qiye], "application.accepted"),
        *names([qiye], "application.rejected"),
    }


def test_who_decided_before_is_not_called_again(qiye, staff):
    row = make.step(make.step(submitted(qiye), "accept", staff["township"]), "recommend", staff["township"])
    mover = staff["township"]
    mover.role, mover.scope_kind, mover.township, mover.unit_id = Role.DISTRICT_REVIEWER, "unit", None, "wujin"
    mover.save()
    assert (staff["district"].username, "application.arrived") in told()
    assert not mover.messages.filter(about=f"application:{row.number}").exists()


def test_an_ended_achievement_is_told_unless_it_came_in_ended(qiye, staff):
    fact = make.achievement(qiye.enterprise, "intensive.cultivation", NOW.date(), at=NOW - timedelta(days=1))
    said = {"reason": "revoked", "ended_on": NOW.date(), "ground": "依据条款"}
    end_achievement(fact, **said, actor=staff["city"], at=NOW)
    old = make.achievement(qiye.enterprise, "intensive.cultivation", NOW.date() - timedelta(days=9), at=NOW)
    end_achievement(old, **said, actor=staff["city"], at=NOW)
    assert told() == names([qiye], "achievement.ended")
    assert qiye.messages.get().params["ending"] == "revoked"


def test_requests_for_roles_are_told_to_who_confirms_who_asked_and_whom_they_concern(staff):
    system, security = make.account(Role.SYSTEM_ADMIN), make.account(Role.SECURITY_ADMIN)
    asked = NewAccount("new-monitor", Role.MONITOR, "", make.PASSWORD)
    first = open_account(asked, reason="监测", actor=system, at=NOW)
    assert told() == names([security], "grant.requested")
    refuse_grant(first, reason="不需要", actor=security, at=NOW)
    assert told() == sorted([*names([security], "grant.requested"), *names([system], "grant.refused")])
    Message.objects.all().delete()
    grant = request_reset(staff["city"], password="Another-Passw0rd-1", reason="忘记", actor=system, at=NOW)
    confirm_grant(grant, actor=security, at=NOW)
    assert set(told()) == {
        *names([security], "grant.requested"),
        *names([system], "grant.confirmed"),
        *names([staff["city"]], "account.password_reset"),
    }


def test_a_reset_password_is_told_to_its_owner(qiye):
    reset_password(qiye, "Another-Passw0rd-1", actor=make.account(Role.SYSTEM_ADMIN), at=NOW)
    assert told() == names([qiye], "account.password_reset")


def test_every_job_that_people_ask_for_has_a_name_and_a_page_to_read_its_result():
    assert set(HANDLERS) == set(JOBS)
    assert job_page("verify_ledger", "1").endswith("/ledger/verify/")
    assert (job_name("unknown"), job_page("unknown", "1")) == ("unknown", "")


@pytest.mark.parametrize(("state", "kind"), [(JobState.DONE, "job.done"), (JobState.FAILED, "job.failed")])
def test_whoever_asked_for_a_job_is_told_how_it_ended(state, kind):
    owner = make.account(Role.PLAN_MANAGER)
    job = queue_job("recount", owner=owner, at=NOW)
    nobodys = queue_job("recount", owner=None, at=NOW)
    for each in (job, job, nobodys):  # a job that is ended twice is told once
        finish(each, state=state, message="", result=None, at=NOW)
    assert told() == names([owner], kind)


def test_nobody_is_told_of_their_own_act(qiye, staff):
    """Whoever acted is left out, whatever row of the table would call them."""
    row = submitted(qiye)
    entry = Entry(
        1, NOW, staff["township"].code, "x", f"application:{row.number}", None, {"level": "township", "turn": 1}, None
    )
    [told_row] = [one for one in TABLE if one.kind == "application.submitted"]
    assert list(Audience([entry]).called(told_row, entry).recipients) == []
    other = replace(entry, actor=qiye.code)
    assert list(Audience([other]).called(told_row, other).recipients) == [staff["township"].pk]


def test_telling_twice_or_from_the_beginning_tells_nobody_twice(qiye, staff):
    submitted(qiye)
    before = told()
    assert tell(at=NOW) == 0
    MessageCheckpoint.objects.update(number=0)
    assert told() == before
    MessageCheckpoint.objects.update(number=10**9)
    assert told() == before
    assert MessageCheckpoint.objects.get().number == LedgerHead.objects.get(pk=1).number


def test_what_was_not_told_while_all_was_down_is_told_later(qiye, staff, monkeypatch):
    """No message of the broker is needed: the scheduler follows the ledger from where it was left."""
    monkeypatch.setattr("certification.messages.current_app.send_task", lambda *args, **more: 1 / 0)
    submitted(qiye)
    assert not Message.objects.exists()
    fold_totals()
    assert told() == names([staff["township"]], "application.submitted")


def test_a_move_and_its_telling_stand_or_fall_together(qiye, staff, monkeypatch):
    """A telling that breaks off has told nobody and is taken up whole."""
    submitted(qiye)
    monkeypatch.setattr("certification.notices.outbox.MessageCheckpoint.objects.filter", lambda **known: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tell(at=NOW)
    monkeypatch.undo()
    assert not Message.objects.exists()
    assert told() == names([staff["township"]], "application.submitted")


def test_long_ledgers_are_followed_in_steps(qiye, staff, monkeypatch):
    monkeypatch.setattr("certification.notices.outbox.STEP", 1)
    row = submitted(qiye)
    make.step(row, "accept", staff["township"])
    assert len(told()) == 2


def test_following_asks_no_more_for_many_entries_of_applicants(staff):
    def asked(count):
        for _ in range(count):
            person = make.applicant()
            fact = make.achievement(person.enterprise, "intensive.cultivation", NOW.date(), at=NOW - timedelta(days=1))
            said = {"reason": "revoked", "ended_on": NOW.date(), "ground": "依据条款"}
            end_achievement(fact, **said, actor=staff["city"], at=NOW)
        with CaptureQueriesContext(connection) as caught:
            tell(at=NOW)
        return len(caught)

    assert asked(1) == asked(5)


def test_reviewers_are_reminded_once_a_working_day(qiye, staff):
    row = submitted(qiye)
    late = NOW + timedelta(days=28)
    assert remind(at=NOW) == 0  # not near
    assert remind(at=late) == 1
    assert remind(at=late + timedelta(hours=3)) == 0
    assert staff["township"].messages.get(kind="steps.due").params == {"due_soon": 0, "overdue": 1}
    assert not staff["district"].messages.exists()
    row.refresh_from_db()
    near = NOW.replace(year=row.due_on.year, month=row.due_on.month, day=row.due_on.day)
    assert remind(at=near) == 1
    assert staff["township"].messages.filter(params={"due_soon": 1, "overdue": 0}).exists()
    saturday = late + timedelta(days=(5 - late.weekday()) % 7)
    assert remind(at=saturday) == 0
