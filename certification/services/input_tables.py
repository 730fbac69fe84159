"""Tables of codes that the inputs of eligibility are stated in, kept by the city, each row on record as a whole."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.rights import may_edit_rulebooks
from enterprises.services.rows import differing
from enterprises.services.trail import note_change
from ledger.contents import record_content
from ledger.verbs import Verb

from ..errors import NotAllowed, Refusal, Refused

M = TypeVar("M", bound=models.Model)
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class InputTable:
    """One table. `content`: all that a row says beside its code."""

    model: type[Any]
    subject: str
    verb: Verb
    content: Callable[[Any], Any]

    def subject_of(self, code: str) -> str:
        """Under what name the ledger speaks of a row."""
        return f"{self.subject}:{code}"

    def contents(self) -> dict[str, Any]:
        """What the table says of each row, by its subject."""
        return {self.subject_of(row.pk): self.content(row) for row in self.model.objects.order_by("pk")}


@transaction.atomic
def keep_row(table: InputTable, row: M, *, actor: Account, at: datetime) -> M:
    """Write a row, and one ledger entry. Raises NotAllowed, Refused. A row that is used no more is put out of use."""
    if not may_edit_rulebooks(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更认定条件数据的代码表"))])
    code = str(row.pk or "")
    if not CODE.fullmatch(code):
        message = _("代码“%(code)s”不合规则") % {"code": code[:40]}
        remedy = _("用小写字母开头，只含小写字母、数字和下划线，最多 40 位")
        raise Refused([Refusal("code_form", message, field="code", remedy=remedy)])
    fields, subject = differing(row), table.subject_of(code)
    row.save()
    entry = record_content(table.verb, subject, lambda: table.contents().get(subject), actor=actor.as_actor(), at=at)
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=fields)
    return row
