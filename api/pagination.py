"""Pages of a list by cursor: a page starts behind the last row of the one before (keyset), however deep."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from certification.errors import refuse

from .params import Param, choice, number, text

MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE = 200, 50
SIGNER = signing.Signer(salt="api.pagination")
PAGING = (
    text("cursor", "Position in the list, from `next` or `previous` of an answer", longest=600),
    number("page_size", "Rows per page", most=MAX_PAGE_SIZE, default=DEFAULT_PAGE_SIZE),
    choice("count", "`exact` adds the number of rows of the whole list", ["exact"]),
)


@dataclass(frozen=True, slots=True)
class Order:
    """An order that a list may be asked in. `columns` are unique together; the first decides."""

    columns: tuple[str, ...]
    descending: bool = False

    def sorted(self, rows: QuerySet[Any], *, backwards: bool) -> QuerySet[Any]:
        sign = "-" if self.descending != backwards else ""
        return rows.order_by(*(sign + column for column in self.columns))

    def behind(self, keys: list[Any], *, backwards: bool) -> Q:
        """The rows that come after the one with these keys."""
        step = "lt" if self.descending != backwards else "gt"
        first, *rest = self.columns
        condition = Q(**{f"{first}__{step}": keys[0]})
        if rest:
            condition |= Q(**{first: keys[0], f"{rest[0]}__{step}": keys[1]})
        return condition

    def keys_of(self, row: Any) -> list[Any]:
        values = (row[column] if isinstance(row, dict) else getattr(row, column) for column in self.columns)
        return [value if isinstance(value, int) else str(value) for value in values]


def orders(*columns: str) -> dict[str, Order]:
    """The same unique columns up and down, the first as default."""
    return {sign + column: Order((column,), sign == "-") for column in columns for sign in ("", "-")}


def ordering(allowed: Mapping[str, Order]) -> Param:
    """The `ordering` parameter over these orders; the first is the default."""
    return choice("ordering", "Order of the rows", list(allowed), default=next(iter(allowed)))


@dataclass(frozen=True, slots=True)
class Cut:
    """One page: its rows in order, and whether there are rows before and behind."""

    rows: list[Any]
    has_previous: bool
    has_next: bool


def paged(
    request: Request,
    rows: QuerySet[Any],
    asked: Mapping[str, Any],
    *,
    order: Order,
    shape: Callable[[Any], Any] | None = None,
    count: bool = False,
) -> Response:
    """The page that was asked for, as `{next, previous, results[, count]}`."""
    name = _list_of(request, asked)
    cut = _cut(rows, asked, order, name)
    results = list(map(shape, cut.rows)) if shape else cut.rows
    link = _linker(request, name)
    body: dict[str, Any] = {
        "next": link("n", order.keys_of(cut.rows[-1])) if cut.has_next else None,
        "previous": link("p", order.keys_of(cut.rows[0])) if cut.has_previous else None,
        "results": results,
    }
    if count or asked.get("count"):
        body["count"] = rows.order_by().count()
    return Response(body)


def whole(results: list[Any]) -> Response:
    """A short list that always fits on one page."""
    return Response({"next": None, "previous": None, "results": results})


def _list_of(request: Request, asked: Mapping[str, Any]) -> str:
    """What a cursor belongs to: this list, in this order, as this caller sees it."""
    return f"{request.path} {asked.get('ordering') or ''} {request.user.pk or ''}"


def _cut(rows: QuerySet[Any], asked: Mapping[str, Any], order: Order, name: str) -> Cut:
    size, cursor = asked["page_size"], asked["cursor"]
    direction, keys = _opened(cursor, name) if cursor else ("n", [])
    backwards = direction == "p"
    wanted = rows.filter(order.behind(keys, backwards=backwards)) if keys else rows
    found = list(order.sorted(wanted, backwards=backwards)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        return Cut(found[::-1], has_previous=more, has_next=bool(found))
    return Cut(found, has_previous=bool(keys and found), has_next=more)


def _linker(request: Request, name: str) -> Callable[[str, list[Any]], str]:
    """Makes addresses of pages: the request's own, with another cursor."""
    others = [(key, value) for key, values in request.GET.lists() if key != "cursor" for value in values]
    start = f"{request.build_absolute_uri(request.path)}?{urlencode([*others, ('cursor', '')])}"

    def link(direction: str, keys: list[Any]) -> str:
        return start + quote_plus(SIGNER.sign(json.dumps([name, direction, keys], separators=(",", ":"))))

    return link


def _opened(cursor: str, name: str) -> tuple[str, list[Any]]:
    """Direction and keys of a cursor that this registry gave for this list, in this order, to this caller."""
    try:
        given, direction, keys = json.loads(SIGNER.unsign(cursor))
    except (signing.BadSignature, ValueError) as error:
        raise _bad_cursor() from error
    if given != name:
        raise _bad_cursor()
    return direction, keys


def _bad_cursor() -> Exception:
    message = _("参数 cursor 的值无效，或不属于这个列表")
    return refuse("invalid", message, field="cursor", remedy=_("请使用上一次应答中的 next 或 previous"))
