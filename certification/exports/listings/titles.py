"""Titles (称号), as lists and exports have them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ...models import TitleLevel
from ...parameters import choice
from ...stages import STAGES
from ...title_life import STANDING_NAMES, Standing
from ...titles import FILTERS, Shown, shown_on, titles_matching, with_file
from ...wording import named, worded
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

ORDERING = choice("ordering", "Order of the rows", ["-id", "id"], default="-id")
LEVELS = dict(TitleLevel.choices)


TITLES = Columns(
    [
        Column("number", _("台账号"), Kind.INTEGER),
        Column("enterprise", _("企业")),
        Column("uscc", _("统一社会信用代码"), Kind.CODE),
        Column("stage", _("称号"), take=lambda row: named(STAGES[row["stage"]])),
        Column("level", _("级别"), take=lambda row: LEVELS.get(row["level"], "")),
        Column("document", _("文号")),
        Column("issued_by", _("发文机关")),
        Column("effective_on", _("认定日期"), Kind.DATE),
        Column("reporting_unit", _("统计单元")),
        Column("valid_until", _("有效期至"), Kind.DATE),
        Column("due_on", _("下次复核"), Kind.DATE),
        Column("days_left", _("距复核天数"), Kind.INTEGER),
        Column("standing", _("状态"), take=lambda row: worded(STANDING_NAMES[Standing(row["standing"])])),
        Column("ended_on", _("终止日期"), Kind.DATE),
    ],
    on_page=("enterprise", "stage", "document", "effective_on", "valid_until", "due_on", "standing"),
)


def _rows(asked: Asked) -> "QuerySet[Any]":
    return titles_matching(asked.account, asked.values, on=asked.on).order_by(asked.values["ordering"])


def _load(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    return map(as_row, shown_on(with_file(rows), on=asked.on))


def as_row(shown: Shown) -> dict[str, Any]:
    row, document, state = shown.row, shown.document, shown.state
    return {
        "id": row.pk,
        "number": row.ledger_number,
        "enterprise": row.enterprise.name,
        "uscc": row.enterprise.uscc,
        "stage": row.stage,
        "level": document.level if document else "",
        "document": document.document if document else "",
        "issued_by": document.issued_by if document else "",
        "effective_on": row.effective_on,
        "reporting_unit": named(row.reporting_unit),
        "valid_until": state.valid_until,
        "due_on": state.due_on,
        "days_left": state.days_left,
        "standing": state.standing.value,
        "ended_on": row.ended_on,
    }


LISTINGS = (
    Listing(
        "titles",
        _("称号"),
        TITLES,
        rows=_rows,
        load=_load,
        may=anyone_signed_in,
        filters=(*FILTERS, ORDERING),
    ),
)
