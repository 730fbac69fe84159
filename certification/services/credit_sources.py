"""Keeping where credit is looked up and for how long a result is good (信用核查渠道)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.verbs import Verb

from ..errors import Refusal, Refused
from ..models import CreditSource
from .input_tables import InputTable, keep_row

TABLE = InputTable(
    model=CreditSource,
    subject="credit_source",
    verb=Verb.CREDIT_SOURCE_CHANGED,
    content=lambda row: [row.name_zh, row.name_en, row.valid_months, row.is_needed, row.is_active, row.basis],
)


def keep_source(row: CreditSource, *, actor: Account, at: datetime) -> CreditSource:
    """Write a source, and one ledger entry. Days that were set under earlier months stay."""
    if row.valid_months < 1:
        message = _("月数至少为 1，现为 %(months)s") % {"months": row.valid_months}
        remedy = _("填写一次核查的结果可用几个月")
        raise Refused([Refusal("months_too_few", message, field="valid_months", remedy=remedy)])
    return keep_row(TABLE, row, actor=actor, at=at)


def source_contents() -> dict[str, Any]:
    """What the table says of each source, by its subject."""
    return TABLE.contents()
