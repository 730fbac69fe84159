"""Findings (不符合项): raised in a round, carried into the next, closed there before it is approved; all on record."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from certification.audit import fact_faults
from certification.coverage import IMPLEMENTATION
from certification.errors import NotAllowed, NotPossible, Refused
from certification.models import Finding, FindingAnswer, Message
from certification.notices.outbox import tell
from certification.queries import timeline
from certification.services.applications import save_draft
from certification.services.evidence import attach
from certification.services.findings import (
    Found,
    answer_finding,
    carried_into,
    close_finding,
    raise_finding,
    refuse_answer,
)
from certification.services.kept_files import content_on_file
from certification.services.rulebooks import rules_of
from enterprises.roles import Role
from enterprises.services.interests import declare_interest
from ledger.models import LedgerEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 1, 6, 2, tzinfo=UTC)
FOUND = Found("7.1.2", "未建立专利检索记录", "major", date(2026, 12, 31), module="7.1")


@pytest.fixture
def qiye():
    account = make.applicant()
    make.achievement(account.enterprise, "guanbiao.cultivation", date(2026, 1, 5))
    return account


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def reviewed(qiye, staff):
    """A first round that the township has accepted."""
    row = make.step(make.filled(qiye, stage=IMPLEMENTATION), "submit", qiye)
    return make.step(row, "accept", staff["township"])


def codes(raised):
    return {refusal.code for refusal in raised.value.refusals}


def answered(finding, qiye, at=make.NOW):
    said = {"text": "已补建检索记录", "filename": "整改.pdf", "content": make.PDF}
    return answer_finding(finding, **said, actor=qiye, at=at)


def on_to_the_end(row, staff, at=make.NOW):
    for level in ("township", "district"):
        if row.level == level:
            accepted = row if row.status == "accepted" else make.step(row, "accept", staff[level], at=at)
            row = make.step(accepted, "recommend", staff[level], at=at)
    return make.step(make.step(row, "accept", staff["city"], at=at), "approve", staff["city"], at=at)


def next_round(qiye):
    row = make.draft(qiye, stage=IMPLEMENTATION, at=LATER)
    row = save_draft(row, fields=make.VALUES[IMPLEMENTATION], modules=["7.2"], actor=qiye, at=LATER)
    for need in rules_of(row.rule_id).rule.evidence:
        attach(row, requirement=need.code, filename="材料.pdf", content=make.PDF, actor=qiye, at=LATER)
    return make.step(row, "submit", qiye, at=LATER)


def test_an_open_finding_is_carried_and_holds_up_the_next_round_until_it_is_closed(reviewed, qiye, staff):
    finding = raise_finding(reviewed, FOUND, actor=staff["township"], at=make.NOW)
    assert (finding.round, finding.status, finding.number[:6]) == (1, "open", "BF2026")
    on_to_the_end(reviewed, staff)  # it does not hold up its own round
    row = next_round(qiye)
    assert list(carried_into(row)) == [finding]
    with pytest.raises(Refused) as refused:
        on_to_the_end(row, staff, at=LATER)
    assert codes(refused) == {"finding_open"}
    answered(finding, qiye, at=LATER)
    closed = close_finding(finding, reason="核实无误", actor=staff["city"], at=LATER)
    assert (closed.status, closed.closed_in) == ("closed", row)
    row.refresh_from_db()
    assert make.step(row, "approve", staff["city"], at=LATER).status == "approved"
    assert list(carried_into(row)) == [closed]  # still shown where it was closed
    assert list(fact_faults(limit=5)) == []


def test_an_answer_that_will_not_do_is_given_again(reviewed, qiye, staff):
    finding = raise_finding(reviewed, FOUND, actor=staff["township"], at=make.NOW)
    with pytest.raises(NotPossible):  # nothing to close yet
        close_finding(finding, reason="核实无误", actor=staff["district"], at=make.NOW)
    first = answered(finding, qiye)
    assert content_on_file(first) == make.PDF
    with pytest.raises(NotPossible):  # one answer at a time
        answered(finding, qiye)
    refuse_answer(finding, reason="记录不完整", actor=staff["district"], at=make.NOW)
    first.refresh_from_db()
    assert (first.refused_for, first.refused_by) == ("记录不完整", staff["district"])
    answered(finding, qiye)
    assert close_finding(finding, reason="核实无误", actor=staff["district"], at=make.NOW).closed_in is None
    assert [event.kind for event in timeline(qiye.enterprise)].count("finding") == 5
    verbs = LedgerEntry.objects.filter(subject=f"finding:{finding.number}").order_by("number")
    assert list(verbs.values_list("verb", flat=True)) == [
        "finding.raised", "finding.answered", "finding.answer_refused", "finding.answered", "finding.closed",
    ]  # fmt: skip
    assert "检索" not in "".join(verbs.values_list("payload", flat=True))
    assert list(fact_faults(limit=5)) == []


def test_who_may(reviewed, qiye, staff):
    for other in (qiye, staff["district"], make.account(Role.EXPERT), make.account(Role.MONITOR)):
        with pytest.raises(NotAllowed):
            raise_finding(reviewed, FOUND, actor=other, at=make.NOW)
    declare_interest(
        staff["city"], qiye.enterprise, reason="亲属", actor=make.account(Role.SECURITY_ADMIN), at=make.NOW
    )
    with pytest.raises(NotAllowed) as refused:
        raise_finding(reviewed, FOUND, actor=staff["city"], at=make.NOW)
    assert codes(refused) == {"own_interest"}
    finding = raise_finding(reviewed, FOUND, actor=staff["township"], at=make.NOW)
    with pytest.raises(NotAllowed):
        answered(finding, make.applicant())
    answered(finding, qiye)
    far = make.account(Role.DISTRICT_REVIEWER, unit="liyang")
    for other in (qiye, staff["township"], staff["city"], far):
        with pytest.raises(NotAllowed):
            close_finding(finding, reason="核实无误", actor=other, at=make.NOW)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"clause": " "}, "words_missing"),
        ({"text": ""}, "words_missing"),
        ({"text": "长" * 2001}, "words_too_long"),
        ({"severity": "deadly"}, "severity_unknown"),
        ({"module": "13"}, "module_unknown"),
        ({"due_on": date(2026, 11, 19)}, "due_in_past"),
    ],
)
def test_a_wrong_finding_is_refused(reviewed, staff, wrong, code):
    with pytest.raises(Refused) as refused:
        raise_finding(reviewed, replace(FOUND, **wrong), actor=staff["township"], at=make.NOW)
    assert codes(refused) == {code}
    assert not Finding.objects.exists()


def test_a_stage_without_rounds_has_no_findings(staff):
    qiye = make.applicant()
    row = make.step(make.filled(qiye), "submit", qiye)
    with pytest.raises(NotAllowed):
        raise_finding(row, FOUND, actor=staff["township"], at=make.NOW)


def test_people_are_told(reviewed, qiye, staff):
    tell(at=make.NOW)
    Message.objects.all().delete()
    finding = raise_finding(reviewed, FOUND, actor=staff["township"], at=make.NOW)
    answered(finding, qiye)
    refuse_answer(finding, reason="记录不完整", actor=staff["city"], at=make.NOW)
    answered(finding, qiye)
    close_finding(finding, reason="核实无误", actor=staff["city"], at=make.NOW)
    tell(at=make.NOW)
    told = sorted(Message.objects.values_list("kind", "recipient__username"))
    applicant, district = qiye.username, staff["district"].username
    assert told == sorted(
        [
            ("finding.raised", applicant),
            ("finding.answered", district),
            ("finding.answer_refused", applicant),
            ("finding.answered", district),
            ("finding.closed", applicant),
        ]
    )


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Finding, {"text": "无"}),
        (Finding, {"severity": "minor"}),
        (Finding, {"round": 2}),
        (Finding, {"due_on": date(2030, 1, 1)}),
        (Finding, {"closing_reason": "无"}),
        (Finding, {"raised_at": make.NOW - timedelta(days=1)}),
        (FindingAnswer, {"text": "无"}),
        (FindingAnswer, {"sha256": "0" * 64}),
    ],
)
def test_an_altered_row_is_found(reviewed, qiye, staff, model, change):
    finding = raise_finding(reviewed, FOUND, actor=staff["township"], at=make.NOW)
    answered(finding, qiye)
    close_finding(finding, reason="核实无误", actor=staff["district"], at=make.NOW)
    model.objects.update(**change)
    assert finding.ledger_number <= next(fault.number for fault in fact_faults(limit=5))


def test_a_removed_row_is_found(reviewed, qiye, staff):
    finding = raise_finding(reviewed, FOUND, actor=staff["township"], at=make.NOW)
    Finding.objects.all().delete()
    assert [fault.number for fault in fact_faults(limit=5)] == [finding.ledger_number]
