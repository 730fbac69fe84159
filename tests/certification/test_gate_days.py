"""What is missing says from which day on it is possible: days that are ahead, windows that are announced."""

from datetime import date, timedelta

import pytest

from certification.errors import Refused
from certification.models import Batch, FieldRule, Rulebook
from certification.services.applications import save_draft
from certification.services.dossiers import missing_for, outlook
from certification.services.rulebooks import content_of, rules_of
from ledger.contents import content_digest
from tests import factories as make
from tests import panels

pytestmark = pytest.mark.django_db
TODAY = make.NOW.date()
DATES = {"implemented_since", "internal_audit_on", "management_review_on"}


@pytest.fixture
def city():
    return make.reviewers()["city"]


def test_an_audit_that_is_still_ahead_is_not_on_file(city):
    panels.batch(city)
    person, ahead = panels.ready(), TODAY + timedelta(days=3)
    row = make.filled(person, stage=panels.STAGE)
    values = {**make.VALUES[panels.STAGE], "internal_audit_on": str(ahead)}
    row = save_draft(row, fields=values, actor=person, at=make.NOW)
    (refusal,) = missing_for(row, rules_of(row.rule_id), on=TODAY)
    assert (refusal.code, refusal.field, refusal.possible_on) == ("day_ahead", "internal_audit_on", ahead)
    with pytest.raises(Refused):
        make.step(row, "submit", person)
    assert missing_for(row, rules_of(row.rule_id), on=ahead) == []


def test_which_days_may_not_be_ahead_is_a_row_of_the_rulebook(city):
    rows = FieldRule.objects.filter(rule__stage=panels.STAGE, rule__rulebook__in_force_from=date(2026, 1, 1))
    assert set(rows.filter(is_past=True).values_list("code", flat=True)) == DATES
    book = Rulebook.objects.get(in_force_from=date(2026, 1, 1))
    before = content_digest(content_of(book))
    rows.filter(code="internal_audit_on").update(is_past=False)
    assert content_digest(content_of(book)) != before


def test_a_rule_that_says_nothing_of_later_columns_keeps_its_digest():
    book = Rulebook.objects.get(in_force_from=date(2016, 1, 1))
    FieldRule.objects.filter(rule__rulebook=book).update(is_past=False)
    for stage in content_of(book)["stages"]:
        assert all("is_past" not in field for field in stage["fields"])
    told = [panel for stage in content_of(book)["stages"] for panel in stage.get("panel", ())]
    assert [panel["correction_days"] for panel in told] == [30, 30]


def test_an_announced_window_says_its_first_day(city):
    held, person = panels.batch(city), panels.ready()
    opens_on = TODAY + timedelta(days=9)
    Batch.objects.filter(pk=held.pk).update(opens_on=opens_on)
    found = {each.stage.code: each for each in outlook(person.enterprise, on=TODAY, seen_by=person)}[panels.STAGE]
    (closed,) = [refusal for refusal in found.missing if refusal.code == "window_closed"]
    assert (closed.possible_on, found.possible_on) == (opens_on, opens_on)
    Batch.objects.filter(pk=held.pk).update(state="planned")  # not announced yet
    found = {each.stage.code: each for each in outlook(person.enterprise, on=TODAY, seen_by=person)}[panels.STAGE]
    (closed,) = [refusal for refusal in found.missing if refusal.code == "window_closed"]
    assert closed.possible_on is None
