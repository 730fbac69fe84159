"""The first time limits for corrections: brought once; a frozen rulebook is followed by a version with them."""

from datetime import date, timedelta

import pytest

from certification.audit import fact_faults
from certification.models import RouteStep, Rulebook
from certification.reference import load_rulebooks
from certification.services import initial_limits
from certification.services.rulebook_changes import copy_rulebook, rulebook_contents
from certification.services.rulebook_versions import book_of
from certification.services.rulebooks import content_of, rule_in_force
from enterprises.models import AuditEvent, EventKind
from enterprises.roles import Role
from ledger.contents import content_digest, record_loaded
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = make.NOW.date()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def older(monkeypatch):
    """An installation whose rules are older than such limits."""
    RouteStep.objects.update(correction_days=None)
    record_loaded(Verb.RULEBOOK_CHANGED, rulebook_contents(), list(rulebook_contents()), at=make.NOW)
    monkeypatch.setattr(initial_limits, "MARK", "limits_of_this_test")
    assert list(fact_faults(limit=9)) == []
    return Rulebook.objects.get(in_force_from=date(2026, 1, 1))


def days_of(book):
    return set(RouteStep.objects.filter(rule__rulebook=book).values_list("correction_days", flat=True))


def test_a_new_installation_has_them_from_this_years_rules_on():
    assert [days_of(book) for book in Rulebook.objects.order_by("in_force_from")] == [{None}, {15}]
    assert "补正期限未见公开文件，为系统初始值，非官方标准" in book_of(TODAY).basis


def test_rules_without_any_keep_the_digest_they_were_frozen_with(older):
    before = content_digest(content_of(older))
    RouteStep.objects.filter(rule__rulebook=older, level="city").update(correction_days=15)
    assert content_digest(content_of(older)) != before
    assert "correction_days" not in str(content_of(Rulebook.objects.get(in_force_from=date(2016, 1, 1)))["stages"][0])


def test_what_may_still_change_gets_them_in_place(older):
    load_rulebooks(at=make.NOW)
    assert days_of(older) == {15}
    noted = AuditEvent.objects.filter(kind=EventKind.SETTING_CHANGED, account=None)
    assert [each.detail["fields"] for each in noted] == [[initial_limits.MARK]]
    older.refresh_from_db()
    assert older.basis.endswith(initial_limits.REASON)
    assert "非官方标准" in initial_limits.REASON
    assert not Rulebook.objects.filter(in_force_from__gt=TODAY).exists()
    assert list(fact_faults(limit=9)) == []


def test_a_frozen_rulebook_is_followed_by_a_version_and_left_alone(older):
    person = make.applicant()
    row = make.step(make.filled(person), "submit", person)
    older.refresh_from_db()
    digest = older.digest
    load_rulebooks(at=make.NOW)
    older.refresh_from_db()
    assert (days_of(older), older.digest, content_digest(content_of(older))) == ({None}, digest, digest)
    version = Rulebook.objects.get(in_force_from=TOMORROW)
    assert (days_of(version), version.is_frozen) == ({15}, False)
    assert version.basis.endswith(initial_limits.REASON)
    assert {step.correction_days for step in rule_in_force(row.stage, on=TOMORROW).route} == {15}
    assert make.step(row, "return", make.reviewers()["township"], remark=make.Remark("请补正")).correct_by is None
    assert list(fact_faults(limit=9)) == []


def test_a_prepared_rulebook_gets_them_too(older):
    coming = copy_rulebook(older, in_force_from=date(2027, 1, 1), actor=make.account(Role.CITY_REVIEWER), at=make.NOW)
    load_rulebooks(at=make.NOW)
    assert (days_of(coming), days_of(older)) == ({15}, {15})


def test_what_the_city_makes_of_them_afterwards_stays(older):
    load_rulebooks(at=make.NOW)
    RouteStep.objects.update(correction_days=None)
    record_loaded(Verb.RULEBOOK_CHANGED, rulebook_contents(), list(rulebook_contents()), at=make.NOW)
    count = LedgerEntry.objects.count()
    for days in range(3):
        load_rulebooks(at=make.NOW + timedelta(days=days))
    assert LedgerEntry.objects.count() == count
    assert days_of(older) == {None}
