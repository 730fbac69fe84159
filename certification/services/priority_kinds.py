"""Keeping the kinds of priority (优先标识种类)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.verbs import Verb

from ..errors import Refusal, Refused
from ..models import PriorityKind
from .input_tables import InputTable, keep_row

TABLE = InputTable(
    model=PriorityKind,
    subject="priority_kind",
    verb=Verb.PRIORITY_KIND_CHANGED,
    content=lambda row: [row.name_zh, row.name_en, row.needs_value, row.values, row.is_active, row.basis],
)


def keep_kind(row: PriorityKind, *, actor: Account, at: datetime) -> PriorityKind:
    """Write a kind, and one ledger entry. What was recorded under earlier values stays."""
    row.values = "\n".join(row.choices)
    if row.values and not row.needs_value:
        message, remedy = _("不须填内容的种类，不能列出可选内容"), _("请勾选“须填内容”，或清空可选内容")
        raise Refused([Refusal("values_needless", message, field="values", remedy=remedy)])
    return keep_row(TABLE, row, actor=actor, at=at)


def kind_contents() -> dict[str, Any]:
    """What the table says of each kind, by its subject."""
    return TABLE.contents()
