"""Ranking: the weighted, trimmed mean, exact until it is rounded; ties by the rules in their order, the lot last."""

import hashlib
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.selection.ranking import Contender, Unscored, half_up, rank, tie_refusals, totals_of
from certification.selection.weights import shares_of

from .cases import FORMULA, MAXIMA, contender, contenders, flat, sheet, weights


def order(found):
    return [place.code for place in found]


def test_points_are_weighed_by_the_share_of_their_item():
    # 30/40 of 50, 15/30 of 30, 30/30 of 20.
    (place,) = rank([Contender("A", {"e1": sheet(30, 15, 30)})], FORMULA)
    assert (place.place, place.total, place.used, place.tie) == (1, Decimal("72.50"), 1, "")


def test_the_ends_are_left_out_where_enough_experts_scored():
    formula = replace(FORMULA, trim=1, trim_from=5)
    five, four = contender("A", 0, 70, 71, 72, 100), contender("B", 0, 70, 71, 100)
    first, second = rank([four, five], formula)
    assert (first.code, first.total, first.used, first.spread) == ("A", Decimal("71.00"), 3, Decimal("100.00"))
    assert (second.code, second.total, second.used) == ("B", Decimal("60.25"), 4)


def test_never_is_everybody_trimmed_away():
    assert rank([contender("A", 60, 80)], replace(FORMULA, trim=1, trim_from=0))[0].used == 2


def test_who_abstained_is_in_no_mean_and_whom_nobody_scored_has_no_place():
    assert rank([contender("A", 60, abstained=("e2",))], FORMULA)[0].total == Decimal("60.00")
    with pytest.raises(Unscored, match="B"):
        rank([contender("A", 60), Contender("B", {}, abstained=("e1",))], FORMULA)


def test_the_published_figure_is_compared_not_what_was_before_its_rounding():
    # 66.666… and 66.67 are both published as 66.67: the earlier submission decides.
    third = contender("A", 60, 70, 70, submitted="2016-02-02")
    exact = contender("B", "66.67", submitted="2016-02-01")
    first, second = rank([third, exact], replace(FORMULA, ties=("earlier", "lot")))
    assert (first.code, first.tie, second.code, second.tie) == ("B", "", "A", "earlier")


@pytest.mark.parametrize(
    ("rule", "better", "worse"),
    [
        ("item:output", Contender("B", {"e": sheet(24, 15, 15)}), Contender("A", {"e": sheet(20, 20, 15)})),
        (
            "fact:share",
            contender("B", 50, facts={"share": Decimal(60)}),
            contender("A", 50, facts={"share": Decimal(9)}),
        ),
        ("fact:share", contender("B", 50, facts={"share": Decimal(0)}), contender("A", 50)),
        ("spread", contender("B", 55, 65), contender("A", 50, 70)),
        ("earlier", contender("B", 50, submitted="2016-01-01"), contender("A", 50, submitted="2016-01-02")),
    ],
)
def test_a_tie_rule_decides_whatever_the_order_of_asking(rule, better, worse):
    formula = replace(FORMULA, ties=(rule, "lot"))
    for asked in ([better, worse], [worse, better]):
        first, second = rank(asked, formula)
        assert (first.code, first.total, second.tie) == ("B", second.total, rule)


def test_the_lot_is_the_last_word_and_can_be_repeated_by_hand():
    tied = [contender(code, 50) for code in ("A", "B", "C")]
    by_hand = sorted("ABC", key=lambda code: hashlib.sha256(f"seed:{code}:tie".encode()).hexdigest())
    found = rank(tied, FORMULA)
    assert order(found) == by_hand
    assert [place.tie for place in found] == ["", "lot", "lot"]


@given(contenders(), weights)
def test_places_are_complete_descending_and_within_the_experts_totals(found, given_weights):
    formula = replace(FORMULA, shares=shares_of(given_weights), trim=1, trim_from=4)
    places = rank(found, formula)
    assert [place.place for place in places] == list(range(1, len(found) + 1))
    assert sorted(order(places)) == sorted(each.code for each in found)
    assert all(one.total >= other.total for one, other in pairwise(places))
    by_code = {each.code: list(totals_of(each, formula).values()) for each in found}
    for place in places:
        totals = by_code[place.code]
        assert half_up(min(totals), 2) <= place.total <= half_up(max(totals), 2)


@given(contenders(), st.randoms())
def test_neither_the_order_of_candidates_nor_of_experts_matters(found, shuffled):
    other = [replace(each, scores=dict(shuffled.sample(list(each.scores.items()), len(each.scores)))) for each in found]
    shuffled.shuffle(other)
    assert rank(other, FORMULA) == rank(found, FORMULA)


@given(contenders(), st.data())
def test_more_points_never_cost_a_place(found, data):
    chosen = data.draw(st.sampled_from(found))
    expert = data.draw(st.sampled_from(sorted(chosen.scores)))
    before = {place.code: place.place for place in rank(found, FORMULA)}
    raised = replace(chosen, scores={**chosen.scores, expert: dict(MAXIMA)})
    after = {place.code: place.place for place in rank([raised if each is chosen else each for each in found], FORMULA)}
    assert after[chosen.code] <= before[chosen.code]


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_rounding_is_half_up_and_exact(number, decimals):
    found = half_up(number, decimals)
    apart = abs(Fraction(found)) - abs(number)
    assert -Fraction(1, 2 * 10**decimals) < apart <= Fraction(1, 2 * 10**decimals)
    assert -found.as_tuple().exponent == decimals


@pytest.mark.parametrize(("exact", "rounded"), [("2.5", "3"), ("1.4999", "1"), ("-2.5", "-3"), ("0", "0")])
def test_a_half_goes_away_from_zero(exact, rounded):
    assert half_up(Fraction(exact), 0) == Decimal(rounded)


def test_equal_sheets_weigh_the_same_under_any_weights():
    assert totals_of(Contender("A", {"e": flat(64)}), FORMULA) == {"e": Fraction(64)}


@pytest.mark.parametrize(
    ("ties", "codes"),
    [
        (("item:output", "fact:share", "spread", "earlier", "lot"), []),
        (("lot",), []),
        ((), ["tie_rule_open"]),
        (("earlier",), ["tie_rule_open"]),
        (("lot", "earlier"), ["tie_rule_open"]),
        (("item:other", "lot"), ["tie_rule_unknown"]),
        (("fact:other", "earlier:", "coin", "lot"), ["tie_rule_unknown"] * 3),
        (("earlier", "earlier", "lot"), ["tie_rule_unknown"]),
        (("lot", "lot"), ["tie_rule_unknown"]),
    ],
)
def test_tie_rules_are_known_once_each_and_end_in_the_lot(ties, codes):
    assert [each.code for each in tie_refusals(ties, items=MAXIMA, facts=["share"])] == codes
