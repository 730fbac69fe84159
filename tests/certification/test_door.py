"""The door: every move allowed and refused in every status, by the right and the wrong person."""

from datetime import date, timedelta

import pytest

from certification.errors import NotAllowed, NotPossible, Refused, StaleStage
from certification.models import Achievement, Application, Decision
from certification.services.achievements import end_achievement
from certification.services.door import Remark, allowed_moves
from certification.stages import ACTIONS, MOVES, WITH_PANEL, Status
from enterprises.models import DeclaredInterest
from enterprises.services.interests import declare_interest, end_interest
from ledger.models import LedgerEntry
from tests import factories as make

pytestmark = pytest.mark.django_db

SAID = Remark("理由", ({"clause": "employees", "text": "人数有误"},))


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def qiye():
    return make.applicant()


# What a stage with a panel adds is in test_evaluation.py.
PLAIN = [status for status in Status if status not in WITH_PANEL]
PLAIN_MOVES = [move for move in MOVES if move.source in PLAIN and move.target in PLAIN]
PERSON = {move.action: move.who.value for move in MOVES}
PATHS = {
    Status.DRAFT: "",
    Status.SUBMITTED: "submit",
    Status.WITHDRAWN: "submit withdraw",
    Status.ACCEPTED: "submit accept",
    Status.RETURNED: "submit accept return",
    Status.REJECTED: "submit accept reject",
    Status.APPROVED: "submit accept recommend accept recommend accept approve",
}


def at_status(status, qiye, staff):
    """An application in a status at the township's level (approved: at the end of the route)."""
    row = make.filled(qiye)
    for action in PATHS[status].split():
        person = qiye if PERSON[action] == "applicant_of" else staff[row.level]
        row = make.step(row, action, person, remark=SAID)
    return row


POSSIBLE = {(move.source, move.action) for move in PLAIN_MOVES if move.at.value != "last"}


@pytest.mark.parametrize("status", PLAIN)
@pytest.mark.parametrize("action", ACTIONS)
def test_move_in_every_status_is_made_or_refused(status, action, qiye, staff):
    row = at_status(status, qiye, staff)
    actor = {"applicant_of": qiye, "city_reviewer": staff["city"]}.get(PERSON[action], staff["township"])
    at = make.NOW + timedelta(days=40) if action == "lapse" else make.NOW  # after the last day for a correction
    before = (row.status, row.version, LedgerEntry.objects.count())
    if (status, action) in POSSIBLE:
        target = next(m.target for m in MOVES if (m.source, m.action) == (status, action) and m.accepted is not False)
        moved = make.step(row, action, actor, at=at, remark=SAID)
        assert moved.status == target.value
        assert LedgerEntry.objects.count() > before[2]
    else:
        with pytest.raises(NotPossible):
            make.step(row, action, actor, at=at, remark=SAID)
        row.refresh_from_db()
        assert (row.status, row.version, LedgerEntry.objects.count()) == before


@pytest.mark.parametrize(("source", "action"), sorted({(m.source, m.action) for m in PLAIN_MOVES}))
def test_move_by_the_wrong_person_is_refused(source, action, qiye, staff):
    row = at_status(source, qiye, staff)
    wrong = [make.applicant(), staff["district"], make.reviewers(make.OTHER_TOWN)["township"], make.account("monitor")]
    wrong.append(staff["township"] if PERSON[action] == "applicant_of" else qiye)
    for stranger in wrong:
        with pytest.raises((NotAllowed, NotPossible)):
            make.step(row, action, stranger, remark=SAID)
    row.refresh_from_db()
    assert row.status == source.value


def test_whole_route_gives_one_achievement_in_the_unit_of_the_day(qiye, staff):
    row = make.approved(qiye, staff)
    assert row.status == "approved"
    fact = Achievement.objects.get(application=row)
    assert (fact.stage, fact.reporting_unit_id, str(fact.effective_on)) == (
        "guanbiao.cultivation",
        "wujin",
        "2026-11-20",
    )
    assert LedgerEntry.objects.get(pk=fact.ledger_number).verb == "achievement.recorded"
    assert [d.action for d in row.decisions.order_by("id")] == [
        "submit", "accept", "recommend", "accept", "recommend", "accept", "approve",
    ]  # fmt: skip


def test_recommend_is_not_possible_at_the_last_level_nor_approve_before_it(qiye, staff):
    row = at_status(Status.ACCEPTED, qiye, staff)
    with pytest.raises(NotPossible):
        make.step(row, "approve", staff["township"])
    row = make.step(row, "recommend", staff["township"])
    row = make.step(make.step(row, "accept", staff["district"]), "recommend", staff["district"])
    row = make.step(row, "accept", staff["city"])
    with pytest.raises(NotPossible):
        make.step(row, "recommend", staff["city"])


def test_missing_things_are_named_all_at_once(qiye):
    row = make.draft(qiye)
    with pytest.raises(Refused) as refused:
        make.step(row, "submit", qiye)
    fields = {r.field for r in refused.value.refusals}
    assert {"legal_representative", "employees", "evidence.commitment_letter"} <= fields
    row.refresh_from_db()
    assert row.status == "draft"


def test_return_and_reject_need_a_reason(qiye, staff):
    row = at_status(Status.ACCEPTED, qiye, staff)
    for action in ("return", "reject"):
        with pytest.raises(Refused) as refused:
            make.step(row, action, staff["township"], remark=Remark("  "))
        assert refused.value.refusals[0].field == "comment"


def test_stale_version_changes_nothing(qiye):
    row = make.filled(qiye)
    make.step(row, "submit", qiye)
    with pytest.raises(StaleStage):
        make.move(row, "submit", actor=qiye, at=make.NOW, expected_version=row.version)
    assert Decision.objects.filter(application=row, action="submit").count() == 1


def test_nobody_decides_twice_in_one_application(qiye, staff):
    row = make.step(at_status(Status.ACCEPTED, qiye, staff), "recommend", staff["township"])
    person = staff["township"]
    type(person).objects.filter(pk=person.pk).update(
        role="district_reviewer", scope_kind="unit", township=None, unit_id="wujin"
    )
    person.refresh_from_db()
    with pytest.raises(NotAllowed) as refused:
        make.step(row, "accept", person)
    assert refused.value.refusals[0].code == "decided_before"
    assert allowed_moves(row, person) == []


def test_declared_interest_keeps_a_reviewer_out(qiye, staff):
    row = at_status(Status.SUBMITTED, qiye, staff)
    DeclaredInterest.objects.create(
        account=staff["township"], enterprise=qiye.enterprise, reason="配偶", declared_at=make.NOW
    )
    with pytest.raises(NotAllowed) as refused:
        make.step(row, "accept", staff["township"])
    assert refused.value.refusals[0].code == "own_interest"


def test_allowed_moves_are_those_of_the_person_and_the_level(qiye, staff):
    row = at_status(Status.ACCEPTED, qiye, staff)
    assert [m.action for m in allowed_moves(row, staff["township"])] == ["return", "recommend", "reject"]
    assert [m.action for m in allowed_moves(row, qiye)] == ["withdraw"]
    assert allowed_moves(row, staff["city"]) == []


def test_clock_counts_working_days_and_stops_with_the_applicant(qiye, staff):
    row = make.step(make.filled(qiye), "submit", qiye)  # Friday 2026-11-20, 3 working days to accept
    assert str(row.due_on) == "2026-11-25"
    row = make.step(row, "accept", staff["township"])  # 5 working days to decide
    assert str(row.due_on) == "2026-11-27"
    monday = make.NOW + timedelta(days=3)
    row = make.step(row, "return", staff["township"], at=monday, remark=SAID)
    assert row.due_on is None
    row = make.step(row, "submit", qiye, at=monday + timedelta(days=21))  # one of five days was used
    assert str(row.due_on) == "2026-12-18"
    assert row.status == "accepted"


def test_return_before_acceptance_comes_back_to_acceptance(qiye, staff):
    row = make.step(at_status(Status.SUBMITTED, qiye, staff), "return", staff["township"], remark=SAID)
    assert make.step(row, "submit", qiye).status == "submitted"


def test_rulebook_is_frozen_by_the_first_submission(qiye):
    row = make.filled(qiye)
    assert not row.rule.rulebook.is_frozen
    make.step(row, "submit", qiye)
    row.rule.rulebook.refresh_from_db()
    assert row.rule.rulebook.is_frozen
    assert LedgerEntry.objects.filter(verb="rulebook.frozen").count() == 1


def test_overdue_is_visible_to_the_level_above(qiye, staff):
    row = at_status(Status.SUBMITTED, qiye, staff)
    late = row.due_on + timedelta(days=1)
    for person in staff.values():
        assert list(Application.objects.visible_to(person).overdue(on=late)) == [row]
    assert not Application.objects.visible_to(staff["city"]).overdue(on=row.due_on).exists()


def test_ledger_holds_no_free_text(qiye, staff):
    make.step(
        at_status(Status.ACCEPTED, qiye, staff), "return", staff["township"], remark=Remark("联系人电话13912345678")
    )
    everything = b"".join(bytes(e.canonical) for e in LedgerEntry.objects.all()).decode()
    assert "13912345678" not in everything
    assert "张三" not in everything


def test_interest_is_ended_by_the_security_officer_only_and_on_record(qiye, staff):
    row, officer = at_status(Status.SUBMITTED, qiye, staff), make.account("security_admin")
    words = {"at": make.NOW}
    tie = declare_interest(staff["township"], qiye.enterprise, reason="配偶任职", actor=staff["city"], **words)
    for stranger in (staff["township"], staff["city"]):
        with pytest.raises(NotAllowed):
            end_interest(tie, actor=stranger, **words)
    with pytest.raises(NotAllowed):
        make.step(row, "accept", staff["township"])
    end_interest(tie, actor=officer, **words)
    assert make.step(row, "accept", staff["township"]).status == "accepted"
    verbs = LedgerEntry.objects.filter(verb__startswith="interest.").values_list("verb", flat=True)
    assert list(verbs) == ["interest.declared", "interest.ended"]


def test_stage_is_not_granted_when_what_it_rests_on_was_revoked(qiye, staff):
    first = make.achievement(qiye.enterprise, "guanbiao.cultivation", date(2026, 1, 5))
    row = make.step(make.filled(qiye, stage="guanbiao.implementation"), "submit", qiye)
    for level in ("township", "district"):
        row = make.step(make.step(row, "accept", staff[level]), "recommend", staff[level])
    row = make.step(row, "accept", staff["city"])
    ending = {"reason": "revoked", "ended_on": date(2026, 11, 1), "ground": "弄虚作假", "at": make.NOW}
    end_achievement(first, actor=staff["city"], **ending)
    with pytest.raises(Refused) as refused:
        make.step(row, "approve", staff["city"])
    assert refused.value.refusals[0].code == "prerequisite_missing"
