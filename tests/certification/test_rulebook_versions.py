"""A frozen rulebook that is older than a stage: followed by a version with it, and never changed itself."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from certification.audit import fact_faults
from certification.errors import NotAllowed, NotPossible, Refused
from certification.models import DocumentWording, PanelRule, Rulebook, StageRule
from certification.reference import load_rulebooks
from certification.services.rulebook_changes import rulebook_contents
from certification.services.rulebook_versions import lacking_now, supplement_rulebook
from certification.services.rulebooks import content_of, rule_in_force
from enterprises.roles import Role
from ledger.contents import content_digest, record_loaded
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from tests import factories as make

pytestmark = pytest.mark.django_db
NEW = ("guanbiao.certification", "guanbiao.evaluation")
TODAY, TOMORROW = make.NOW.date(), make.NOW.date() + timedelta(days=1)


@pytest.fixture
def city():
    return make.account(Role.CITY_REVIEWER)


@pytest.fixture
def old():
    """The rulebook of this year as an installation has it that is older than two stages, with a case under it."""
    DocumentWording.objects.filter(rule__stage__in=NEW).delete()
    StageRule.objects.filter(stage__in=NEW).delete()
    record_loaded(Verb.RULEBOOK_CHANGED, rulebook_contents(), list(rulebook_contents()), at=make.NOW)
    person = make.applicant()
    make.step(make.filled(person), "submit", person)
    book = Rulebook.objects.get(in_force_from=date(2026, 1, 1))
    assert book.is_frozen
    return book


def supplemented(book, actor, day=TOMORROW, reason="依据〔2026〕3 号文开展绩效评价"):
    return supplement_rulebook(book, in_force_from=day, reason=reason, actor=actor, at=make.NOW)


def test_an_upgrade_adds_a_version_from_tomorrow_and_leaves_the_frozen_rules_alone(old):
    before = content_digest(content_of(old))
    with pytest.raises(NotPossible):
        rule_in_force("guanbiao.evaluation", on=TODAY)
    load_rulebooks(at=make.NOW)
    with pytest.raises(NotPossible):
        rule_in_force("guanbiao.evaluation", on=TODAY)
    rules = rule_in_force("guanbiao.evaluation", on=TOMORROW)
    assert (rules.row.rulebook.in_force_from, rules.row.rulebook.is_frozen) == (TOMORROW, False)
    assert [(wait.after_stage, wait.months) for wait in rules.rule.waits] == [("guanbiao.implementation", 12)]
    assert PanelRule.objects.get(rule=rules.rule_id).correction_days == 30
    assert DocumentWording.objects.filter(rule=rules.rule_id).exists()
    old.refresh_from_db()
    assert content_digest(content_of(old)) == before == old.digest
    assert (
        rule_in_force("guanbiao.cultivation", on=TOMORROW).rule.fields
        == rule_in_force("guanbiao.cultivation", on=TODAY).rule.fields
    )
    entry = LedgerEntry.objects.filter(verb="rulebook.changed", payload__contains='"supplements"').get()
    assert "rulebook:2026:2026-01-01" in entry.payload
    assert list(fact_faults(limit=9)) == []


def test_seeding_again_adds_nothing(old):
    for _ in range(2):
        load_rulebooks(at=make.NOW)
    load_rulebooks(at=make.NOW + timedelta(days=3))
    assert Rulebook.objects.filter(in_force_from__gt=date(2026, 1, 1)).count() == 1
    assert lacking_now(on=TODAY) is None


def test_what_is_submitted_from_then_on_freezes_the_version_and_the_audit_follows(old):
    load_rulebooks(at=make.NOW)
    person, later = make.applicant(), make.NOW + timedelta(days=2)
    row = make.step(make.filled(person), "submit", person, at=later)
    assert row.rule.rulebook.in_force_from == TOMORROW
    assert row.rule.rulebook.is_frozen
    assert list(fact_faults(limit=9)) == []


def test_a_stage_that_the_city_took_out_is_only_brought_back_by_the_city(old, city, capsys):
    StageRule.objects.create(
        rulebook=Rulebook.objects.get(in_force_from=date(2016, 1, 1)), stage="guanbiao.evaluation", basis="x"
    )
    load_rulebooks(at=make.NOW)
    made = Rulebook.objects.get(in_force_from=TOMORROW)
    assert set(made.stage_rules.values_list("stage", flat=True)) & set(NEW) == {"guanbiao.certification"}


def test_the_seed_says_what_only_the_city_may_supplement(old, capsys, settings):
    first = Rulebook.objects.get(in_force_from=date(2016, 1, 1))
    for stage in NEW:
        StageRule.objects.create(rulebook=first, stage=stage, basis="x")
    settings.DEMO_DATA = False
    call_command("seed", verbosity=0)
    assert "绩效评价" in capsys.readouterr().out
    assert not Rulebook.objects.filter(in_force_from__gt=date(2026, 1, 1)).exists()


def test_the_city_supplements_with_a_reason_on_record(old, city):
    made = supplemented(old, city)
    assert made.basis.endswith("开展绩效评价")
    assert set(NEW) <= set(made.stage_rules.values_list("stage", flat=True))
    entry = LedgerEntry.objects.filter(verb="rulebook.changed").latest("number")
    assert (entry.actor, entry.subject) == (f"account:{city.pk}", f"rulebook:2026:{TOMORROW}")
    assert list(fact_faults(limit=9)) == []
    with pytest.raises(NotPossible):
        supplemented(made, city, TOMORROW + timedelta(days=1))  # not frozen: it is edited


def test_nobody_else_and_nothing_else(old, city):
    for role in (Role.DISTRICT_REVIEWER, Role.SYSTEM_ADMIN, Role.PLAN_MANAGER):
        with pytest.raises(NotAllowed):
            supplemented(old, make.account(role))
    for wrong, code in (({"day": TODAY}, "rulebook_start"), ({"reason": " "}, "reason_length")):
        with pytest.raises(Refused) as refused:
            supplemented(old, city, **wrong)
        assert [refusal.code for refusal in refused.value.refusals] == [code]
    supplemented(old, city, TOMORROW + timedelta(days=4))
    with pytest.raises(Refused):
        supplemented(old, city, TOMORROW + timedelta(days=4))
    assert Rulebook.objects.filter(in_force_from__gt=date(2026, 1, 1)).count() == 1
