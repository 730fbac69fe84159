"""Ranking by weighted scores (排序). Pure, and repeatable by anybody who has the scores and the seed.

    an expert's total   = 100 x the sum over the items of: share of the item x points / maximum
    the candidate's     = mean of the experts' totals, without `trim` at each end where at least `trim_from` scored

Exact until the end; then rounded half up to `decimals`. Candidates are compared by the rounded total, as it is
published; equal ones by the tie rules in their order, of which the last one is the lot:

    item:CODE  the higher mean of an item, rounded        fact:CODE  the higher figure; who has none comes after
    spread     the smaller spread of the experts' totals   earlier    the earlier submission
    lot        the smaller SHA-256 of "seed:candidate:tie", as lower-case hexadecimal

An expert who abstained is in no mean. Whom nobody scored has no place (Unscored).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from enterprises.language import _

from ..draw import lot
from ..errors import Refusal
from .weights import WHOLE, Shares

ITEM, FACT, SPREAD, EARLIER, LOT = "item", "fact", "spread", "earlier", "lot"
Points = Mapping[str, Decimal]


class Unscored(Exception):
    """A candidate whom no expert scored; its code is the argument."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A candidate as it is ranked. `scores`: by expert, by item. `submitted`: in a form whose texts are in order of
    time (UTC). `facts`: figures that a tie rule may compare. `abstained`: experts who sat and gave nothing.
    """

    code: str
    scores: Mapping[str, Points]
    submitted: str = ""
    facts: Mapping[str, Decimal] = field(default_factory=dict)
    abstained: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """How scores become places; `shares` add up to 1."""

    maxima: Mapping[str, Decimal]
    shares: Shares
    trim: int = 0
    trim_from: int = 0
    decimals: int = 2
    ties: tuple[str, ...] = (LOT,)
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a candidate is compared by: the total, then a key for each tie rule, the smaller one first."""

    code: str
    total: Decimal
    used: int
    spread: Decimal
    keys: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place. `used`: how many experts' totals are in the mean. `tie`: by which rule it comes after the one before it
    that has the same total; empty: there is none.
    """

    place: int
    code: str
    total: Decimal
    used: int
    spread: Decimal
    tie: str = ""


def rank(contenders: Iterable[Contender], formula: Formula) -> tuple[Place, ...]:
    """All in their places, the first one first. Raises Unscored."""
    return placed([standing_of(each, formula) for each in contenders], formula.ties)


def placed(standings: Iterable[Standing], ties: Sequence[str]) -> tuple[Place, ...]:
    """Those who stand so, in their places."""
    ordered = sorted(standings, key=lambda each: (-each.total, each.keys))
    before: list[Standing | None] = [None, *ordered]
    return tuple(
        Place(number, each.code, each.total, each.used, each.spread, _parted(earlier, each, ties))
        for number, (earlier, each) in enumerate(zip(before, ordered, strict=False), 1)
    )


def standing_of(contender: Contender, formula: Formula, *, totals: Mapping[str, Fraction] | None = None) -> Standing:
    """What a candidate is compared by. `totals`: those of its experts, where they are known. Raises Unscored."""
    known = totals_of(contender, formula) if totals is None else totals
    if not known:
        raise Unscored(contender.code)
    mean, used = joined(known.values(), formula)
    spread = half_up(max(known.values()) - min(known.values()), formula.decimals)
    kept = {expert: contender.scores[expert] for expert in known}
    keys = tuple(_key(rule, contender, kept, spread, formula) for rule in formula.ties)
    return Standing(contender.code, half_up(mean, formula.decimals), used, spread, keys)


def totals_of(contender: Contender, formula: Formula) -> dict[str, Fraction]:
    """Each expert's weighted total, exact, of 100."""
    return {expert: weighted(points, formula) for expert, points in contender.scores.items()}


def weighted(points: Points, formula: Formula) -> Fraction:
    parts = (
        share * Fraction(points[code]) / Fraction(formula.maxima[code])
        for code, share in formula.shares.items()
        if share
    )
    return Fraction(WHOLE) * sum(parts, Fraction(0))


def joined(totals: Collection[Fraction], formula: Formula) -> tuple[Fraction, int]:
    """The mean without the ends, and how many are in it."""
    ordered = sorted(totals)
    trim = formula.trim if len(ordered) >= max(formula.trim_from, 2 * formula.trim + 1) else 0
    used = ordered[trim : len(ordered) - trim]
    return sum(used, Fraction(0)) / len(used), len(used)


def half_up(number: Fraction, decimals: int) -> Decimal:
    """Rounded half up (of what is negative: away from zero), with as many decimals as asked."""
    scaled = abs(number) * 10**decimals + Fraction(1, 2)
    whole = scaled.numerator // scaled.denominator
    return Decimal(whole if number >= 0 else -whole).scaleb(-decimals)


def _key(rule: str, contender: Contender, scores: Mapping[str, Points], spread: Decimal, formula: Formula) -> Any:
    kind, _colon, name = rule.partition(":")
    match kind:
        case "item":
            points = [Fraction(each[name]) for each in scores.values()]
            return -half_up(sum(points, Fraction(0)) / len(points), formula.decimals)
        case "fact":
            value = contender.facts.get(name)
            return (value is None, -(value or Decimal(0)))
        case "spread":
            return spread
        case "earlier":
            return contender.submitted
    return lot(formula.seed, contender.code, "tie")


def _parted(before: Standing | None, each: Standing, ties: Sequence[str]) -> str:
    """The first rule that tells two of the same total apart."""
    if before is None or before.total != each.total:
        return ""
    return next((rule for rule, one, other in zip(ties, before.keys, each.keys, strict=True) if one != other), "")


def tie_refusals(ties: Sequence[str], *, items: Collection[str], facts: Collection[str] = ()) -> list[Refusal]:
    """Everything that is wrong with tie rules; empty: they always decide."""
    allowed = {SPREAD, EARLIER, LOT, *(f"{ITEM}:{code}" for code in items), *(f"{FACT}:{code}" for code in facts)}
    found = []
    for number, rule in enumerate(ties):
        if rule not in allowed or rule in ties[:number]:
            message = _("并列规则“%(rule)s”不认识或重复") % {"rule": rule[:40]}
            remedy = _("可用：item:评分项代码、fact:指标代码、spread、earlier、lot，各一次")
            found.append(Refusal("tie_rule_unknown", message, field="ties", remedy=remedy))
    if LOT not in ties[-1:]:
        message, remedy = _("并列规则的最后一条须为 lot（按公布的种子抽签）"), _("请把 lot 放在最后")
        found.append(Refusal("tie_rule_open", message, field="ties", remedy=remedy))
    return found
