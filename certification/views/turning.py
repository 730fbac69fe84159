"""Turning the pages of a long list: a page is found from the row before or after it (keyset), however deep."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of one page; `after` and `before` are where its neighbours start, 0: there is none."""

    rows: Sequence[Row]
    after: int
    before: int


def sliced(rows: "QuerySet[Any]", *, after: str, before: str, size: int, newest_first: bool = False) -> Slice:
    """The page that follows row `after` or precedes row `before`, in the order of `id` or against it."""
    last, first = _whole(after), _whole(before)
    up, down, behind, ahead = ("-pk", "pk", "lt", "gt") if newest_first else ("pk", "-pk", "gt", "lt")
    if first:
        taken = list(rows.filter(**{f"pk__{ahead}": first}).order_by(down)[: size + 1])
        more, page = len(taken) > size, taken[:size][::-1]
        return Slice(page, after=page[-1]["id"] if page else 0, before=page[0]["id"] if more else 0)
    taken = list((rows.filter(**{f"pk__{behind}": last}) if last else rows).order_by(up)[: size + 1])
    page = taken[:size]
    return Slice(page, after=page[-1]["id"] if len(taken) > size else 0, before=page[0]["id"] if last and page else 0)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0
