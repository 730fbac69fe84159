"""Casework altered with SQL is named: how an application was opened, its rules and place, its steps, its papers."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from certification.audit import fact_faults
from certification.models import Application, ApplicationStep, Decision, Evidence, Rulebook, StageRule
from certification.services.evidence import attach, take_off
from certification.services.rulebook_changes import copy_rulebook
from enterprises.services.amendments import relocate
from ledger.models import LedgerEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def numbers():
    return [fault.number for fault in fact_faults(limit=20)]


def opened(row):
    return LedgerEntry.objects.get(subject=f"application:{row.number}", verb="application.opened").number


def moves(row):
    return list(Decision.objects.filter(application=row).order_by("ledger_number"))


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def corrected(staff):
    """At the district, after one return with a paper exchanged, each move an hour after the one before it."""
    qiye, at = make.applicant(), make.NOW
    row = make.filled(qiye)
    paper = row.evidence.first()
    second = {"requirement": paper.requirement, "filename": "附.pdf", "content": make.PDF + b"\n\n"}
    attach(row, **second, actor=qiye, at=at)
    row = make.step(Application.objects.get(pk=row.pk), "submit", qiye, at=at + HOUR)
    row = make.step(row, "accept", staff["township"], at=at + 2 * HOUR)
    row = make.step(row, "return", staff["township"], at=at + 3 * HOUR, remark=make.Remark("请补正"))
    take_off(paper, actor=qiye, at=at + 4 * HOUR)
    new = {"requirement": paper.requirement, "filename": "新.pdf", "content": make.PDF + b"\n"}
    attach(row, **new, actor=qiye, at=at + 4 * HOUR)
    row = make.step(Application.objects.get(pk=row.pk), "submit", qiye, at=at + 5 * HOUR)
    row = make.step(row, "recommend", staff["township"], at=at + 6 * HOUR)
    return make.step(row, "accept", staff["district"], at=at + 7 * HOUR)


def test_a_stage_swapped_before_the_approval_is_named_by_its_opening(staff, capsys):
    qiye = make.applicant()
    row = make.step(make.filled(qiye), "submit", qiye)
    assert numbers() == []
    for level, action in (("township", "recommend"), ("district", "recommend")):
        row = make.step(make.step(row, "accept", staff[level]), action, staff[level])
    other = StageRule.objects.get(rulebook=row.rule.rulebook, stage="guanbiao.implementation")
    Application.objects.filter(pk=row.pk).update(stage="guanbiao.certification")
    assert numbers() == [opened(row), moves(row)[0].ledger_number]
    Application.objects.filter(pk=row.pk).update(stage=other.stage, rule=other)
    assert opened(row) in numbers()
    with pytest.raises(SystemExit) as left:
        call_command("verify_ledger")
    assert left.value.code == 1
    assert f"第 {opened(row)} 号" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["round", "enterprise", "created_by", "created_at"])
def test_an_application_is_as_it_was_opened(corrected, name):
    altered = {
        "round": lambda: 2,
        "enterprise": make.enterprise,
        "created_by": make.applicant,
        "created_at": lambda: make.NOW - HOUR,
    }[name]()
    Application.objects.filter(pk=corrected.pk).update(**{name: altered})
    assert opened(corrected) in numbers()


def test_an_application_is_under_the_rulebook_of_the_day_it_was_submitted(corrected):
    mine = corrected.rule
    words = {"actor": make.account("city_reviewer"), "at": make.NOW}
    copy = copy_rulebook(mine.rulebook, in_force_from=date(2027, 1, 1), **words)
    assert numbers() == []
    Application.objects.filter(pk=corrected.pk).update(rule=copy.stage_rules.get(stage=mine.stage))
    assert numbers()[0] == moves(corrected)[0].ledger_number
    Application.objects.filter(pk=corrected.pk).update(
        rule=StageRule.objects.exclude(stage=mine.stage).filter(rulebook=mine.rulebook)[0]
    )
    assert numbers()[0] == moves(corrected)[0].ledger_number


def test_a_rulebook_frozen_behind_the_ledger_is_named():
    Rulebook.objects.filter(pk=Rulebook.objects.earliest("pk").pk).update(frozen_at=make.NOW, digest="x")
    assert numbers() == [0]


@pytest.mark.parametrize("altered", [{"township_id": make.OTHER_TOWN}, {"reporting_unit_id": "liyang"}])
@pytest.mark.parametrize("is_draft", [True, False])
def test_an_application_stays_where_its_enterprise_was(corrected, altered, is_draft):
    words = {"actor": make.account("city_reviewer"), "at": make.NOW}
    relocate(corrected.enterprise, make.OTHER_TOWN, since=date(2024, 1, 1), **words)
    row = make.draft(make.applicant()) if is_draft else corrected
    assert numbers() == []
    Application.objects.filter(pk=row.pk).update(**altered)
    assert numbers() == [opened(row) if is_draft else moves(row)[0].ledger_number]


@pytest.mark.parametrize(
    "altered",
    [
        {"turn": 1},
        {"level": "city"},
        {"status": "submitted"},
        {"submitted_at": make.NOW},
        {"due_on": date(2026, 12, 1)},
        {"closed_at": make.NOW},
    ],
)
def test_a_draft_stands_nowhere(altered):
    row = make.draft(make.applicant())
    assert numbers() == []
    Application.objects.filter(pk=row.pk).update(**altered)
    assert numbers() == [opened(row)]


def test_a_discarded_draft_and_a_withdrawn_application_are_as_they_should_be():
    for submitted in (False, True):
        qiye = make.applicant()
        row = make.step(make.filled(qiye), "submit", qiye) if submitted else make.draft(qiye)
        make.step(row, "withdraw", qiye)
    assert numbers() == []


@pytest.mark.parametrize("altered", [{"submitted_at": None}, {"due_on": None}, {"closed_at": make.NOW}])
def test_moments_are_those_of_the_decisions(corrected, altered):
    Application.objects.filter(pk=corrected.pk).update(**altered)
    assert numbers() == [moves(corrected)[-1].ledger_number]


def test_applications_that_are_gone_or_were_never_opened_are_named():
    row = make.draft(make.applicant())
    number = opened(row)
    Application.objects.filter(pk=row.pk).update(number="SQ1999000001")
    assert numbers() == [0, number]
    Application.objects.filter(pk=row.pk).delete()
    assert numbers() == [number]


def test_whether_a_move_decides_is_what_its_kind_says(corrected):
    *_, recommended, accepted = moves(corrected)
    for move, decides in ((recommended, False), (accepted, True)):
        Decision.objects.filter(pk=move.pk).update(decides=decides)
        assert numbers() == [move.ledger_number]
        Decision.objects.filter(pk=move.pk).update(decides=not decides)
    assert numbers() == []


# --- steps ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turn", "altered"),
    [
        (1, {"level": "city"}),
        (1, {"turn": 7}),
        (1, {"entered_at": make.NOW}),
        (1, {"accepted_at": None}),
        (1, {"closed_at": make.NOW}),
        (2, {"accepted_at": None}),
        (2, {"clock_from": date(2026, 11, 1)}),
        (2, {"due_on": None}),
        (2, {"due_on": date(2027, 11, 1)}),
        (2, {"closed_at": make.NOW}),
    ],
)
def test_an_altered_step_is_named(corrected, turn, altered):
    assert numbers() == []
    ApplicationStep.objects.filter(application=corrected, turn=turn).update(**altered)
    assert numbers() == [moves(corrected)[-1].ledger_number]


def test_deleted_and_added_steps_are_named(corrected):
    last = moves(corrected)[-1].ledger_number
    step = ApplicationStep.objects.create(
        application=corrected, turn=3, level="city", entered_at=make.NOW, closed_at=make.NOW
    )
    assert numbers() == [last]
    step.delete()
    assert numbers() == []
    ApplicationStep.objects.filter(application=corrected, turn=1).delete()
    assert numbers() == [last]


# --- papers ---------------------------------------------------------------------------------------------


def test_papers_of_every_submission_are_kept(corrected):
    first, *_, second = [move.ledger_number for move in moves(corrected) if move.action == "submit"]
    old, others = Evidence.objects.filter(withdrawn_at__isnull=False), Evidence.objects.filter(withdrawn_at=None)
    stays, new = others.exclude(filename="新.pdf")[0], others.get(filename="新.pdf")
    alterations = (
        (old.get(), {"withdrawn_at": None}, [second]),
        (old.get(), {"withdrawn_at": make.NOW + 2 * HOUR}, [first]),
        (old.get(), {"sha256": "x"}, [first]),
        (old.get(), {"requirement": "x"}, [first]),
        (new, {"withdrawn_at": make.NOW + 6 * HOUR}, [second]),
        (new, {"sha256": "x"}, [second]),
        (stays, {"requirement": "x"}, [first, second]),
    )
    assert numbers() == []
    for paper, altered, named in alterations:
        Evidence.objects.filter(pk=paper.pk).update(**altered)
        assert numbers() == named, altered
        Evidence.objects.filter(pk=paper.pk).update(**{name: getattr(paper, name) for name in altered})
    old.get().delete()
    assert numbers() == [first]


def test_content_under_review_and_while_returned(staff):
    qiye = make.applicant()
    row = make.step(make.filled(qiye), "submit", qiye)
    Application.objects.filter(pk=row.pk).update(modules=["x"])
    assert numbers() == [moves(row)[0].ledger_number]
    row = make.step(row, "return", staff["township"], remark=make.Remark("请补正"))
    assert numbers() == []
    make.step(row, "withdraw", qiye)
    assert numbers() == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL refuses a value of another kind")
def test_a_step_that_cannot_be_read_is_named(corrected):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE certification_applicationstep SET entered_at = 'x'")
    assert numbers() != []


@pytest.mark.parametrize("snapshot", [5, [], {}, {"evidence": 5}, {"evidence": [5, [[]]]}, {"evidence": [[1.5]]}])
@pytest.mark.parametrize("defects", [[], 5, {"a": 1}])
def test_json_of_another_shape_is_named(corrected, snapshot, defects):
    if connection.vendor == "sqlite" and not (isinstance(snapshot, dict) and isinstance(defects, list)):
        pytest.skip("named as a value that cannot be read")
    first = moves(corrected)[0]
    Decision.objects.filter(pk=first.pk).update(snapshot=snapshot, defects=defects)
    assert numbers() == [first.ledger_number]
