"""Contenders, formulas and pools as the tests of the pure modules need them; strategies of hypothesis for the same."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from certification.scoring import Item
from certification.selection.assignment import Seat, Sitter
from certification.selection.ranking import Contender, Formula
from certification.selection.weights import shares_of

MAXIMA = {"output": Decimal(40), "quality": Decimal(30), "system": Decimal(30)}
WEIGHTS = {"output": Decimal(50), "quality": Decimal(30), "system": Decimal(20)}
ITEMS = [Item(code, code, maximum, Decimal("0.5")) for code, maximum in MAXIMA.items()]
FORMULA = Formula(MAXIMA, shares_of(WEIGHTS), seed="seed")


def sheet(output, quality, system):
    return {"output": Decimal(output), "quality": Decimal(quality), "system": Decimal(system)}


def flat(part):
    """A sheet that gives the same part of each maximum: weighted, it is that part of 100."""
    return {code: maximum * Decimal(part) / 100 for code, maximum in MAXIMA.items()}


def contender(code, *parts, **more):
    """A candidate whom experts e1, e2, … gave so many of 100."""
    return Contender(code, {f"e{n}": flat(part) for n, part in enumerate(parts, 1)}, **more)


halves = st.integers(0, 200).map(lambda n: Decimal(n) / 2)
sheets = st.tuples(st.integers(0, 80), st.integers(0, 60), st.integers(0, 60)).map(
    lambda n: sheet(*(Decimal(each) / 2 for each in n))
)


@st.composite
def contenders(draw, most=6, experts=4):
    """Candidates C0, C1, …, each scored by some of the experts e0, e1, …"""
    count = draw(st.integers(1, most))
    return [
        Contender(
            f"C{n}",
            draw(st.dictionaries(st.sampled_from([f"e{k}" for k in range(experts)]), sheets, min_size=1)),
            submitted=draw(st.sampled_from(["2016-01-04", "2016-01-05"])),
        )
        for n in range(count)
    ]


weights = (
    st.lists(st.integers(1, 20), min_size=3, max_size=3)
    .map(lambda parts: dict(zip(MAXIMA, parts, strict=True)))
    .map(lambda parts: {code: Decimal(part) for code, part in parts.items()})
)


@st.composite
def tables(draw):
    """A panel's pool and the candidates that need experts, with recusals."""
    codes = [f"account:{n}" for n in range(1, draw(st.integers(3, 8)) + 1)]
    fields = st.sets(st.sampled_from(["life", "machinery"]), max_size=2).map(frozenset)
    pool = [Sitter(code, draw(fields)) for code in codes]
    seats = [
        Seat(
            f"SQ{n:03}",
            draw(st.sampled_from(["life", "machinery", ""])),
            frozenset(draw(st.sets(st.sampled_from(codes)))),
        )
        for n in range(draw(st.integers(1, 12)))
    ]
    return pool, seats


def whole(shares):
    return sum(shares.values(), Fraction(0)) == 1
