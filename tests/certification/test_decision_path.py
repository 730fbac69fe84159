"""The way of a decision is short: few statements, rules read once and only while they cannot change, nothing stale."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.errors import StaleStage
from certification.models import (
    Application,
    ApplicationStep,
    Decision,
    Edition,
    EvidenceRule,
    FieldRule,
    ModuleItem,
    RouteStep,
    Rulebook,
    StageRule,
    WaitRule,
)
from certification.services import door
from certification.services.rulebooks import content_of, content_of_rule, rules_of
from certification.services.standing import standing_of
from enterprises.models.enterprise import EnterpriseLocation, HighTechPeriod
from enterprises.places import Place, place_of
from ledger.canonical import text_of
from ledger.models import LedgerEntry
from ledger.prepared import ask
from tests import factories as make

pytestmark = pytest.mark.django_db
POSTGRESQL = connection.vendor == "postgresql"


@pytest.fixture
def staff():
    return make.reviewers()


@pytest.fixture
def qiye():
    return make.applicant()


def at_city(qiye, staff, *, stage="guanbiao.cultivation"):
    row = make.step(make.filled(qiye, stage=stage), "submit", qiye)
    for level in ("township", "district"):
        row = make.step(make.step(row, "accept", staff[level]), "recommend", staff[level])
    return make.step(row, "accept", staff["city"])


def test_an_approval_is_a_handful_of_statements(qiye, staff):
    """Savepoint and release, lock with standing, facts, calendar, place, wordings, then all that is written.

    SQLite counts every statement, PostgreSQL every trip to the server.
    """
    row = at_city(qiye, staff)
    rules_of(row.rule_id)  # as a process that has met these rules before
    with CaptureQueriesContext(connection) as asked:
        row = make.step(row, "approve", staff["city"], at=make.NOW + timedelta(days=5))
    assert row.status == "approved"
    assert len(asked) == (6 if POSTGRESQL else 20), [query["sql"][:90] for query in asked.captured_queries]


def test_the_head_of_the_ledger_is_locked_after_every_reading(qiye, staff):
    row = at_city(qiye, staff)
    with CaptureQueriesContext(connection) as asked:
        make.step(row, "approve", staff["city"], at=make.NOW + timedelta(days=5))
    sent = [query["sql"] for query in asked.captured_queries]
    locked = next(place for place, sql in enumerate(sent) if "ledger_ledgerhead" in sql)
    later = [sql for sql in sent[locked + 1 :] if not sql.startswith(("INSERT", "UPDATE", "RELEASE"))]
    assert all("ledger_ledgerentry" in sql for sql in later), later  # the tails of the enterprise's own chain


def test_standing_is_what_the_rows_say(qiye, staff):
    row = at_city(qiye, staff)
    standing = standing_of(row, staff["township"])
    assert standing.enterprise == qiye.enterprise
    assert standing.enterprise.contact_phone == "13800000000"
    assert standing.enterprise.township == qiye.enterprise.township
    assert standing.step == ApplicationStep.objects.get(application=row, closed_at__isnull=True)
    assert standing.was_accepted
    assert standing.digest == Rulebook.objects.get(stage_rules=row.rule_id).digest != ""
    assert (standing.own_interest, standing.decided_before) == (False, True)
    assert not standing_of(row, staff["city"]).decided_before
    assert [standing_of(row, one).applied_before for one in (qiye, *staff.values())] == [True, False, False, False]
    assert standing_of(row, qiye).own_interest


def test_whoever_changes_the_row_under_the_door_stops_it(qiye, staff, monkeypatch):
    row = at_city(qiye, staff)
    numbers = LedgerEntry.objects.count()
    locked = door.locked

    def overtaken(application, actor):
        found = locked(application, actor)
        Application.objects.filter(pk=application.pk).update(version=99)
        return found

    monkeypatch.setattr(door, "locked", overtaken)
    with pytest.raises(StaleStage):
        make.step(row, "approve", staff["city"])
    assert LedgerEntry.objects.count() == numbers
    assert not Decision.objects.filter(application=row, action="approve").exists()
    assert Application.objects.get(pk=row.pk).status == "accepted"


def test_rules_that_may_still_change_are_read_every_time(qiye):
    rule = make.draft(qiye).rule
    assert rules_of(rule.pk).is_last("city")
    RouteStep.objects.filter(rule=rule, level="city").delete()
    assert rules_of(rule.pk).is_last("district")


def test_frozen_rules_are_read_once_and_known_by_their_digest(qiye):
    row = make.step(make.filled(qiye), "submit", qiye)
    assert rules_of(row.rule_id).route
    with CaptureQueriesContext(connection) as asked:
        rules = rules_of(row.rule_id)
        assert rules.rule.fields
        assert rules.is_last("city")
    assert len(asked) == 1  # the row with its digest
    FieldRule.objects.filter(rule=row.rule_id, code="employees").update(label="从业人数")
    Rulebook.objects.filter(stage_rules=row.rule_id).update(digest="f" * 64)
    assert "从业人数" in [need.label for need in rules_of(row.rule_id).rule.fields]


CHANGES = [
    (StageRule, {"basis": "第九条"}),
    (Rulebook, {"year": 2031}),
    (Edition, {"minimum_chosen_modules": 9}),
    (RouteStep, {"level": "x"}),
    (RouteStep, {"accept_days": 77}),
    (RouteStep, {"decide_days": 77}),
    (RouteStep, {"correction_days": 77}),
    (RouteStep, {"order": 77}),
    (WaitRule, {"months": 77}),
    (WaitRule, {"basis": "第九条"}),
    (WaitRule, {"after_stage": "guanbiao.evaluation"}),
    *((FieldRule, {name: "x"}) for name in ("code", "label", "label_en", "kind", "unit", "help_text")),
    (FieldRule, {"required": False}),
    (FieldRule, {"is_past": True}),
    (FieldRule, {"choices": [["x", "y"]]}),
    (FieldRule, {"minimum": 777}),
    (FieldRule, {"maximum": 7777}),
    (FieldRule, {"max_length": 77}),
    (FieldRule, {"order": 77}),
    *((EvidenceRule, {name: "x"}) for name in ("code", "label", "label_en", "group", "basis", "help_text")),
    (EvidenceRule, {"required": False}),
    (EvidenceRule, {"order": 77}),
    *((ModuleItem, {name: "x"}) for name in ("code", "title", "title_en", "chapter")),
    (ModuleItem, {"obligatory": True}),
    (ModuleItem, {"order": 77}),
]


@pytest.mark.parametrize(("model", "change"), CHANGES)
def test_the_digest_is_of_everything_that_frozen_rules_keep_in_memory(model, change):
    """Otherwise a rule could change under a process that goes on with the old one."""
    book = Rulebook.objects.order_by("in_force_from").last()
    rule = StageRule.objects.get(rulebook=book, stage="guanbiao.implementation")
    one = {
        StageRule: {"pk": rule.pk},
        Rulebook: {"pk": book.pk},
        Edition: {"pk": rule.edition_id},
        ModuleItem: {"edition": rule.edition, "obligatory": False},
    }.get(model, {"rule": rule})
    target = model.objects.filter(**one).order_by("pk").first()
    content, text = content_of_rule(rule.pk), text_of(content_of(book))
    model.objects.filter(pk=target.pk).update(**change)
    assert text_of(content_of(Rulebook.objects.get(pk=book.pk))) != text
    changed = content_of_rule(rule.pk)
    assert model is RouteStep or changed != content


def test_every_column_of_the_rules_is_tried():
    """A new column is to be thought of here: either it is in the digest, or nothing in memory depends on it."""
    aside = {"id", "rule", "edition", "rulebook", "code", "stage"}
    of_pages = {StageRule: {"guidance"}, Edition: {"title", "in_force_from", "in_force_to", "note"}}
    of_pages[Rulebook] = {"title", "basis", "in_force_from", "in_force_to", "frozen_at", "digest"}
    for model in (StageRule, Rulebook, Edition, RouteStep, WaitRule, FieldRule, EvidenceRule, ModuleItem):
        tried = {name for each, change in CHANGES if each is model for name in change}
        columns = {field.name for field in model._meta.concrete_fields}
        assert columns - aside - of_pages.get(model, set()) <= tried, model


def test_an_enterprise_was_where_it_was_on_the_day():
    qiye = make.enterprise()
    first = EnterpriseLocation.objects.get(enterprise=qiye)
    moved = first.valid_from + timedelta(days=100)
    EnterpriseLocation.objects.filter(pk=first.pk).update(valid_to=moved - timedelta(days=1))
    EnterpriseLocation.objects.create(
        enterprise=qiye, township_id=make.FAR_TOWN, reporting_unit_id="liyang", valid_from=moved
    )
    HighTechPeriod.objects.create(enterprise=qiye, valid_from=moved, valid_to=moved + timedelta(days=1))
    here, there = (make.TOWN, "wujin"), (make.FAR_TOWN, "liyang")
    for day, place, high_tech in (
        (date(1990, 1, 1), here, False),  # before the first known place: that place
        (first.valid_from, here, False),
        (moved - timedelta(days=1), here, False),
        (moved, there, True),
        (moved + timedelta(days=2), there, False),
    ):
        assert ask(place_of(qiye, on=day)) == Place(*place, high_tech)
    EnterpriseLocation.objects.filter(enterprise=qiye).delete()
    with pytest.raises(EnterpriseLocation.DoesNotExist):
        ask(place_of(qiye, on=moved))
