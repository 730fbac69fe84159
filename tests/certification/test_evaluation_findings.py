"""Findings that experts mark on the sheet: sealed with it, on record with the result, gone with one appealed away."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from certification.audit import fact_faults
from certification.errors import NotPossible, Refused
from certification.marks import MAJOR, MINOR, MOST_TEXT, Mark, joined
from certification.models import Finding, Message, ProposedFinding, Score
from certification.notices.outbox import tell
from certification.panel_views import by_item, public_notices
from certification.services.door import Remark
from certification.services.findings import answer_finding, carried_into, close_finding
from certification.services.public_notices import publish_results, recognise
from certification.services.scores import UNFILLED, Given, keep_scores
from ledger.models import LedgerEntry
from tests import factories as make
from tests import panels

pytestmark = pytest.mark.django_db
MARK = Mark("7.1", "未建立专利检索记录", MINOR, "7.1")
WORDS = Remark("申诉理由成立")
OVER = make.NOW + timedelta(days=30)


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def city(staff):
    return staff["city"]


@pytest.fixture
def case(staff, city):
    for _ in range(6):
        panels.expert(city)
    panels.batch(city)
    return panels.sent(panels.ready(), staff)


def seats(row, sitting=1):
    rows = row.evaluations.filter(sitting=sitting).select_related("application__batch__sheet", "expert")
    return list(rows.order_by("place"))


def handed_in(row, mark=None, share="0.8", at=panels.LATER):
    given = panels.points(row, share)
    if mark:
        given["policy"] = replace(given["policy"], finding=mark)
    return keep_scores(row, given, hand_in=True, actor=row.expert, at=at)


def concluded(case, city, *marks, share="0.8", at=panels.LATER, sitting=1):
    panels.drawn(case.batch, city, at=at)
    for row, mark in zip(seats(case, sitting), (*marks, None, None, None), strict=False):
        handed_in(row, mark, share, at)
    held = case.batch
    held.refresh_from_db()
    return panels.close_batch(held, actor=city, at=at) if held.state == "open" else held


def test_marks_are_sealed_and_become_findings_of_the_round_with_the_public_result(case, city):
    held = concluded(
        case, city, MARK, replace(MARK, text="检索报告缺失", severity=MAJOR), Mark("9.2", "内审未覆盖采购", MINOR)
    )
    assert not Finding.objects.exists()
    notice = publish_results(held, actor=city, at=panels.LATER)
    rows = list(Finding.objects.order_by("clause"))  # on record in no order that tells who is who
    assert [(row.clause, row.module, row.severity, row.round) for row in rows] == [
        ("7.1", "7.1", "major", 1),
        ("9.2", "", "minor", 1),
    ]
    assert set(rows[0].text.split("\n")) == {"未建立专利检索记录", "检索报告缺失"}
    assert {(row.application, row.evaluation, row.raised_by) for row in rows} == {(case, f"{case.number}-1", city)}
    assert rows[0].due_on > notice.ends_on
    entries = LedgerEntry.objects.filter(verb="finding.raised")
    assert entries.count() == 2
    assert "检索" not in "".join(entries.values_list("payload", flat=True))
    assert {line.number for line in by_item(case.panel_results.get()).findings} == {row.number for row in rows}
    assert set(Finding.objects.visible_to(case.created_by)) == set(rows)
    assert list(fact_faults(limit=9)) == []


def test_what_a_round_left_open_is_carried_into_the_next_and_closed_there(case, city):
    held = concluded(case, city, MARK)
    publish_results(held, actor=city, at=panels.LATER)
    (row,) = recognise(held, actor=city, at=OVER)
    assert row.status == "approved"  # it does not hold up its own round
    person, (finding,) = case.created_by, Finding.objects.all()
    make.achievement(person.enterprise, "guanbiao.cultivation", date(2024, 1, 2))
    later = make.draft(person, stage="guanbiao.implementation", at=OVER)
    assert (later.round, list(carried_into(later))) == (2, [finding])
    said = {"text": "已补建", "filename": "整改.pdf", "content": make.PDF}
    answer_finding(finding, **said, actor=person, at=OVER)
    assert close_finding(finding, reason="核实", actor=city, at=OVER).status == "closed"
    assert list(fact_faults(limit=9)) == []


def test_a_mark_may_wait_in_a_draft_but_is_handed_in_whole(case, city):
    panels.drawn(case.batch, city)
    row = seats(case)[0]
    keep_scores(row, {"policy": Given(UNFILLED, finding=Mark("7.1"))}, hand_in=False, actor=row.expert, at=make.NOW)
    assert row.proposals.get().clause == "7.1"
    with pytest.raises(Refused) as refused:
        handed_in(row, Mark("7.1"))
    assert {refusal.field for refusal in refused.value.refusals} == {
        "scores.policy.finding.text",
        "scores.policy.finding.severity",
    }
    keep_scores(row, {"policy": Given(8)}, hand_in=False, actor=row.expert, at=make.NOW)
    assert not ProposedFinding.objects.exists()  # taken off again


@pytest.mark.parametrize(
    ("wrong", "part"),
    [({"module": "13"}, "module"), ({"severity": "deadly"}, "severity"), ({"clause": "7" * 41}, "clause"),
     ({"text": "长" * 501}, "text"), ({"clause": " "}, "clause")],
)  # fmt: skip
def test_a_wrong_mark_is_refused_by_item_and_changes_nothing(case, city, wrong, part):
    panels.drawn(case.batch, city)
    with pytest.raises(Refused) as refused:
        handed_in(seats(case)[0], replace(MARK, **wrong))
    assert [refusal.field for refusal in refused.value.refusals] == [f"scores.policy.finding.{part}"]
    assert [Score.objects.count(), ProposedFinding.objects.count()] == [0, 0]


def test_an_appeal_that_is_granted_drops_the_findings_and_the_new_sitting_brings_its_own(case, city):
    person = case.created_by
    publish_results(concluded(case, city, MARK, share="0.4"), actor=city, at=panels.LATER)
    (old,) = Finding.objects.all()
    answer_finding(old, text="整改", filename="整改.pdf", content=make.PDF, actor=person, at=panels.LATER)
    row = make.step(case, "object", person, at=panels.LATER, remark=WORDS)
    tell(at=panels.LATER)
    Message.objects.all().delete()
    row = make.step(row, "recommend", city, at=panels.LATER, remark=WORDS)
    old.refresh_from_db()
    assert (old.status, old.closing_reason, old.closed_by) == ("dropped", WORDS.comment, city)
    tell(at=panels.LATER)
    assert Message.objects.filter(kind="finding.dropped").get().recipient == person
    held = concluded(row, city, Mark("9.2", "内审未覆盖采购", MAJOR), share="0.9", sitting=2)
    publish_results(held, actor=city, at=panels.LATER)
    assert list(Finding.objects.open().values_list("clause", "evaluation")) == [("9.2", f"{case.number}-2")]
    with pytest.raises(NotPossible):  # what is dropped is not answered any more
        answer_finding(old, text="整改", filename="整改.pdf", content=make.PDF, actor=person, at=panels.LATER)
    assert [view.fallen for view in public_notices(on=panels.LATER.date())] == [
        frozenset(),
        frozenset(),
    ]  # the first did not pass
    assert list(fact_faults(limit=9)) == []


def test_an_appeal_that_is_dismissed_leaves_the_findings(case, city):
    publish_results(concluded(case, city, MARK, share="0.4"), actor=city, at=panels.LATER)
    row = make.step(case, "object", case.created_by, at=panels.LATER, remark=WORDS)
    make.step(row, "close_notice", city, at=panels.LATER, remark=WORDS)
    assert Finding.objects.get().status == "open"


@pytest.mark.parametrize(
    ("model", "change"),
    [(ProposedFinding, {"text": "无"}), (Finding, {"evaluation": "x"}), (Finding, {"closing_reason": "无"}),
     (Finding, {"status": "closed"})],
)  # fmt: skip
def test_what_is_altered_behind_the_ledger_is_named(case, city, model, change):
    publish_results(concluded(case, city, MARK), actor=city, at=panels.LATER)
    row = make.step(case, "object", case.created_by, at=panels.LATER, remark=WORDS)
    make.step(row, "recommend", city, at=panels.LATER, remark=WORDS)
    assert list(fact_faults(limit=9)) == []
    model.objects.update(**change)
    assert list(fact_faults(limit=9))


def test_marks_of_one_clause_and_module_are_one_finding_in_the_words_of_all():
    marks = [
        Mark("7.1", "甲", MINOR),
        Mark(" 7.1", "乙", MAJOR),
        Mark("7.1", "甲", MINOR),
        Mark("7.1", "丙", MINOR, "7.1"),
    ]
    assert joined(marks) == [Mark("7.1", "甲\n乙", MAJOR), Mark("7.1", "丙", MINOR, "7.1")]
    long = [Mark("8", chr(0x4E00 + number) * 500, MINOR) for number in range(5)]
    assert [len(mark.text) <= MOST_TEXT for mark in joined(long)] == [True, True]
