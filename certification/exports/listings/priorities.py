"""Priorities (优先标识), as lists and exports have them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ...inputs.priority_rows import FILTERS, priorities_matching, with_file
from ...inputs.states import STATES
from ...models import Priority
from ...parameters import choice
from ...wording import named, worded
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

ORDERING = choice("ordering", "Order of the rows", ["-id", "id"], default="-id")

PRIORITIES = Columns(
    [
        Column("number", _("台账号"), Kind.INTEGER),
        Column("enterprise", _("企业")),
        Column("uscc", _("统一社会信用代码"), Kind.CODE),
        Column("reporting_unit", _("统计单元")),
        Column("kind", _("种类")),
        Column("value", _("内容")),
        Column("document", _("认定文件")),
        Column("valid_from", _("起始日"), Kind.DATE),
        Column("valid_until", _("有效期至"), Kind.DATE),
        Column("ended_on", _("提前终止日"), Kind.DATE),
        Column("ended_ground", _("终止理由")),
        Column("state", _("状态"), take=lambda row: worded(STATES[row["state"]])),
        Column("annulled_ground", _("注销理由")),
    ],
    on_page=("enterprise", "kind", "document", "valid_from", "valid_until", "state"),
)


def _rows(asked: Asked) -> "QuerySet[Any]":
    return priorities_matching(asked.account, asked.values, on=asked.on).order_by(asked.values["ordering"])


def _load(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    return map(as_row, with_file(rows))


def as_row(row: Priority | Any) -> dict[str, Any]:
    plain = ("state", "value", "document", "valid_from", "valid_until", "ended_on", "ended_ground", "annulled_ground")
    return {
        "id": row.pk,
        "number": row.ledger_number,
        "enterprise": row.enterprise.name,
        "uscc": row.enterprise.uscc,
        "reporting_unit": named(row.enterprise.reporting_unit),
        "kind": named(row.kind),
        **{name: getattr(row, name) for name in plain},
    }


LISTINGS = (
    Listing(
        "priorities",
        _("优先标识"),
        PRIORITIES,
        rows=_rows,
        load=_load,
        may=anyone_signed_in,
        filters=(*FILTERS, ORDERING),
    ),
)
