"""Simulation on a frozen copy: who is in by a setting and why not, the edge, the mix; settings side by side."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.selection.frozen import Frozen, copy_content, copy_of
from certification.selection.settings import Setting, setting_content, setting_of, setting_refusals
from certification.selection.simulation import Why, compare, inside, simulate

from .cases import FORMULA, ITEMS, WEIGHTS, contender, contenders

COPY = [
    Frozen(contender("A", 90), "wujin", "it", "small", high_tech=True),
    Frozen(contender("B", 85), "wujin", "it", "medium", high_tech=True),
    Frozen(contender("C", 80), "wujin", "steel", "small"),
    Frozen(contender("D", 75), "xinbei", "it", "", barred="objection"),
    Frozen(contender("E", 70), "xinbei", "steel", "large"),
    Frozen(contender("F", 60), "xinbei", "steel", "large", high_tech=True),
]
SETTING = Setting(WEIGHTS)


def why(setting, copy=COPY):
    return {end.code: str(end.why) for end in simulate(copy, setting, FORMULA).ends}


def test_without_limits_everybody_is_in_who_is_not_barred():
    assert why(SETTING) == {**dict.fromkeys("ABCEF", "in"), "D": "barred"}


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ({"cut_off": Decimal(80)}, "A:in B:in C:in D:barred E:below_cut_off F:below_cut_off"),
        ({"cut_off": Decimal("80.01")}, "A:in B:in C:below_cut_off D:barred E:below_cut_off F:below_cut_off"),
        ({"quota": 2}, "A:in B:in C:quota D:barred E:quota F:quota"),
        ({"unit_quotas": {"wujin": 1}}, "A:in B:unit_quota C:unit_quota D:barred E:in F:in"),
        ({"unit_quotas": {"wujin": 2}, "quota": 3}, "A:in B:in C:unit_quota D:barred E:in F:quota"),
        ({"quota": 0}, "A:quota B:quota C:quota D:barred E:quota F:quota"),
    ],
)
def test_each_limit_says_whom_it_leaves_out(limits, found):
    assert " ".join(f"{code}:{reason}" for code, reason in why(replace(SETTING, **limits)).items()) == found


def test_the_edge_is_measured_from_the_lowest_total_that_is_in():
    found = simulate(COPY, replace(SETTING, quota=3, edge=Decimal(10)), FORMULA)
    assert {end.code: (str(end.margin), end.is_edge) for end in found.ends} == {
        "A": ("10.00", True),
        "B": ("5.00", True),
        "C": ("0.00", True),
        "D": ("-5.00", False),  # barred: nothing that is done to the line lets it in
        "E": ("-10.00", True),
        "F": ("-20.00", False),
    }
    assert all(
        end.margin is None and not end.is_edge for end in simulate(COPY, replace(SETTING, quota=0), FORMULA).ends
    )


def test_the_mix_counts_who_is_in():
    assert simulate(COPY, replace(SETTING, quota=4), FORMULA).mix == {
        "unit": {"wujin": 3, "xinbei": 1},
        "chain": {"it": 2, "steel": 2},
        "size": {"large": 1, "medium": 1, "small": 2},
        "high_tech": {"false": 2, "true": 2},
        "marks": {},
    }
    marked = [replace(each, marks=("rd_body", "tier")[: 1 + (each.unit == "xinbei")]) for each in COPY]
    assert simulate(marked, replace(SETTING, quota=4), FORMULA).mix["marks"] == {"rd_body": 4, "tier": 1}


def test_settings_are_compared_side_by_side():
    settings = [replace(SETTING, quota=2), replace(SETTING, unit_quotas={"wujin": 1}), replace(SETTING, quota=1)]
    found = compare([simulate(COPY, each, FORMULA) for each in settings])
    assert (found.always, found.sometimes) == (frozenset("A"), frozenset("BEF"))
    assert found.never == frozenset("CD")
    assert [end.why for end in found.rows["B"]] == [Why.IN, Why.UNIT, Why.QUOTA]
    assert compare([]).rows == {}


def test_other_weights_are_another_ranking():
    copy = [Frozen(contender("A", 50)), Frozen(contender("B", 50))]
    copy[0].contender.scores["e1"]["output"] = Decimal(40)
    copy[1].contender.scores["e1"]["system"] = Decimal(30)
    heavy = Setting({"output": Decimal(10), "quality": Decimal(10), "system": Decimal(80)}, quota=1)
    assert simulate(copy, replace(SETTING, quota=1), FORMULA).chosen == ("A",)
    assert simulate(copy, heavy, FORMULA).chosen == ("B",)


@st.composite
def copies(draw):
    units = st.sampled_from(["wujin", "xinbei", "tianning"])
    return [
        Frozen(each, draw(units), barred=draw(st.sampled_from(["", "", "held"]))) for each in draw(contenders(most=8))
    ]


quotas = st.none() | st.integers(0, 5)


@given(copies(), quotas, quotas, st.none() | st.decimals(0, 100, places=1))
def test_no_limit_is_ever_exceeded_and_nobody_better_is_left_out_by_it(copy, quota, of_unit, cut_off):
    limits = {} if of_unit is None else {"wujin": of_unit}
    found = simulate(copy, Setting(WEIGHTS, cut_off, quota, limits), FORMULA)
    chosen = [end for end in found.ends if end.is_in]
    assert quota is None or len(chosen) <= quota
    assert of_unit is None or sum(end.unit == "wujin" for end in chosen) <= of_unit
    assert all(cut_off is None or end.place.total >= cut_off for end in chosen)
    for out in (end for end in found.ends if end.why is Why.UNIT):
        assert not any(end.unit == out.unit and end.place.place > out.place.place for end in chosen)
    for out in (end for end in found.ends if end.why is Why.QUOTA):
        assert not any(end.place.place > out.place.place for end in chosen)
    assert inside(copy, found.setting, [end.place for end in found.ends]) == set(found.chosen)


@given(copies(), st.integers(0, 5), st.integers(0, 5))
def test_a_wider_quota_in_all_takes_nobody_off(copy, one, more):
    narrow = simulate(copy, Setting(WEIGHTS, quota=one), FORMULA).chosen
    assert set(narrow) <= set(simulate(copy, Setting(WEIGHTS, quota=one + more), FORMULA).chosen)


@given(copies())
def test_a_copy_is_kept_as_text_and_comes_back_the_same(copy):
    kept = json.loads(json.dumps(copy_content(copy)))
    assert copy_content(copy_of(kept)) == kept
    assert simulate(copy_of(kept), SETTING, FORMULA) == simulate(copy, SETTING, FORMULA)


@given(st.none() | st.decimals(0, 100, places=2), quotas)
def test_a_setting_is_kept_as_text_and_comes_back_the_same(cut_off, quota):
    setting = Setting(WEIGHTS, cut_off, quota, {"wujin": 3}, Decimal("0.5"))
    assert setting_of(json.loads(json.dumps(setting_content(setting)))) == setting


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, []),
        ({"cut_off": Decimal("100.01")}, [("points_out_of_range", "cut_off")]),
        ({"cut_off": Decimal("NaN"), "edge": Decimal(-1)}, [("points_out_of_range", f) for f in ("cut_off", "edge")]),
        ({"quota": -1}, [("quota_out_of_range", "quota")]),
        ({"unit_quotas": {"wujin": 10_001}}, [("quota_out_of_range", "unit_quotas.wujin")]),
        ({"unit_quotas": {"elsewhere": 1}}, [("unit_unknown", "unit_quotas.elsewhere")]),
        ({"quota": 5, "unit_quotas": {"wujin": 2, "xinbei": 2}}, [("quotas_below_whole", "unit_quotas")]),
        ({"quota": 5, "unit_quotas": {"wujin": 2}}, []),
        ({"weights": {**WEIGHTS, "system": Decimal(30)}}, [("weights_off_whole", "weights")]),
    ],
)
def test_what_is_wrong_with_a_setting_is_named(wrong, said):
    found = setting_refusals(replace(SETTING, **wrong), ITEMS, units=["wujin", "xinbei"])
    assert [(each.code, each.field) for each in found] == said
    assert all(each.remedy for each in found)
