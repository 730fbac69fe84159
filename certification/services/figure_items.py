"""Keeping the items of the yearly figures (年度数据项)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.verbs import Verb

from ..errors import Refusal, Refused
from ..models import FigureItem
from .input_tables import InputTable, keep_row

NAMES = ("place", "group_zh", "group_en", "name_zh", "name_en", "unit", "decimals", "part_of_id", "is_active", "basis")


def _content(row: FigureItem) -> list[Any]:
    bounds = [None if bound is None else f"{bound.normalize():f}" for bound in (row.most, row.swing)]
    return [*(getattr(row, name) for name in NAMES), *bounds]


TABLE = InputTable(model=FigureItem, subject="figure_item", verb=Verb.FIGURE_ITEM_CHANGED, content=_content)


def keep_item(row: FigureItem, *, actor: Account, at: datetime) -> FigureItem:
    """Write an item, and one ledger entry. Figures that were stated under earlier bounds stay."""
    found = []
    if row.part_of_id and row.part_of_id == row.pk:
        message, remedy = _("一项不能是自己的一部分"), _("请另选一项或留空")
        found.append(Refusal("part_of_itself", message, field="part_of", remedy=remedy))
    if row.swing is not None and row.swing <= 1:
        message, remedy = _("倍数须大于 1，现为 %(swing)s") % {"swing": row.swing}, _("不比较的留空")
        found.append(Refusal("swing_too_small", message, field="swing", remedy=remedy))
    if row.decimals > 4:
        message, remedy = _("小数最多 4 位，现为 %(decimals)s") % {"decimals": row.decimals}, _("整数填 0")
        found.append(Refusal("too_many_decimals", message, field="decimals", remedy=remedy))
    if found:
        raise Refused(found)
    return keep_row(TABLE, row, actor=actor, at=at)


def item_contents() -> dict[str, Any]:
    """What the table says of each item, by its subject."""
    return TABLE.contents()
