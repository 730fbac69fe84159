"""Findings (不符合项) of the applications in sight."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from ...findings import FILTERS, findings_matching
from ...models import FindingStatus, Severity
from ...parameters import choice
from ...stages import STAGES
from ...wording import named
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

ORDERING = choice("ordering", "Order of the rows", ["-id", "id"], default="-id")
FINDINGS = Columns(
    [
        Column("number", _("不符合项编号"), Kind.CODE),
        Column("enterprise", _("企业"), take=lambda row: row["enterprise_name"]),
        Column("uscc", _("统一社会信用代码"), Kind.CODE),
        Column("application", _("申报编号"), Kind.CODE, lambda row: row["application_number"]),
        Column("stage", _("阶段"), take=lambda row: named(STAGES[row["application__stage"]])),
        Column("round", _("轮次"), Kind.INTEGER),
        Column("module", _("模块"), Kind.CODE),
        Column("clause", _("条款")),
        Column("text", _("不符合事实")),
        Column("severity", _("严重程度"), take=lambda row: str(Severity(row["severity"]).label)),
        Column("status", _("状态"), take=lambda row: str(FindingStatus(row["status"]).label)),
        Column("due_on", _("整改期限"), Kind.DATE),
        Column("raised_at", _("提出时间"), Kind.MOMENT),
        Column("closed_at", _("关闭时间"), Kind.MOMENT),
        Column("ledger_number", _("台账号"), Kind.INTEGER),
    ]
)


def _findings(asked: Asked) -> "QuerySet[Any]":
    return findings_matching(asked.account, asked.values).order_by(asked.values["ordering"])


def _rows(rows: "QuerySet[Any]", asked: Asked) -> "QuerySet[Any]":
    plain = ("id", "number", "round", "module", "clause", "text", "severity", "status", "due_on", "raised_at")
    names = {"enterprise_name": F("enterprise__name"), "uscc": F("enterprise__uscc")}
    number = F("application__number")
    return rows.values(*plain, "closed_at", "ledger_number", "application__stage", application_number=number, **names)


LISTINGS = (
    Listing(
        "findings",
        _("不符合项"),
        FINDINGS,
        rows=_findings,
        load=_rows,
        may=anyone_signed_in,
        filters=(*FILTERS, ORDERING),
    ),
)
