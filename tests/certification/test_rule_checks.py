"""Rules that nobody could work with are refused where they are typed; unfinished ones are not in force."""

from datetime import date

import pytest

from certification.errors import NotPossible, Refused
from certification.models import FieldRule, RouteStep, Rulebook, StageRule, WaitRule
from certification.services.rule_checks import check_stage_rule
from certification.services.rulebook_changes import copy_rulebook, keep_rulebook, keep_stage_rule
from certification.services.rulebooks import rule_in_force
from enterprises.models import Account
from enterprises.roles import Role
from enterprises.services.rows import Rows
from tests import factories as make

pytestmark = pytest.mark.django_db
CULTIVATION, IMPLEMENTATION = "guanbiao.cultivation", "guanbiao.implementation"
NEXT_YEAR = date(2027, 1, 1)


@pytest.fixture
def city() -> Account:
    return make.account(Role.CITY_REVIEWER)


@pytest.fixture
def rule(city: Account) -> StageRule:
    """Next year's rule, which may still be edited."""
    book = copy_rulebook(Rulebook.objects.latest("in_force_from"), in_force_from=NEXT_YEAR, actor=city, at=make.NOW)
    return book.stage_rules.get(stage=IMPLEMENTATION)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def test_all_rules_that_come_with_the_registry_can_be_worked_with() -> None:
    assert StageRule.objects.count() > 0
    for each in StageRule.objects.all():
        check_stage_rule(each)


CHOICES = ([1, 2], {"a": 1}, "abc", [["a"]], [], [["a", ""]], [["a", "甲"], ["a", "乙"]], [[["x"], "甲"]], None)


@pytest.mark.parametrize("choices", CHOICES)
def test_choices_of_another_form_are_refused(choices: object, rule: StageRule, city: Account) -> None:
    field = FieldRule(code="colour", label="颜色", kind="choice", choices=choices)
    if choices is None:
        field.choices = [["a", "甲"]]
        field.kind = "text"
    with pytest.raises(Refused) as refused:
        keep_stage_rule(rule, parts=Rows([field]), actor=city, at=make.NOW)
    assert codes(refused) == {"field_choices"}
    assert "颜色" in str(refused.value)
    assert not FieldRule.objects.filter(rule=rule, code="colour").exists()


def test_ranges_the_wrong_way_round_are_refused(rule: StageRule, city: Account) -> None:
    field = FieldRule(code="number", label="数量", kind="integer", minimum=5, maximum=1)
    with pytest.raises(Refused) as refused:
        keep_stage_rule(rule, parts=Rows([field]), actor=city, at=make.NOW)
    assert codes(refused) == {"field_range"}


@pytest.mark.parametrize(
    ("stage", "months", "expected"),
    [(CULTIVATION, 30000, {"wait_months"}), (IMPLEMENTATION, 6, {"wait_on_itself"})],
)
def test_waits_that_are_never_over_are_refused(
    stage: str, months: int, expected: set[str], rule: StageRule, city: Account
) -> None:
    rule.waits.all().delete()
    wait = WaitRule(after_stage=stage, months=months)
    with pytest.raises(Refused) as refused:
        keep_stage_rule(rule, parts=Rows([wait]), actor=city, at=make.NOW)
    assert codes(refused) == expected


def route(*levels: str, days: int = 5) -> Rows:
    steps = enumerate(levels, start=1)
    return Rows([RouteStep(order=n, level=level, accept_days=days, decide_days=days) for n, level in steps])


@pytest.mark.parametrize("levels", [("city", "township"), ("district", "township", "city"), ("township", "district")])
def test_the_city_decides_last(levels: tuple[str, ...], rule: StageRule, city: Account) -> None:
    rule.route.all().delete()
    with pytest.raises(Refused) as refused:
        keep_stage_rule(rule, parts=route(*levels), actor=city, at=make.NOW)
    assert codes(refused) == {"route_order"}


@pytest.mark.parametrize("days", [0, 32767])
def test_time_limits_are_plausible(days: int, rule: StageRule, city: Account) -> None:
    rule.route.all().delete()
    with pytest.raises(Refused) as refused:
        keep_stage_rule(rule, parts=route("district", "city", days=days), actor=city, at=make.NOW)
    assert codes(refused) == {"route_days"}
    assert len(refused.value.refusals) == 4


def test_a_stage_without_a_route_waits_for_one(rule: StageRule, city: Account) -> None:
    rule.route.all().delete()
    keep_stage_rule(rule, actor=city, at=make.NOW)
    with pytest.raises(NotPossible):
        rule_in_force(IMPLEMENTATION, on=NEXT_YEAR)
    assert rule_in_force(CULTIVATION, on=NEXT_YEAR).row.rulebook_id == rule.rulebook_id
    keep_stage_rule(rule, parts=route("township", "city"), actor=city, at=make.NOW)
    assert rule_in_force(IMPLEMENTATION, on=NEXT_YEAR).rule_id == rule.pk


def test_an_empty_rulebook_closes_nothing(city: Account) -> None:
    before = rule_in_force(CULTIVATION, on=date(2026, 12, 1)).rule_id
    book = Rulebook(year=2026, title="空", basis="-", in_force_from=date(2026, 12, 1))
    keep_rulebook(book, actor=city, at=make.NOW)
    assert rule_in_force(CULTIVATION, on=date(2026, 12, 1)).rule_id == before


@pytest.mark.parametrize("day", [date(2026, 6, 1), make.NOW.date()])
def test_rules_do_not_begin_today_or_before(day: date, city: Account) -> None:
    book = Rulebook(year=2026, title="早", basis="-", in_force_from=day)
    with pytest.raises(Refused) as refused:
        keep_rulebook(book, actor=city, at=make.NOW)
    assert codes(refused) == {"rulebook_start"}


@pytest.mark.parametrize(("days", "fits"), [(None, True), (1, True), (250, True), (0, False), (251, False)])
def test_a_time_for_corrections_is_plausible_or_none(
    days: int | None, fits: bool, rule: StageRule, city: Account
) -> None:
    step = rule.route.get(level="city")
    step.correction_days = days
    if fits:
        keep_stage_rule(rule, parts=Rows([step]), actor=city, at=make.NOW)
        assert rule.route.get(level="city").correction_days == days
        return
    with pytest.raises(Refused) as refused:
        keep_stage_rule(rule, parts=Rows([step]), actor=city, at=make.NOW)
    assert [(refusal.code, refusal.field) for refusal in refused.value.refusals] == [("route_days", "correction_days")]
