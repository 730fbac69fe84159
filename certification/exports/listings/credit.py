"""Credit checks (信用核查), as lists and exports have them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ...inputs.credit_rows import FILTERS, checks_matching, with_file
from ...inputs.states import STATES
from ...models import CreditCheck, CreditResult
from ...parameters import choice
from ...wording import named, worded
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

ORDERING = choice("ordering", "Order of the rows", ["-id", "id"], default="-id")
RESULTS = dict(CreditResult.choices)

CREDIT_CHECKS = Columns(
    [
        Column("number", _("台账号"), Kind.INTEGER),
        Column("enterprise", _("企业")),
        Column("uscc", _("统一社会信用代码"), Kind.CODE),
        Column("reporting_unit", _("统计单元")),
        Column("source", _("核查渠道")),
        Column("result", _("核查结果"), take=lambda row: RESULTS[row["result"]]),
        Column("ground", _("不良记录")),
        Column("checked_on", _("核查日期"), Kind.DATE),
        Column("valid_until", _("结果有效期至"), Kind.DATE),
        Column("state", _("状态"), take=lambda row: worded(STATES[row["state"]])),
        Column("annulled_ground", _("注销理由")),
    ],
    on_page=("enterprise", "source", "result", "checked_on", "valid_until", "state"),
)


def _rows(asked: Asked) -> "QuerySet[Any]":
    return checks_matching(asked.account, asked.values, on=asked.on).order_by(asked.values["ordering"])


def _load(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    return map(as_row, with_file(rows))


def as_row(row: CreditCheck | Any) -> dict[str, Any]:
    plain = ("state", "result", "ground", "checked_on", "valid_until", "annulled_ground")
    return {
        "id": row.pk,
        "number": row.ledger_number,
        "enterprise": row.enterprise.name,
        "uscc": row.enterprise.uscc,
        "reporting_unit": named(row.enterprise.reporting_unit),
        "source": named(row.source),
        **{name: getattr(row, name) for name in plain},
    }


LISTINGS = (
    Listing(
        "credit-checks",
        _("信用核查"),
        CREDIT_CHECKS,
        rows=_rows,
        load=_load,
        may=anyone_signed_in,
        filters=(*FILTERS, ORDERING),
    ),
)
