"""What points may be given, and what the scores of several experts come to. Pure; numbers come from the sheet.

The result: the experts' totals in order, without `trim` at each end where at least `trim_from` experts scored; their
mean, rounded half up. An item's mean leaves nothing out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from enterprises.errors import Refusal
from enterprises.language import _

MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a sheet. `step`: the sheet's."""

    code: str
    title: str
    maximum: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class Method:
    """How the scores of a sheet are joined."""

    trim: int
    trim_from: int
    decimals: int
    pass_line: Decimal
    excellent_line: Decimal
    spread_line: Decimal


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the scores come to. `used`: how many totals are in the mean."""

    total: Decimal
    spread: Decimal
    is_disputed: bool
    grade: str
    passed: bool
    used: int


def points_of(given: object) -> Decimal | None:
    """The number that was given, exactly as it was written; None: it is no number."""
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal):
        return None
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def points_refusals(item: Item, given: object) -> list[Refusal]:
    """Why these are no points for the item; empty: they are."""
    terms = {"item": item.title, "most": plain(item.maximum), "step": plain(item.step)}
    remedy = _("请填 0 至 %(most)s 之间的数，最小分值 %(step)s") % terms
    number = points_of(given)
    if number is None:
        message = _("“%(item)s”的得分“%(value)s”不是数") % {**terms, "value": shown(given)}
    elif not 0 <= number <= item.maximum:
        message = _("“%(item)s”的得分 %(value)s 超出 0 至 %(most)s") % {**terms, "value": shown(given)}
    elif number % item.step:
        message = _("“%(item)s”的得分 %(value)s 不是最小分值 %(step)s 的整数倍") % {**terms, "value": shown(given)}
    else:
        return []
    return [Refusal("points_invalid", message, field=f"scores.{item.code}.points", remedy=remedy)]


def reason_refusals(item: Item, reason: str) -> list[Refusal]:
    """Each score has its reason."""
    if reason.strip():
        return []
    message = _("“%(item)s”没有写评分理由") % {"item": item.title}
    return [Refusal("reason_missing", message, field=f"scores.{item.code}.reason", remedy=_("请写明给出该分数的理由"))]


def outcome(totals: Sequence[Decimal], method: Method) -> Outcome:
    """What the experts' totals come to."""
    ordered = sorted(totals)
    trim = method.trim if len(ordered) >= max(method.trim_from, 2 * method.trim + 1) else 0
    used = ordered[trim : len(ordered) - trim]
    total = mean(used, decimals=method.decimals)
    spread = ordered[-1] - ordered[0]
    return Outcome(
        total=total,
        spread=spread,
        is_disputed=spread >= method.spread_line,
        grade=grade_of(total, method),
        passed=total >= method.pass_line,
        used=len(used),
    )


def grade_of(total: Decimal, method: Method) -> str:
    if total >= method.excellent_line:
        return "excellent"
    return "qualified" if total >= method.pass_line else "failed"


def mean(numbers: Sequence[Decimal], *, decimals: int) -> Decimal:
    """Rounded half up."""
    exact = sum(numbers, Decimal(0)) / len(numbers)
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def means_by_item(scores: Sequence[Mapping[str, Decimal]], *, decimals: int) -> dict[str, Decimal]:
    """The mean of each item over all experts."""
    codes = list(scores[0]) if scores else []
    return {code: mean([each[code] for each in scores], decimals=decimals) for code in codes}


def plain(number: Decimal) -> str:
    """A number without superfluous zeros: 100, 0.5."""
    return f"{number.normalize():f}"


def shown(given: object) -> str:
    """What was given, short enough to be repeated."""
    if given is None:
        return _("空")
    return str(given)[:20]
