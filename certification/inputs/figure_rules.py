"""What is wrong with yearly figures, and what is to be explained, since it differs much from last year's. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from unicodedata import normalize

from enterprises.language import _

from ..errors import Refusal

WHY_MOST, EXPLAINED_MOST, LARGEST = 300, 200, Decimal(10) ** 13


@dataclass(frozen=True, slots=True)
class ItemRule:
    """An item: its name and what is plausible of it (models/figures.py)."""

    name: str
    unit: str
    decimals: int = 0
    most: Decimal | None = None
    part_of: str | None = None
    swing: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StatedFigures:
    """A year as it was filled in: texts by item, explanations by item, why what was used is changed."""

    year: int
    values: Mapping[str, str]
    explained: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True)
class KnownFigures:
    """What the registry knows: this year, the first year, the items, last year's values, whether the year was used."""

    this_year: int
    first_year: int
    items: Mapping[str, ItemRule]
    before: Mapping[str, Decimal] = field(default_factory=dict)
    used_by: str = ""


def read(said: StatedFigures, items: Mapping[str, ItemRule]) -> tuple[dict[str, Decimal], list[Refusal]]:
    """The values that are numbers, and what is no number of its kind; a blank says nothing."""
    values, found = {}, []
    for code, text in said.values.items():
        plain = normalize("NFKC", text).strip().replace(",", "")
        if code not in items:
            message = _("没有“%(code)s”这一数据项") % {"code": code[:40]}
            remedy = _("可用的值：%(values)s") % {"values": _("、").join(items)}
            found.append(Refusal("item_unknown", message, field=code[:40], remedy=remedy))
        elif plain:
            try:
                values[code] = _number(plain, items[code])
            except ValueError:
                found.append(_no_number(code, text, items[code]))
    return values, found


def _number(text: str, item: ItemRule) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or abs(value) >= LARGEST or value != round(value, item.decimals):
        raise ValueError(text)
    return value


def _no_number(code: str, text: str, item: ItemRule) -> Refusal:
    told = {"name": item.name, "value": text.strip()[:40], "decimals": item.decimals}
    message = _("“%(name)s”的值“%(value)s”不是可用的数") % told
    remedy = _("请填写数字，最多 %(decimals)s 位小数") % told if item.decimals else _("请填写整数")
    return Refusal("no_number", message, field=code, remedy=remedy)


def wrong_with_figures(said: StatedFigures, values: Mapping[str, Decimal], known: KnownFigures) -> list[Refusal]:
    """What cannot be."""
    return [*_year(said, known), *_impossible(values, known), *_why(said, known), *_texts(said)]


def _year(said: StatedFigures, known: KnownFigures) -> Iterator[Refusal]:
    if not known.first_year <= said.year <= known.this_year:
        told = {"year": said.year, "first": known.first_year, "last": known.this_year}
        message = _("年度 %(year)s 不在 %(first)s 至 %(last)s 之间") % told
        yield Refusal("figures_year", message, field="year", remedy=_("请核对年度"))


def _impossible(values: Mapping[str, Decimal], known: KnownFigures) -> Iterator[Refusal]:
    if not values:
        yield Refusal("nothing_stated", _("没有填写任何数据"), field="values", remedy=_("至少填写一项"))
    for code, value in values.items():
        item = known.items[code]
        if value < 0:
            message = _("“%(name)s”不能为负数，现为 %(value)s") % {"name": item.name, "value": value}
            yield Refusal("negative", message, field=code, remedy=_("没有的填 0"))
        elif item.most is not None and value > item.most:
            told = {"name": item.name, "most": f"{item.most.normalize():f}", "value": value}
            message = _("“%(name)s”最大为 %(most)s，现为 %(value)s") % told
            yield Refusal("too_much", message, field=code, remedy=_("请核对数值和单位"))
        whole = values.get(item.part_of) if item.part_of else None
        if whole is not None and item.part_of and value > whole:
            told = {"name": item.name, "value": value, "whole": known.items[item.part_of].name, "most": whole}
            message = _("“%(name)s”%(value)s 大于“%(whole)s”%(most)s") % told
            yield Refusal("part_too_large", message, field=code, remedy=_("部分不能大于整体，请核对两项"))


def _why(said: StatedFigures, known: KnownFigures) -> Iterator[Refusal]:
    if known.used_by and not said.why:
        message = _("该年度数据已用于申报 %(number)s，变更须写明理由") % {"number": known.used_by}
        yield Refusal("why_missing", message, field="why", remedy=_("变更后是新的版本，已提交的申报仍以原版本为准"))


def _texts(said: StatedFigures) -> Iterator[Refusal]:
    texts = [("why", said.why, WHY_MOST), *((code, text, EXPLAINED_MOST) for code, text in said.explained.items())]
    for name, text, limit in texts:
        if len(text) > limit:
            told = {"label": _("说明"), "limit": limit, "count": len(text)}
            message = _("“%(label)s”最多 %(limit)s 字，现 %(count)s 字") % told
            yield Refusal("too_long", message, field=name, remedy=_("请精简后再填"))


def unexplained(said: StatedFigures, values: Mapping[str, Decimal], known: KnownFigures) -> list[Refusal]:
    """The values that differ much from last year's and say nothing of why: possible, but to be explained."""
    found = []
    for code in swinging(values, known):
        if not said.explained.get(code, "").strip():
            item = known.items[code]
            told = {"name": item.name, "value": f"{values[code]:f}", "before": f"{known.before[code].normalize():f}"}
            message = _("“%(name)s”本年 %(value)s，上年 %(before)s，相差很大") % told
            found.append(Refusal("unexplained", message, field=code, remedy=_("请核对；无误的，请说明原因")))
    return found


def swinging(values: Mapping[str, Decimal], known: KnownFigures) -> list[str]:
    """The items that differ from last year's by more than is plausible of them; where there was nothing, none does."""
    return [code for code, value in values.items() if _swings(value, known.before.get(code), known.items[code].swing)]


def _swings(value: Decimal, before: Decimal | None, swing: Decimal | None) -> bool:
    if swing is None or not before:
        return False
    return value > before * swing or value * swing < before
