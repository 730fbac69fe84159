"""Weights of a sheet: they make up the whole, or every mistake is named; what is left keeps its proportions."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.selection.weights import shares_of, unweighted, weight_refusals, without

from .cases import ITEMS, MAXIMA, WEIGHTS, weights, whole


def said(given_weights):
    return [(each.code, each.field) for each in weight_refusals(ITEMS, given_weights)]


def test_weights_that_make_up_the_whole_are_right():
    assert said(WEIGHTS) == []
    assert said({"output": 33.34, "quality": 33.33, "system": Decimal("33.33")}) == []


@pytest.mark.parametrize(("last", "remedy"), [(21, "请减少 1"), (Decimal("19.99"), "请增加 0.01")])
def test_weights_off_the_whole_are_named_with_how_much(last, remedy):
    (refusal,) = weight_refusals(ITEMS, {**WEIGHTS, "system": last})
    assert (refusal.code, refusal.field, refusal.remedy) == ("weights_off_whole", "weights", remedy)
    assert "100" in refusal.message


@pytest.mark.parametrize("wrong", [0, -1, 101, "20", None, True, Decimal("NaN"), float("inf"), Decimal("0.001"), [20]])
def test_what_is_no_weight_is_named_by_its_item_and_the_sum_is_not_asked(wrong):
    assert said({**WEIGHTS, "system": wrong}) == [("weight_invalid", "weights.system")]


def test_every_mistake_is_named_at_once():
    assert said({"output": 0, "quality": 30, "other": 5}) == [
        ("item_unknown", "weights.other"),
        ("weight_invalid", "weights.output"),
        ("weight_invalid", "weights.system"),
    ]


def test_a_sheet_without_items_has_no_weights():
    assert [each.code for each in weight_refusals([], {})] == ["weights_empty"]


@given(weights)
def test_shares_are_exact_and_make_up_one(given_weights):
    shares = shares_of(given_weights)
    assert whole(shares)
    assert shares["output"] * Fraction(given_weights["quality"]) == shares["quality"] * Fraction(
        given_weights["output"]
    )


@given(weights, st.sampled_from(sorted(MAXIMA)))
def test_what_is_left_is_whole_again_and_keeps_its_proportions(given_weights, code):
    shares = shares_of(given_weights)
    left, plain = without(shares, code), unweighted(shares, MAXIMA, code)
    one, other = sorted(set(MAXIMA) - {code})
    assert whole(left)
    assert whole(plain)
    assert code not in left
    assert plain[code] == Fraction(MAXIMA[code]) / 100
    for changed in (left, plain):
        assert changed[one] * shares[other] == changed[other] * shares[one]


def test_the_only_item_cannot_be_left_out_and_needs_no_weight():
    alone = shares_of({"output": Decimal(100)})
    with pytest.raises(ValueError, match="nothing"):
        without(alone, "output")
    assert unweighted(alone, {"output": Decimal(40)}, "output") == alone
