"""Yearly figures break ties: those that each application rests on, and the public sees those that do alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from certification.errors import Refused
from certification.ranked_views import ranked_view, ranking_of
from certification.services.figures import stated_for
from certification.services.frozen_copies import frozen_of, latest_copy
from certification.services.public_notices import publish_results
from certification.services.sealing import seal
from certification.services.selection_terms import keep_terms
from tests import factories as make
from tests import facts, panels, ranked
from tests.ranked import RULES

pytestmark = pytest.mark.django_db
YEAR = make.NOW.year - 1
TIED = replace(RULES, ties=("fact:yearly.invention_applied", "lot"))
BEFORE, AFTER = make.NOW - timedelta(days=1), make.NOW + timedelta(seconds=1)


def test_equal_scores_are_told_apart_by_the_figures_that_were_stated_before_submission():
    staff, said = make.reviewers(), iter(["3", "9"])

    def stating(person):
        facts.figures(person.enterprise, YEAR, by=person, at=BEFORE, invention_applied=next(said))

    batch, (low, high) = ranked.frozen(staff, "0.8", "0.8", terms=TIED, before=stating)
    assert [line.application for line in ranked_view(batch).lines] == [high.number, low.number]
    seal(batch, ranked.tried(batch, staff["city"]).pk, actor=staff["city"], at=panels.LATER)
    notice = publish_results(batch, actor=staff["city"], at=panels.LATER)
    assert {each["application"]: each["facts"] for each in ranking_of(notice)["candidates"]} == {
        low.number: {"yearly.invention_applied": "3"},
        high.number: {"yearly.invention_applied": "9"},
    }


def test_a_version_of_after_the_submission_and_another_year_count_for_nothing(django_assert_num_queries):
    batch, rows = ranked.frozen(make.reviewers(), "0.9", "0.8", terms=TIED)
    for year, at in ((YEAR - 1, BEFORE), (YEAR, AFTER)):
        facts.figures(rows[0].enterprise, year, at=at)
    with django_assert_num_queries(1):
        assert stated_for(rows, YEAR) == {}
    facts_known = [each.contender.facts for each in frozen_of(latest_copy(batch))]
    assert all("own_ip_share" in known and "yearly.own_ip_share" not in known for known in facts_known)


def test_a_tie_rule_names_an_item_that_there_is():
    staff = make.reviewers()
    row, wrong = ranked.planned(staff["city"]), replace(RULES, ties=("fact:yearly.unknown", "lot"))
    with pytest.raises(Refused) as refused:
        keep_terms(row, wrong, actor=staff["city"], at=make.NOW)
    assert [each.code for each in refused.value.refusals] == ["tie_rule_unknown"]
