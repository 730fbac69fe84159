"""A recognition that came from a batch is re-examined like every title: when it is due, what passing and failing do."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from certification.audit import fact_faults
from certification.errors import NotAllowed, NotPossible, Refused
from certification.models import Achievement, Document, EndReason, TitleTerms
from certification.services.public_notices import publish_results, recognise
from certification.services.reexaminations import reexamine
from certification.services.sealing import seal
from certification.services.title_expiry import expire_titles
from certification.services.title_terms import keep_terms
from certification.services.titles import Act, correct_title, record_title
from certification.title_checks import StatedReexamination, StatedTitle
from certification.titles import due_by, titles_of
from ledger.models import LedgerEntry
from tests import factories as make
from tests import panels, ranked

pytestmark = pytest.mark.django_db
OVER = make.NOW + timedelta(days=30)
RECOGNISED = OVER.date()
DUE = date(RECOGNISED.year + 2, RECOGNISED.month, RECOGNISED.day)
LATER = OVER.replace(year=OVER.year + 2) + timedelta(days=5)


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def row(staff) -> Achievement:
    """What a ranked batch granted."""
    batch, rows = ranked.frozen(staff, "0.9")
    seal(batch, ranked.tried(batch, staff["city"]).pk, actor=staff["city"], at=panels.LATER)
    publish_results(batch, actor=staff["city"], at=panels.LATER)
    recognise(batch, actor=staff["city"], at=OVER)
    return Achievement.objects.select_related("enterprise").get(application=rows[0])


def examined(passed: bool, on: date) -> StatedReexamination:
    return StatedReexamination(on, passed, "指标核实" if passed else "不再符合条件", "常知复〔2028〕1号")


def test_the_grant_records_the_title_with_its_certificate_and_the_day_two_years_on(row):
    paper = Document.objects.get(achievement=row, kind="certificate")
    said = row.title
    assert (said.document, said.issued_by, said.level) == (paper.number, paper.content["issuing_body"], "city")
    assert (said.reexamine_on, said.valid_until) == (DUE, None)
    entry = LedgerEntry.objects.get(number=said.ledger_number)
    assert (entry.verb, entry.subject) == ("title.recorded", f"title:{row.enterprise.uscc}:{row.stage}:{RECOGNISED}")
    assert list(fact_faults(limit=3)) == []
    assert list(due_by(DUE)) == [row]
    assert not due_by(DUE - timedelta(days=1)).exists()


def test_the_interval_is_data_and_counts_for_what_is_granted_after_it(staff):
    terms = TitleTerms.objects.get(pk=ranked.STAGE)
    terms.reexamine_months = 36
    keep_terms(terms, actor=staff["city"], at=make.NOW)
    batch, rows = ranked.frozen(staff, "0.9")
    seal(batch, ranked.tried(batch, staff["city"]).pk, actor=staff["city"], at=panels.LATER)
    publish_results(batch, actor=staff["city"], at=panels.LATER)
    recognise(batch, actor=staff["city"], at=OVER)
    assert rows[0].achievement.title.reexamine_on.year == RECOGNISED.year + 3


def test_passing_moves_the_next_day_on_and_it_never_lapses_meanwhile(row, staff):
    assert expire_titles(at=LATER) == 0
    (shown,) = [each for each in titles_of(row.enterprise, on=LATER.date()) if each.row == row]
    assert (shown.state.standing, shown.state.days_late) == ("overdue", 5)
    passed = reexamine(row, examined(True, LATER.date()), actor=staff["city"], at=LATER)
    assert passed.due_on == DUE
    assert passed.reexamine_on == LATER.date().replace(year=LATER.year + 2)
    (shown,) = [each for each in titles_of(row.enterprise, on=LATER.date()) if each.row == row]
    assert (shown.state.standing, shown.state.due_on) == ("valid", passed.reexamine_on)
    assert list(fact_faults(limit=3)) == []


def test_failing_revokes_it_on_that_day(row, staff):
    reexamine(row, examined(False, LATER.date()), actor=staff["city"], at=LATER)
    row.refresh_from_db()
    assert (row.ended_reason, row.ended_on, row.ended_ground) == (EndReason.REVOKED, LATER.date(), "不再符合条件")
    assert not due_by(DUE).exists()
    with pytest.raises(NotPossible):
        reexamine(row, examined(True, LATER.date()), actor=staff["city"], at=LATER)
    assert list(fact_faults(limit=3)) == []


def test_nobody_but_the_city_without_a_tie_re_examines(row, staff):
    with pytest.raises(NotAllowed):
        reexamine(row, examined(True, LATER.date()), actor=staff["district"], at=LATER)


def test_what_was_granted_is_not_corrected_like_what_was_copied_from_a_document(row, staff):
    said = StatedTitle(row.stage, RECOGNISED, "常知发〔2026〕1号", "市局", "city")
    with pytest.raises(NotPossible) as refused:
        correct_title(row, said, Act("抄录有误", staff["city"], LATER))
    assert refused.value.refusals[0].code == "title_granted"
    client = Client()
    client.force_login(staff["city"])
    page = client.get(reverse("title", args=[row.ledger_number])).content.decode()
    assert row.title.document in page
    assert reverse("title-correction", args=[row.ledger_number]) not in page


def test_one_recognised_before_the_registry_gets_its_document_and_may_be_corrected(staff):
    of = make.enterprise()
    said = StatedTitle(ranked.STAGE, date(2025, 10, 9), "常知发〔2025〕8号", "常州市知识产权局", "city")
    with pytest.raises(Refused) as refused:
        record_title(of, said, actor=staff["city"], at=make.NOW)
    assert [each.code for each in refused.value.refusals] == ["title_applied_for"]
    bare = make.achievement(of, ranked.STAGE, said.effective_on)
    made = record_title(of, said, actor=staff["city"], at=make.NOW)
    assert (made.achievement, made.reexamine_on) == (bare, date(2027, 10, 9))
    anew = correct_title(bare, said, Act("抄录有误", staff["city"], make.NOW))
    assert anew.achievement != bare
    assert list(fact_faults(limit=3)) == []
