"""Rounds (实施-改进-再实施): one after the other, each with its modules; the enterprise is counted once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from certification.audit import fact_faults
from certification.coverage import EVALUATION, IMPLEMENTATION, Taken, cover
from certification.errors import NotPossible, Refused
from certification.gates import not_achieved_today, not_already_achieved, prerequisites_met, whole_system_covered
from certification.models import Achievement, Span
from certification.needs import Dossier, ModuleNeed, Rule, Wait
from certification.services.achievements import end_achievement
from certification.services.applications import open_application, save_draft
from certification.services.coverage import coverage_maps
from certification.services.dossiers import outlook
from certification.services.evidence import attach
from certification.services.rulebooks import rules_of
from certification.totals.checkpoint import fold
from ledger.models import LedgerEntry
from tests import factories as make

LATER = make.NOW + timedelta(days=45)
FIRST, DAY = date(2026, 1, 5), date(2026, 11, 20)


def codes(refusals):
    return [refusal.code for refusal in refusals]


# --- pure ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reached", "asked", "found"),
    [
        ({}, 0, []),
        ({}, 1, []),
        ({}, 2, ["round_not_next"]),
        ({1: FIRST}, 0, []),
        ({1: FIRST}, 1, ["already_achieved"]),
        ({1: FIRST}, 2, []),
        ({1: FIRST}, 3, ["round_not_next"]),
        ({2: FIRST}, 1, ["already_achieved"]),
        ({1: FIRST, 2: FIRST}, 3, []),
    ],
)
def test_only_the_next_round_can_be_applied_for(reached, asked, found):
    dossier = Dossier(day=DAY, rounds={IMPLEMENTATION: reached}, round=asked)
    assert codes(not_already_achieved(Rule(IMPLEMENTATION, 2026), dossier)) == found


def test_a_stage_without_rounds_is_reached_once():
    dossier = Dossier(day=DAY, rounds={"guanbiao.cultivation": {1: FIRST}})
    assert codes(not_already_achieved(Rule("guanbiao.cultivation", 2026), dossier)) == ["already_achieved"]


def test_two_rounds_are_not_reached_on_one_day():
    dossier = Dossier(day=DAY, rounds={IMPLEMENTATION: {1: DAY}}, round=2)
    (refusal,) = not_achieved_today(Rule(IMPLEMENTATION, 2026), dossier)
    assert refusal.possible_on == DAY + timedelta(days=1)


def test_an_evaluation_rests_on_the_implementation_of_its_own_round():
    rule = Rule(EVALUATION, 2026, waits=(Wait(IMPLEMENTATION, 6),))
    rounds = {IMPLEMENTATION: {1: FIRST}, EVALUATION: {1: FIRST}}
    (refusal,) = prerequisites_met(rule, Dossier(day=DAY, rounds=rounds, round=2))
    assert "第 2 轮" in refusal.message
    rounds[IMPLEMENTATION] = {1: FIRST, 2: FIRST}
    assert prerequisites_met(rule, Dossier(day=DAY, rounds=rounds, round=2)) == []


def test_rounds_add_up_module_by_module():
    taken = [
        Taken(IMPLEMENTATION, 1, "E", frozenset({"4", "7.1"})),
        Taken(IMPLEMENTATION, 2, "E", frozenset({"4", "7.2"})),
        Taken(IMPLEMENTATION, 3, "F", frozenset({"7.3"})),
        Taken(IMPLEMENTATION, 4),
        Taken(EVALUATION, 2, "E"),
    ]
    found = cover(["4", "7.1", "7.2", "7.3"], taken, edition="E")
    states = {code: (each.state, each.implemented, each.evaluated) for code, each in found.modules.items()}
    assert states == {
        "4": ("evaluated", (1, 2), (2,)),
        "7.1": ("implemented", (1,), ()),
        "7.2": ("evaluated", (2,), (2,)),
        "7.3": ("none", (), ()),  # of another edition
    }
    assert (found.bare, found.untold, found.rounds) == (("7.3",), (4,), (1, 2))


def test_the_whole_system_is_asked_module_by_module():
    menu = tuple(ModuleNeed(code, "获取", code[0], obligatory=False) for code in ("7.1", "7.2"))
    rule = Rule("guanbiao.certification", 2026, edition="E", modules=menu)
    part = (Taken(IMPLEMENTATION, 1, "E", frozenset({"7.1"})),)
    (refusal,) = whole_system_covered(rule, Dossier(day=DAY, taken_in=part))
    assert refusal.code == "system_not_covered"
    assert "7.2" in refusal.message
    assert "7.1" not in refusal.message
    rest = (*part, Taken(IMPLEMENTATION, 2, "E", frozenset({"7.2"})))
    assert whole_system_covered(rule, Dossier(day=DAY, taken_in=rest)) == []


# --- through the services -----------------------------------------------------------------------------


def again(qiye, staff, modules, at):
    """The next round of implementation, all the way."""
    row = open_application(qiye.enterprise, IMPLEMENTATION, actor=qiye, at=at)
    row = save_draft(row, fields=make.VALUES[IMPLEMENTATION], modules=modules, actor=qiye, at=at)
    for need in rules_of(row.rule_id).rule.evidence:
        attach(row, requirement=need.code, filename="材料.pdf", content=make.PDF, actor=qiye, at=at)
    row = make.step(row, "submit", qiye, at=at)
    for level, action in (("township", "recommend"), ("district", "recommend"), ("city", "approve")):
        row = make.step(make.step(row, "accept", staff[level], at=at), action, staff[level], at=at)
    return row


@pytest.fixture
def qiye(db):
    account = make.applicant()
    make.achievement(account.enterprise, "guanbiao.cultivation", FIRST)
    return account


@pytest.fixture
def staff(db):
    return make.reviewers()


def counted():
    """What figures are made of: the enterprises inside the count, and whether a recount agrees."""
    fold(at=LATER)
    call_command("recount", check=True)
    spans = Span.objects.filter(indicator="guanbiao_enterprises")
    return sorted(spans.values_list("aspect", "enterprise", "unit", "start", "stop"))


@pytest.mark.django_db
def test_a_later_round_adds_its_modules_and_no_enterprise(qiye, staff):
    first = make.approved(qiye, staff, stage=IMPLEMENTATION)
    before = counted()
    second = again(qiye, staff, ["7.4", "8-1"], LATER)
    assert (first.round, second.round, Achievement.objects.get(application=second).round) == (1, 2, 2)
    assert counted() == before
    entry = LedgerEntry.objects.get(subject=f"application:{second.number}", verb="application.opened")
    assert '"round":2' in entry.payload
    assert list(fact_faults(limit=5)) == []
    (found,) = [each for each in coverage_maps(qiye.enterprise, on=date(2027, 6, 1)) if each.is_current]
    rounds = {each.module.code: each.cover.implemented for each in found.modules}
    assert (rounds["7.1"], rounds["7.4"], rounds["4"], rounds["7.2"]) == ((1,), (2,), (1, 2), ())
    assert not found.is_whole


@pytest.mark.django_db
def test_the_round_asked_for_must_be_the_next(qiye, staff):
    make.approved(qiye, staff, stage=IMPLEMENTATION)
    for number, code in ((1, "already_achieved"), (3, "round_not_next")):
        with pytest.raises(NotPossible) as refused:
            open_application(qiye.enterprise, IMPLEMENTATION, actor=qiye, at=LATER, number=number)
        assert codes(refused.value.refusals) == [code]
    with pytest.raises(Refused) as refused:
        open_application(qiye.enterprise, "guanbiao.cultivation", actor=qiye, at=LATER, number=2)
    assert codes(refused.value.refusals) == ["no_rounds"]
    assert open_application(qiye.enterprise, IMPLEMENTATION, actor=qiye, at=LATER, number=2).round == 2


@pytest.mark.django_db
def test_a_second_round_is_not_approved_on_the_day_of_the_first(qiye, staff):
    make.approved(qiye, staff, stage=IMPLEMENTATION)
    with pytest.raises(Refused) as refused:
        again(qiye, staff, ["7.2"], make.NOW + timedelta(minutes=5))
    assert codes(refused.value.refusals) == ["achieved_today"]


@pytest.mark.django_db
def test_a_revoked_round_is_applied_for_anew(qiye, staff):
    row = make.approved(qiye, staff, stage=IMPLEMENTATION)
    day = datetime(2026, 11, 25, 2, tzinfo=UTC)
    said = {"reason": "revoked", "ended_on": day.date(), "ground": "弄虚作假"}
    end_achievement(Achievement.objects.get(application=row), **said, actor=staff["city"], at=day)
    again_first = again(qiye, staff, ["7.2"], LATER)
    assert (again_first.round, Achievement.objects.get(application=again_first).round) == (1, 1)
    (found,) = [each for each in coverage_maps(qiye.enterprise, on=date(2027, 6, 1)) if each.is_current]
    assert {each.module.code: each.cover.state for each in found.modules}["7.1"] == "none"


@pytest.mark.django_db
def test_the_outlook_names_the_round_that_is_next(qiye, staff):
    make.approved(qiye, staff, stage=IMPLEMENTATION)
    _cultivation, implementation, *_ = outlook(qiye.enterprise, on=LATER.date(), seen_by=qiye)
    assert (implementation.round, implementation.reached_on, implementation.is_open) == (2, DAY, True)
