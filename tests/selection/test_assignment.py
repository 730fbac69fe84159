"""Assigning experts: by lot from the seed, within recusals and field quotas, in balance; replacements likewise."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.draw import lot
from certification.selection.assignment import (
    Panel,
    Seat,
    Sitter,
    Terms,
    assign,
    call,
    loads,
    panel_refusals,
    replacement,
)

from .cases import tables

POOL = [Sitter(f"account:{n}", frozenset({"machinery"} if n % 3 else {"life"})) for n in range(1, 13)]
TERMS = Terms(size=6, seats=3)


def test_the_panel_is_called_by_lot_and_the_rest_is_the_reserve():
    panel = call(POOL, TERMS, seed="s")
    by_hand = sorted((each.code for each in POOL), key=lambda code: lot("s", "panel", code))
    assert [each.code for each in (*panel.sitters, *panel.reserve)] == by_hand
    assert len(panel.sitters) == 6


def test_a_field_quota_is_filled_before_the_others_are_called():
    terms = replace(TERMS, quotas={"life": 3, "machinery": 2})
    panel = call(POOL, terms, seed="s")
    assert sum("life" in each.fields for each in panel.sitters) >= 3
    assert len(panel.sitters) == 6
    assert panel_refusals(panel, [], terms) == []


def test_what_a_panel_lacks_is_named():
    terms = Terms(size=13, seats=3, quotas={"life": 5})
    seats = [Seat("SQ1"), Seat("SQ2", barred=frozenset(each.code for each in POOL[:10]))]
    found = panel_refusals(call(POOL, terms, seed="s"), seats, terms)
    assert [each.code for each in found] == ["panel_too_small", "field_too_small", "too_few_experts"]
    assert "SQ2" in found[2].message
    assert "只有 2 名" in found[2].message


def test_sixty_candidates_and_nine_experts_are_in_balance():
    seats = [Seat(f"SQ{n:03}", "life" if n % 2 else "machinery", frozenset({POOL[n % 9].code})) for n in range(60)]
    panel = call(POOL[:9], replace(TERMS, size=9), seed="s")
    sat = assign(panel, seats, TERMS, seed="s")
    assert set(loads(panel, sat).values()) == {20}
    assert all(
        len(experts) == 3 and not seat.barred & set(experts) for seat, experts in zip(seats, sat.values(), strict=True)
    )


def test_a_sheet_is_passed_on_along_a_way_of_several():
    # Only a may sit at S1; b is barred where a sits, c where b sits: balance needs two passes.
    seats = [Seat("S1", barred=frozenset("bc")), Seat("S2", barred=frozenset("c")), Seat("S3", barred=frozenset("a"))]
    panel = Panel(tuple(map(Sitter, "abc")), ())
    assert set(loads(panel, assign(panel, seats, Terms(3, 1), seed="s")).values()) == {1}


@given(tables(), st.text(max_size=4))
def test_recusals_hold_seats_are_filled_and_anybody_comes_to_the_same(table, seed):
    pool, seats = table
    terms = Terms(size=len(pool), seats=2)
    panel = call(pool, terms, seed=seed)
    sat = assign(panel, seats, terms, seed=seed)
    for seat in seats:
        free = [each for each in pool if each.code not in seat.barred]
        assert not seat.barred & set(sat[seat.code])
        assert len(sat[seat.code]) == len(set(sat[seat.code])) == min(2, len(free))
    assert assign(call(pool[::-1], terms, seed=seed), seats[::-1], terms, seed=seed) == sat


@given(st.integers(2, 4), st.lists(st.sets(st.integers(0, 3), max_size=2), min_size=1, max_size=5))
def test_no_assignment_is_in_better_balance(experts, recusals):
    codes = [f"e{n}" for n in range(experts)]
    seats = [Seat(f"S{n}", barred=frozenset(f"e{k}" for k in barred)) for n, barred in enumerate(recusals)]
    panel = Panel(tuple(map(Sitter, codes)), ())
    found = loads(panel, assign(panel, seats, Terms(experts, 1), seed="s"))
    choices = [[code for code in codes if code not in seat.barred] or [None] for seat in seats]
    squares = (sum(each.count(code) ** 2 for code in codes) for each in product(*choices))
    assert sum(load**2 for load in found.values()) == min(squares)


@given(tables())
def test_an_own_field_is_seated_wherever_it_is_free(table):
    pool, seats = table
    terms = Terms(size=len(pool), seats=2, own_field=1)
    panel = call(pool, terms, seed="s")
    of = {each.code: each.fields for each in pool}
    for code, sat in assign(panel, seats, terms, seed="s").items():
        seat = next(each for each in seats if each.code == code)
        has_free = any(seat.field in fields and expert not in seat.barred for expert, fields in of.items())
        assert not has_free or any(seat.field in of[expert] for expert in sat)


def test_who_steps_back_is_followed_by_the_least_loaded_of_the_panel_then_by_the_reserve():
    panel = Panel(tuple(map(Sitter, "abc")), tuple(map(Sitter, "xy")))
    seats, terms = [Seat("S1", without=frozenset("a")), Seat("S2")], Terms(3, 1)
    assert replacement(panel, seats, {"S1": (), "S2": ("b",)}, "S1", terms, seed="s") == "c"
    narrow = [Seat("S1", barred=frozenset("bcx"), without=frozenset("a"))]
    assert replacement(panel, narrow, {"S1": ()}, "S1", terms, seed="s") == "y"
    assert replacement(panel, [Seat("S1", barred=frozenset("abcxy"))], {}, "S1", terms, seed="s") is None


def test_a_replacement_is_of_the_field_where_the_candidate_lacks_one():
    panel = Panel((Sitter("a"), Sitter("b", frozenset({"life"}))), ())
    seats, busy = [Seat("S1", "life"), Seat("S2")], {"S1": (), "S2": ("b",)}
    assert replacement(panel, seats, busy, "S1", Terms(2, 1, own_field=1), seed="s") == "b"
    assert replacement(panel, seats, busy, "S1", Terms(2, 1), seed="s") == "a"


@pytest.mark.parametrize("seats", [[], [Seat("S1", barred=frozenset(each.code for each in POOL))]])
def test_nobody_sits_where_nobody_may(seats):
    assert not any(assign(call(POOL, TERMS, seed="s"), seats, TERMS, seed="s").values())
