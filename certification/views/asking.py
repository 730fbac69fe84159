"""Reading what an address asks for: a day, a page after or before a row. A bad value is answered, never a crash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from ..errors import Refusal, Refused
from ..models import Plan
from ..totals.figures import check_day

M = TypeVar("M", bound=Model)
OK, BAD_REQUEST = 200, 400


@dataclass(frozen=True, slots=True)
class AskedDay:
    """The day to show, and why it is not the one that was asked for."""

    day: date
    text: str
    refusals: tuple[Refusal, ...] = ()

    @property
    def status(self) -> int:
        return BAD_REQUEST if self.refusals else OK


def asked_day(text: str, plan: Plan, *, today: date) -> AskedDay:
    """The day of `?as_of=`; today for none, and for one that cannot be shown, with the reason."""
    if not text.strip():
        return AskedDay(today, f"{today}")
    try:
        day = _day(text)
        check_day(plan, day, today=today)
    except Refused as refused:
        return AskedDay(today, text[:40], refused.refusals)
    return AskedDay(day, f"{day}")


def _day(text: str) -> date:
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None:
        message = _("“%(text)s”不是有效的日期") % {"text": text[:40]}
        raise Refused(
            [Refusal("as_of_invalid", message, field="as_of", remedy=_("请按 年-月-日 填写，例如 2020-06-30"))]
        )
    return day


@dataclass(frozen=True, slots=True)
class Slice(Generic[M]):
    """Rows of one page of a long list, found from the row before or after; 0: no such page."""

    rows: Sequence[M]
    after: int
    before: int


def sliced(rows: QuerySet[M], *, after: str, before: str, size: int) -> Slice[M]:
    """The page that follows row `after` or precedes row `before`, in the order of the primary key."""
    last, first = _whole(after), _whole(before)
    if first:
        taken = list(rows.filter(pk__lt=first).order_by("-pk")[: size + 1])
        more, page = len(taken) > size, taken[:size][::-1]
        return Slice(page, after=page[-1].pk if page else 0, before=page[0].pk if more else 0)
    taken = list(rows.filter(pk__gt=last).order_by("pk")[: size + 1])
    page = taken[:size]
    return Slice(page, after=page[-1].pk if len(taken) > size else 0, before=page[0].pk if last and page else 0)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0
