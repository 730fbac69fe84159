"""What points may be given, and what they come to; the draw by lot. Both pure."""

import hashlib
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.draw import Bar, Candidate, Subject, draw, field_of
from certification.scoring import Item, Method, mean, outcome, points_refusals

ITEM = Item("policy", "方针", Decimal(100), Decimal("0.5"))
METHOD = Method(1, 5, 2, Decimal(60), Decimal(85), Decimal(15))


@pytest.mark.parametrize("wrong", [-1, 101, 87.505, Decimal("NaN"), float("inf"), "87", None, True, [87], 1e300])
def test_what_is_no_score_is_refused_with_value_and_remedy(wrong):
    (refusal,) = points_refusals(ITEM, wrong)
    assert refusal.field == "scores.policy.points"
    assert "方针" in refusal.message
    assert "0 至 100" in refusal.remedy


@pytest.mark.parametrize("right", [0, 87, 87.5, Decimal("100.00"), Decimal("0.5"), 0.0])
def test_multiples_of_the_step_within_the_maximum_are_scores(right):
    assert points_refusals(ITEM, right) == []


@pytest.mark.parametrize(
    ("totals", "total", "used", "grade"),
    [
        (["60", "70", "80"], "70.00", 3, "qualified"),
        (["10", "84.5", "85", "85.5", "100"], "85.00", 3, "excellent"),
        (["59.99", "60", "59.99"], "59.99", 3, "failed"),
        (["84.99", "85", "85"], "85.00", 3, "excellent"),  # 84.9966… is rounded half up before it meets the line
        (["50"], "50.00", 1, "failed"),
    ],
)
def test_the_result_is_the_trimmed_mean_by_the_sheet(totals, total, used, grade):
    found = outcome([Decimal(each) for each in totals], METHOD)
    assert (str(found.total), found.used, found.grade, found.passed) == (total, used, grade, grade != "failed")


def test_a_wide_spread_is_shown():
    assert outcome([Decimal(60), Decimal(75)], METHOD).is_disputed
    assert not outcome([Decimal(60), Decimal("74.5")], METHOD).is_disputed


@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=9))
def test_a_mean_is_rounded_half_up(numbers):
    exact = sum(map(Fraction, numbers), Fraction(0)) / len(numbers)
    found = Fraction(mean(numbers, decimals=2))
    assert Fraction(-1, 200) < found - exact <= Fraction(1, 200)


POOL = [Candidate(f"account:{n}", frozenset({"machinery"} if n % 2 else {"life"})) for n in range(1, 9)]
SUBJECT = Subject("SQ2026000001", "91320412MA0000001A", field="machinery")


def test_the_published_seed_repeats_the_draw_with_nothing_but_sha256():
    found = draw(POOL, SUBJECT, seed="abc")
    lots = {n: hashlib.sha256(f"abc:SQ2026000001:account:{n}".encode()).hexdigest() for n in range(1, 9)}
    by_lot = sorted(range(1, 9), key=lambda n: (n % 2 == 0, lots[n]))  # those of the field first
    assert found.order == tuple(f"account:{n}" for n in by_lot)
    assert draw(reversed(POOL), SUBJECT, seed="abc").order == found.order
    assert draw(POOL, SUBJECT, seed="abd").order != found.order


@pytest.mark.parametrize(
    ("candidate", "subject", "bar"),
    [
        (Candidate("account:1", employer="E"), Subject("S", "E"), Bar.EMPLOYER),
        (Candidate("account:1", group=frozenset({"E"})), Subject("S", "E"), Bar.GROUP),
        (Candidate("account:1", organisation="A"), Subject("S", "E", advisers=frozenset({"A"})), Bar.ADVISER),
        (Candidate("account:1"), Subject("S", "E", tied=frozenset({"account:1"})), Bar.TIE),
        (Candidate("account:1"), Subject("S", "E", applied=frozenset({"account:1"})), Bar.APPLICANT),
        (Candidate("account:1"), Subject("S", ""), None),
    ],
)
def test_who_is_tied_to_the_enterprise_is_not_drawn(candidate, subject, bar):
    found = draw([candidate], subject, seed="abc")
    assert found.barred.get("account:1") is bar
    assert found.order == (() if bar else ("account:1",))


def test_the_field_is_that_of_the_longest_beginning():
    fields = {"machinery": ["C3"], "electronics": ["C39"], "software": ["I"]}
    assert [field_of(code, fields) for code in ("C3489", "C3973", "I65", "A01", "")] == [
        "machinery", "electronics", "software", "", "",
    ]  # fmt: skip
