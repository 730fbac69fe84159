"""贯标实施: its wait after cultivation, 四落实, the module menu; and the outlook of an enterprise."""

from datetime import UTC, date, datetime

import pytest

from certification.errors import Duplicate, NotPossible, Refused
from certification.services.applications import open_application, save_draft
from certification.services.dossiers import outlook
from tests import factories as make

pytestmark = pytest.mark.django_db

STAGE = "guanbiao.implementation"


@pytest.fixture
def qiye():
    return make.applicant()


def refusals_of(row, qiye, at=make.NOW):
    with pytest.raises(Refused) as refused:
        make.step(row, "submit", qiye, at=at)
    return {r.code: r for r in refused.value.refusals}


def test_implementation_needs_cultivation_first(qiye):
    assert "prerequisite_missing" in refusals_of(make.filled(qiye, stage=STAGE), qiye)


def test_implementation_waits_a_month_and_says_until_when(qiye):
    make.achievement(qiye.enterprise, "guanbiao.cultivation", date(2026, 11, 1))
    row = make.filled(qiye, stage=STAGE)
    assert refusals_of(row, qiye)["wait_not_over"].possible_on == date(2026, 12, 1)
    assert make.step(row, "submit", qiye, at=datetime(2026, 12, 1, 3, tzinfo=UTC)).status == "submitted"


def test_implementation_asks_for_four_papers_and_a_module(qiye):
    make.achievement(qiye.enterprise, "guanbiao.cultivation", date(2026, 1, 5))
    row = make.draft(qiye, stage=STAGE)
    assert row.modules == ["4", "5", "6", "9", "10"]
    save_draft(row, fields=make.VALUES[STAGE], actor=qiye, at=make.NOW)
    found = refusals_of(row, qiye)
    assert set(found) == {"modules_too_few", "evidence_missing"}
    with pytest.raises(Refused) as refused:
        make.step(row, "submit", qiye)
    papers = [r.field for r in refused.value.refusals if r.code == "evidence_missing"]
    assert papers == [
        "evidence.representative_appointment",
        "evidence.department_founding",
        "evidence.staff_list",
        "evidence.budget_document",
    ]


def test_obligatory_modules_cannot_be_dropped_and_unknown_ones_are_refused(qiye):
    row = make.draft(qiye, stage=STAGE)
    assert save_draft(row, modules=["8-2"], actor=qiye, at=make.NOW).modules == ["4", "5", "6", "8-2", "9", "10"]
    with pytest.raises(Refused) as refused:
        save_draft(row, modules=["13"], actor=qiye, at=make.NOW)
    assert refused.value.refusals[0].code == "module_unknown"


def test_draft_keeps_partial_values_and_refuses_wrong_ones(qiye):
    row = make.draft(qiye, stage=STAGE)
    kept = save_draft(row, fields={"ip_department": "知识产权部"}, actor=qiye, at=make.NOW)
    assert kept.fields == {"ip_department": "知识产权部"}
    for wrong in ({"ip_staff": "三"}, {"ip_staff": 0}, {"documents_issued_on": "2026-13-01"}, {"nonsense": 1}):
        with pytest.raises(Refused):
            save_draft(row, fields=wrong, actor=qiye, at=make.NOW)
    row.refresh_from_db()
    assert row.fields == {"ip_department": "知识产权部"}


def test_second_open_application_of_a_stage_is_refused(qiye):
    make.draft(qiye)
    with pytest.raises(Duplicate):
        make.draft(qiye)


def test_stage_reached_or_closed_cannot_be_applied_for(qiye):
    make.achievement(qiye.enterprise, "guanbiao.cultivation", date(2026, 1, 5))
    with pytest.raises(NotPossible):
        make.draft(qiye)
    with pytest.raises(NotPossible) as closed:
        open_application(qiye.enterprise, "project.strategy", actor=qiye, at=make.NOW)
    assert closed.value.refusals[0].code == "stage_closed"


def test_outlook_says_what_is_missing_and_when(qiye):
    make.achievement(qiye.enterprise, "guanbiao.cultivation", date(2026, 11, 1))
    cultivation, implementation, *_later = outlook(qiye.enterprise, on=date(2026, 11, 20), seen_by=qiye)
    assert cultivation.reached_on == date(2026, 11, 1)
    assert not cultivation.is_open
    assert implementation.possible_on == date(2026, 12, 1)
    assert len(implementation.papers) == 5
    assert any(r.code == "evidence_missing" for r in implementation.missing)


def test_outlook_does_not_show_others_what_the_applicant_has_begun(qiye):
    make.draft(qiye)
    own, *_ = outlook(qiye.enterprise, on=date(2026, 11, 20), seen_by=qiye)
    theirs, *_ = outlook(qiye.enterprise, on=date(2026, 11, 20), seen_by=make.account("city_reviewer"))
    assert own.application is not None
    assert theirs.application is None
