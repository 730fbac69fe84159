"""The bureau's own papers (文书), as exports have them; over the API they are listed with the certificates."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ...documents import FILTERS, documents_matching
from ...parameters import choice
from ...services.document_events import standing_of
from ...views.badges import STANDINGS
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

ORDERING = choice("ordering", "Order of the rows", ["-id", "id"], default="-id")
PLAIN = ("id", "number", "holder", "uscc", "issued_on", "valid_until", "ledger_number")

PAPERS = Columns(
    [
        Column("number", _("文书编号"), Kind.CODE),
        Column("kind", _("种类")),
        Column("title", _("名称")),
        Column("application", _("申报编号"), Kind.CODE),
        Column("holder", _("企业名称")),
        Column("uscc", _("统一社会信用代码"), Kind.CODE),
        Column("issued_on", _("签发日期"), Kind.DATE),
        Column("valid_until", _("有效期至"), Kind.DATE),
        Column("standing", _("状态"), take=lambda row: STANDINGS[row["standing"]].label),
        Column("since", _("状态起始日"), Kind.DATE),
        Column("state", _("文件")),
        Column("ledger_number", _("台账号"), Kind.INTEGER),
    ]
)


def _rows(asked: Asked) -> "QuerySet[Any]":
    return documents_matching(asked.account, asked.values, on=asked.on).order_by(asked.values["ordering"])


def _load(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    listed = rows.with_file().prefetch_related("events")  # type: ignore[attr-defined]
    for row in listed:
        standing, since = standing_of(row, on=asked.on)
        yield {name: getattr(row, name) for name in PLAIN} | {
            "kind": row.get_kind_display(),
            "title": row.content["title"],
            "application": row.application.number,
            "standing": standing,
            "since": since,
            "state": row.get_state_display(),
        }


LISTINGS = (
    Listing("papers", _("文书"), PAPERS, rows=_rows, load=_load, may=anyone_signed_in, filters=(*FILTERS, ORDERING)),
)
