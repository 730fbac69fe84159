"""Yearly figures (年度数据), item by item, as lists and exports have them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ...inputs.figure_rows import FILTERS, values_matching, with_file
from ...models import FigureValue
from ...parameters import choice
from ...wording import in_words, named
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

ORDERING = choice("ordering", "Order of the rows", ["-id", "id"], default="-id")

FIGURES = Columns(
    [
        Column("number", _("台账号"), Kind.INTEGER),
        Column("enterprise", _("企业")),
        Column("uscc", _("统一社会信用代码"), Kind.CODE),
        Column("reporting_unit", _("统计单元")),
        Column("year", _("年度"), Kind.INTEGER),
        Column("item", _("数据项")),
        Column("value", _("数值"), Kind.DECIMAL),
        Column("unit", _("单位")),
        Column("version", _("版本"), Kind.INTEGER),
        Column("explained", _("与上年差异说明")),
        Column("why", _("变更理由")),
    ],
    on_page=("enterprise", "year", "item", "value", "unit", "version"),
)


def _rows(asked: Asked) -> "QuerySet[Any]":
    return values_matching(asked.account, asked.values).order_by(asked.values["ordering"])


def _load(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    return map(as_row, with_file(rows))


def as_row(row: FigureValue) -> dict[str, Any]:
    figures = row.figures
    return {
        "id": row.pk,
        "number": figures.ledger_number,
        "enterprise": figures.enterprise.name,
        "uscc": figures.enterprise.uscc,
        "reporting_unit": named(figures.enterprise.reporting_unit),
        "year": figures.year,
        "version": figures.version,
        "item": named(row.item),
        "value": row.value,
        "unit": in_words(row.item.unit),
        "explained": row.explained,
        "why": figures.why,
    }


LISTINGS = (
    Listing(
        "figures",
        _("年度数据"),
        FIGURES,
        rows=_rows,
        load=_load,
        may=anyone_signed_in,
        filters=(*FILTERS, ORDERING),
    ),
)
