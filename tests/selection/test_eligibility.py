"""Eligibility: every rule is answered with reason and remedy; what is not required bars nobody. Recommendation too."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from certification.inputs.credit_life import Checked
from certification.selection.eligibility import (
    Asked,
    Credit,
    Facts,
    Kind,
    conditions,
    eligibility_refusals,
    rule_refusals,
)
from certification.selection.recommendation import recommendation_refusals

DAY = date(2016, 6, 30)
EVALUATED, STRATEGY, RECOGNISED = "guanbiao.evaluation", "project.strategy", "intensive.recognition"
RULES = [
    Asked(Kind.REACHED, (EVALUATED, STRATEGY), basis="公告第二条"),
    Asked(Kind.CREDIT),
    Asked(Kind.NOT_HOLDING, (RECOGNISED,)),
    Asked(Kind.HIGH_TECH, is_required=False),
]


CHINA, MARKET = "china", "market"
NAMES = {CHINA: "信用中国", MARKET: "公示系统"}


def check(checked_on=date(2016, 6, 1), valid_until=DAY, is_clear=True, source=CHINA):
    return Checked(source, checked_on, valid_until, is_clear)


def known(*checks, needed=()):
    return Credit(checks, NAMES, frozenset(needed))


@dataclass
class Period:
    valid_from: date
    valid_to: date | None


GOOD = Facts(DAY, {STRATEGY: date(2015, 3, 1)}, frozenset(), known(check()), [Period(date(2014, 1, 1), DAY)])


def only(kind, facts):
    (condition,) = [each for each in conditions(RULES, facts) if each.kind is kind]
    return condition


def test_who_meets_everything_reads_on_what_it_rests():
    found = conditions(RULES, GOOD)
    assert all(each.is_met and not each.remedy for each in found)
    assert [each.kind for each in found] == list(Kind)
    assert "知识产权战略推进计划" in found[0].message
    assert "信用中国" in found[1].message
    assert eligibility_refusals(RULES, GOOD) == []


def test_everything_that_bars_is_said_at_once_with_its_remedy_and_basis():
    found = eligibility_refusals(RULES, Facts(DAY, in_force=frozenset({RECOGNISED})))
    assert [each.code for each in found] == [
        "not_eligible_reached",
        "not_eligible_credit_check",
        "not_eligible_not_holding",
    ]
    assert all(each.remedy and each.field == "eligibility" for each in found)
    assert "绩效评价”或“知识产权战略推进计划" in found[0].message
    assert found[0].rule == "公告第二条"


def test_what_is_not_required_is_answered_and_bars_nobody():
    facts = replace(GOOD, high_tech=[])
    assert not only(Kind.HIGH_TECH, facts).is_met
    assert eligibility_refusals(RULES, facts) == []
    strict = [replace(rule, is_required=True) for rule in RULES]
    assert [each.code for each in eligibility_refusals(strict, facts)] == ["not_eligible_high_tech"]


@pytest.mark.parametrize(
    ("checks", "is_met", "words"),
    [
        ([check(DAY)], True, "2016-06-30"),
        ([check(valid_until=date(2016, 6, 29))], False, "已于 2016-06-29 到期"),
        ([check(date(2016, 7, 1), date(2017, 1, 1))], False, "2016-06-30 没有信用核查结果"),
        ([check(is_clear=False)], False, "有失信记录"),
        ([check(), check(date(2016, 6, 2), is_clear=False)], False, "有失信记录"),
        ([check(is_clear=False), check(date(2016, 6, 2))], True, "无失信记录"),
        ([check(valid_until=date(2020, 1, 1)), check(date(2016, 6, 2))], True, "2016-06-30"),
        ([check(), check(source=MARKET, is_clear=False)], False, "公示系统，2016-06-01"),
    ],
)
def test_the_latest_credit_check_of_each_source_decides(checks, is_met, words):
    found = only(Kind.CREDIT, replace(GOOD, credit=known(*checks)))
    assert (found.is_met, bool(found.remedy)) == (is_met, not is_met)
    assert words in found.message


def test_every_needed_source_that_says_nothing_good_is_named_with_its_remedy():
    old = check(date(2015, 1, 1), date(2015, 7, 1), source=MARKET)
    found = only(Kind.CREDIT, replace(GOOD, credit=known(old, needed=NAMES)))
    assert (
        found.message == "2016-06-30 没有 信用中国 的信用核查结果；信用核查（公示系统，2015-01-01）已于 2015-07-01 到期"
    )
    assert found.remedy.count("在 2016-06-30 有效的信用核查") == 2
    only_one = replace(GOOD, credit=known(check(), needed=NAMES))
    assert only(Kind.CREDIT, only_one).message == "2016-06-30 没有 公示系统 的信用核查结果"
    both = known(check(), check(date(2016, 5, 1), source=MARKET), needed=NAMES)
    said = only(Kind.CREDIT, replace(GOOD, credit=both))
    assert said.is_met
    assert all(name in said.message for name in NAMES.values())


@pytest.mark.parametrize(
    ("first", "last", "is_met"),
    [
        (DAY, None, True),
        (date(2013, 7, 1), DAY, True),
        (date(2013, 6, 30), date(2016, 6, 29), False),
        (date(2016, 7, 1), None, False),
    ],
)
def test_high_tech_is_asked_on_the_day_itself(first, last, is_met):
    found = only(Kind.HIGH_TECH, replace(GOOD, high_tech=[Period(first, last)]))
    assert found.is_met is is_met
    assert ("2016-07-01" in found.remedy) is (first > DAY)


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        (RULES, []),
        ([Asked(Kind.REACHED)], ["rule_stages"]),
        ([Asked(Kind.NOT_HOLDING, ("intensive.unknown",))], ["rule_stages"]),
        ([Asked(Kind.CREDIT, (EVALUATED,))], ["rule_stages"]),
        ([RULES[1], RULES[1]], ["rule_twice"]),
    ],
)
def test_what_is_wrong_with_rules_is_named(rules, codes):
    assert [each.code for each in rule_refusals(rules)] == codes


@pytest.mark.parametrize(
    ("ranked", "quota", "codes"),
    [
        (["A", "B"], 3, []),
        (["A", "B", "C"], 3, ["over_quota"]),
        (["A", "B", "C"], None, []),
        (["A", "A"], 2, ["recommended_twice"]),
        (["Z"], 2, ["not_to_recommend"]),
        (["X"], 2, ["not_to_recommend"]),
        ([], 0, ["over_quota"]),
        ([], 1, []),
    ],
)
def test_a_unit_ranks_whom_it_may_within_its_quota(ranked, quota, codes):
    found = recommendation_refusals(ranked, waiting={"A", "B", "C"}, already={"X"}, quota=quota)
    assert [each.code for each in found] == codes
    assert all(each.field == "ranked" and each.remedy for each in found)
