"""How firm a place is: each thing left out by itself, and places that hang on a single score."""

from decimal import Decimal
from functools import partial

from hypothesis import given

from certification.selection.ranking import Contender, rank
from certification.selection.robustness import Left, robustness

from .cases import FORMULA, contender, contenders, sheet


def first(count, places):
    return frozenset(place.code for place in places[:count])


def found_of(candidates, count=1):
    return {each.code: each for each in robustness(candidates, FORMULA, inside=partial(first, count))}


def shifts(firmness):
    return {(shift.left, shift.code): (shift.place, shift.is_in) for shift in firmness.shifts}


def test_a_place_far_ahead_is_firm():
    found = found_of([contender("A", 90, 91, 92), contender("B", 50, 51, 52)])
    assert all(each.is_firm and not each.shifts and each.best == each.worst for each in found.values())
    assert [(each.place, each.is_in) for each in found.values()] == [(1, True), (2, False)]


def test_leaving_out_an_expert_moves_who_leads_by_that_expert_alone():
    found = found_of([contender("A", 95, 60, 60), contender("B", 65, 70, 70)])
    assert shifts(found["A"]) == {(Left.EXPERT, "e1"): (2, False)}
    assert shifts(found["B"]) == {(Left.EXPERT, "e1"): (1, True)}
    assert (found["A"].best, found["A"].worst) == (1, 2)


def test_a_place_hangs_on_the_sheet_that_alone_decides_whether_it_is_in():
    # Without e1's sheet of A, A has 60 and falls behind B; without e1's sheet of B, B has 70 and is still behind A.
    found = found_of([contender("A", 95, 60, 60), contender("B", 65, 70, 70)])
    assert found["A"].hangs_on == ("e1",)
    assert not found["A"].is_firm
    assert found["B"].hangs_on == ()


def test_a_place_with_one_sheet_hangs_on_it_and_keeps_it_when_the_expert_is_left_out():
    found = found_of([Contender("A", {"e1": sheet(40, 30, 30)}), contender("B", 50, 50)])
    assert found["A"].hangs_on == ("e1",)
    assert shifts(found["A"]) == {}


def test_leaving_out_a_criterion_or_its_weight():
    # A leads by output, whose weight of 50 is above its part of the points (40 of 100).
    found = found_of([Contender("A", {"e": sheet(40, 13, 13)}), Contender("B", {"e": sheet(20, 24, 24)})])
    assert shifts(found["A"]) == {(Left.CRITERION, "output"): (2, False), (Left.WEIGHT, "output"): (2, False)}
    assert found["A"].place == 1


def test_a_single_criterion_is_never_left_out():
    formula = FORMULA.__class__({"output": Decimal(40)}, {"output": FORMULA.shares["output"] * 2}, seed="s")
    sheets = [Contender(code, {"e": {"output": Decimal(n)}}) for code, n in (("A", 30), ("B", 20))]
    assert all(not each.shifts for each in robustness(sheets, formula, inside=partial(first, 1)))


@given(contenders(most=4, experts=3))
def test_each_shift_is_what_a_ranking_without_it_says(candidates):
    for each in robustness(candidates, FORMULA, inside=partial(first, 2)):
        assert each.best <= each.place <= each.worst
        for shift in each.shifts:
            if shift.left is not Left.EXPERT:
                continue
            kept = [
                Contender(
                    other.code,
                    {code: points for code, points in other.scores.items() if code != shift.code} or other.scores,
                    other.submitted,
                )
                for other in candidates
            ]
            then = {place.code: place.place for place in rank(kept, FORMULA)}
            assert then[each.code] == shift.place
            assert shift.is_in is (shift.place <= 2)
