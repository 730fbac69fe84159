"""Third-party certificates (证书), as lists and exports have them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...certificate_life import STANDING_NAMES, Standing
from ...certificates import ATTENTION_NAMES, FILTERS, Attention, certificates_matching, shown_on
from ...models.certificate import Route
from ...parameters import choice
from ...wording import named, worded
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

ORDERING = choice("ordering", "Order of the rows", ["-id", "id"], default="-id")
ROUTES = dict(Route.choices)


def _attention(row: Any) -> str:
    return gettext("、").join(worded(ATTENTION_NAMES[Attention(each)]) for each in row["attention"])


CERTIFICATES = Columns(
    [
        Column("number", _("证书编号"), Kind.CODE),
        Column("enterprise", _("企业")),
        Column("uscc", _("统一社会信用代码"), Kind.CODE),
        Column("reporting_unit", _("统计单元")),
        Column("body", _("认证机构")),
        Column("holder", _("持证人")),
        Column("edition", _("标准版本"), Kind.CODE),
        Column("route", _("途径"), take=lambda row: ROUTES[row["route"]]),
        Column("issued_on", _("发证日期"), Kind.DATE),
        Column("expires_on", _("有效期至"), Kind.DATE),
        Column("standing", _("状态"), take=lambda row: worded(STANDING_NAMES[Standing(row["standing"])])),
        Column("due_on", _("下次监督审核"), Kind.DATE),
        Column("convert_by", _("换版截止日"), Kind.DATE),
        Column("attention", _("提示"), take=_attention),
        Column("ledger_number", _("台账号"), Kind.INTEGER),
    ],
    on_page=("number", "enterprise", "body", "edition", "issued_on", "expires_on", "standing", "due_on"),
)
PLAIN = ("id", "number", "holder", "route", "issued_on", "expires_on", "ledger_number")


def _rows(asked: Asked) -> "QuerySet[Any]":
    return certificates_matching(asked.account, asked.values, on=asked.on).order_by(asked.values["ordering"])


def _load(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    listed = rows.with_file().prefetch_related("events")  # type: ignore[attr-defined]
    for shown in shown_on(listed, on=asked.on):
        row = shown.row
        yield {name: getattr(row, name) for name in PLAIN} | {
            "enterprise": row.enterprise.name,
            "uscc": row.enterprise.uscc,
            "reporting_unit": named(row.enterprise.reporting_unit),
            "body": named(row.body),
            "edition": shown.state.edition,
            "standing": shown.state.standing.value,
            "due_on": shown.state.due_on,
            "convert_by": shown.state.convert_by,
            "attention": [each.value for each in shown.attention],
        }


LISTINGS = (
    Listing(
        "certificates",
        _("证书"),
        CERTIFICATES,
        rows=_rows,
        load=_load,
        may=anyone_signed_in,
        filters=(*FILTERS, ORDERING),
    ),
)
