"""The ledger and its signed checkpoints, for the auditor."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from enterprises.rights import may_read_ledger
from enterprises.roles import Role
from ledger.models import LedgerCheckpoint
from ledger.reading import Sought, entries
from ledger.verbs import Verb

from ...parameters import choice, code, day, number, text
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing

MOST = 10**15
FILTERS = (
    number("first", "From this number on", most=MOST),
    number("last", "Up to and including this number", most=MOST),
    day("since", "From this day on"),
    day("until", "Up to and including this day"),
    choice("verb", "What is recorded", Verb.values),
    text("subject", "Subject, e.g. application:SQ2026000001"),
    code("enterprise", "Credit code"),
    text("actor", "Opaque code of the account that acted", longest=64),
    choice("role", "Role in which it acted", [*Role.values, "system", "console"]),
)
ORDERING = choice("ordering", "Order of the rows", ["number", "-number"], default="number")
ROLES, VERBS = dict(Role.choices), dict(Verb.choices)

LEDGER = Columns(
    [
        Column("number", _("台账号"), Kind.INTEGER),
        Column("at", _("时间"), Kind.MOMENT),
        Column("verb", _("事项"), take=lambda row: VERBS.get(row["verb"], row["verb"])),
        Column("verb_code", _("事项代码"), Kind.CODE, lambda row: row["verb"]),
        Column("subject", _("对象"), Kind.CODE),
        Column("enterprise", _("企业"), Kind.CODE),
        Column("enterprise_seq", _("企业内序号"), Kind.INTEGER),
        Column("actor", _("操作人"), Kind.CODE),
        Column("role", _("角色"), take=lambda row: ROLES.get(row["role"], row["role"])),
        Column("payload", _("内容")),
        Column("supersedes", _("更正的台账号"), Kind.INTEGER),
        Column("prev", _("上一条摘要"), Kind.CODE),
        Column("hash", _("摘要"), Kind.CODE),
    ],
    on_page=("number", "at", "verb", "subject", "enterprise", "actor"),
)
CHECKPOINTS = Columns(
    [
        Column("size", _("条数"), Kind.INTEGER),
        Column("at", _("时间"), Kind.MOMENT),
        Column("root", _("根"), Kind.CODE),
        Column("note", _("签名文本")),
    ]
)


def sought_by(asked: Mapping[str, Any]) -> Sought:
    """What the values of FILTERS look for."""
    return Sought(**{param.name: asked[param.name] or None for param in FILTERS})


def _ledger(asked: Asked) -> "QuerySet[Any]":
    return entries(sought_by(asked.values)).order_by(asked.values["ordering"])


def _ledger_rows(rows: "QuerySet[Any]", asked: Asked) -> "QuerySet[Any]":
    plain = ("number", "at", "actor", "role", "verb", "subject", "enterprise", "enterprise_seq")
    return rows.values(*plain, "payload", "supersedes", "prev", "hash")


LISTINGS = (
    Listing(
        "ledger",
        _("台账"),
        LEDGER,
        rows=_ledger,
        load=_ledger_rows,
        may=may_read_ledger,
        filters=(*FILTERS, ORDERING),
        key="number",
    ),
    Listing(
        "checkpoints",
        _("台账检查点"),
        CHECKPOINTS,
        rows=lambda asked: LedgerCheckpoint.objects.order_by("-size"),
        load=lambda rows, asked: rows.values("size", "at", "root", "note"),
        may=may_read_ledger,
        key="size",
    ),
)
