"""The weights of a sheet (权重): percentages of its items that make up the whole. Pure.

A share is a weight as a part of 1, exact. What is left when something is taken away is brought to the whole again, each
part keeping its proportion to the others.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from enterprises.language import _

from ..errors import Refusal
from ..scoring import Item, plain, points_of, shown

WHOLE = Decimal(100)
DECIMALS = 2
Shares = Mapping[str, Fraction]


def weight_refusals(items: Sequence[Item], weights: Mapping[str, object]) -> list[Refusal]:
    """Everything that is wrong with the weights (percent) of these items; empty: they make up the whole.

    The sum is looked at only when each weight is one, so that one mistake is named once.
    """
    known = {item.code for item in items}
    found = [_unknown(code) for code in weights if code not in known]
    for item in items:
        found += _item_refusals(item, weights)
    if found or not items:
        return found or [Refusal("weights_empty", _("评分表没有评分项，无法设定权重"), field="weights")]
    return _sum_refusals(sum((points_of(weights[item.code]) or Decimal(0) for item in items), Decimal(0)))


def shares_of(weights: Mapping[str, Decimal]) -> dict[str, Fraction]:
    """Each weight as a part of 1. Raises ValueError where they add up to nothing."""
    return _whole({code: Fraction(weight) for code, weight in weights.items()})


def without(shares: Shares, code: str) -> dict[str, Fraction]:
    """The shares when one item is left out. Raises ValueError where it is the only one that counts."""
    return _whole({key: share for key, share in shares.items() if key != code})


def unweighted(shares: Shares, maxima: Mapping[str, Decimal], code: str) -> dict[str, Fraction]:
    """The shares when the weight of one item is left out: the item counts by its part of all the points instead.

    The others share the rest as before. A sheet of one item stays as it is.
    """
    natural = Fraction(maxima[code]) / sum(map(Fraction, maxima.values()), Fraction(0))
    others = {key: share for key, share in shares.items() if key != code}
    if not any(others.values()):
        return dict(shares)
    return {**{key: share * (1 - natural) for key, share in _whole(others).items()}, code: natural}


def _whole(parts: Shares) -> dict[str, Fraction]:
    total = sum(parts.values(), Fraction(0))
    if total <= 0:
        raise ValueError("weights add up to nothing")
    return {code: part / total for code, part in parts.items()}


def _unknown(code: str) -> Refusal:
    message = _("评分表中没有评分项“%(code)s”") % {"code": code}
    return Refusal("item_unknown", message, field=f"weights.{code}", remedy=_("请使用评分表中的代码"))


def _item_refusals(item: Item, weights: Mapping[str, object]) -> list[Refusal]:
    terms = {"item": item.title, "value": shown(weights.get(item.code))}
    remedy = _("请填大于 0、不超过 100 的百分数，最多两位小数")
    weight = points_of(weights.get(item.code))
    if item.code not in weights:
        message = _("“%(item)s”没有权重") % terms
    elif weight is None:
        message = _("“%(item)s”的权重“%(value)s”不是数") % terms
    elif not 0 < weight <= WHOLE or weight != round(weight, DECIMALS):
        message = _("“%(item)s”的权重 %(value)s 不是大于 0、不超过 100 的两位小数") % terms
    else:
        return []
    return [Refusal("weight_invalid", message, field=f"weights.{item.code}", remedy=remedy)]


def _sum_refusals(total: Decimal) -> list[Refusal]:
    if total == WHOLE:
        return []
    said = {"sum": plain(total), "apart": plain(abs(WHOLE - total))}
    message = _("权重合计 %(sum)s，不是 100") % said
    remedy = _("请减少 %(apart)s") if total > WHOLE else _("请增加 %(apart)s")
    return [Refusal("weights_off_whole", message, field="weights", remedy=remedy % said)]
