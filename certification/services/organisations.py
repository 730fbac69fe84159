"""Keeping the table of certification bodies and advisers (机构); what the ledger speaks of is never renamed or lost."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.rights import may_keep_organisations
from enterprises.services.rows import differing
from enterprises.services.trail import note_change
from ledger.contents import record_content
from ledger.verbs import Verb

from ..errors import NotAllowed, NotPossible, Refusal, Refused
from ..models import Organisation

PATTERN = re.compile(r"[0-9A-Z#@.()/ -]*", re.ASCII)


@transaction.atomic
def keep_organisation(row: Organisation, *, actor: Account, at: datetime) -> Organisation:
    """Write an organisation, and one ledger entry. Raises NotAllowed, Refused."""
    _check_right(actor)
    if found := _faults(row):
        raise Refused(found)
    fields = differing(row)
    row.save()
    _record(row.pk, actor, at, fields)
    return row


@transaction.atomic
def drop_organisation(row: Organisation, *, actor: Account, at: datetime) -> None:
    """Take an organisation off the table that nothing refers to."""
    _check_right(actor)
    code = row.pk
    try:
        row.delete()
    except ProtectedError as error:
        message = _("机构“%(name)s”已有证书或辅导关系引用，不能删除") % {"name": row.name}
        remedy = _("不再批准的，请填写批准截止日")
        raise NotPossible([Refusal("organisation_in_use", message, remedy=remedy)]) from error
    _record(code, actor, at, ["removed"])


def subject_of(code: str) -> str:
    """Under what name the ledger speaks of an organisation."""
    return f"organisation:{code}"


def organisation_contents(*codes: str) -> dict[str, Any]:
    """What the table says of each organisation, by its subject; of all without codes."""
    rows = Organisation.objects.order_by("code")
    return {
        subject_of(row.pk): {
            "name": row.name,
            "name_en": row.name_en,
            "is_body": row.is_body,
            "is_adviser": row.is_adviser,
            "pattern": row.number_pattern,
            "from": str(row.approved_from or ""),
            "to": str(row.approved_to or ""),
            "note": row.note,
        }
        for row in (rows.filter(pk__in=codes) if codes else rows)
    }


def _check_right(actor: Account) -> None:
    if not may_keep_organisations(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更认证机构和辅导机构"))])


def _faults(row: Organisation) -> list[Refusal]:
    found = []
    if not (row.is_body or row.is_adviser):
        message, remedy = _("机构既不是认证机构，也不是辅导机构"), _("请至少勾选一项")
        found.append(Refusal("organisation_kind", message, field="is_body", remedy=remedy))
    if row.is_body and row.approved_from is None:
        message = _("认证机构缺批准起始日")
        found.append(Refusal("approval_missing", message, field="approved_from", remedy=_("请填写批准日期")))
    if row.approved_from and row.approved_to and row.approved_to < row.approved_from:
        message = _("批准截止日 %(to)s 早于批准起始日 %(since)s")
        said = {"to": row.approved_to, "since": row.approved_from}
        found.append(Refusal("approval_turned", message % said, field="approved_to", remedy=_("请核对两个日期")))
    if not PATTERN.fullmatch(row.number_pattern):
        message = _("证书编号规则“%(pattern)s”含有不能用的字符") % {"pattern": row.number_pattern}
        remedy = _("只用大写字母、数字、# 和 @，以及 . ( ) / - 和空格")
        found.append(Refusal("pattern_form", message, field="number_pattern", remedy=remedy))
    return found


def _record(code: str, actor: Account, at: datetime, fields: Sequence[str]) -> None:
    subject = subject_of(code)
    entry = record_content(
        Verb.ORGANISATION_CHANGED,
        subject,
        lambda: organisation_contents(code).get(subject),
        actor=actor.as_actor(),
        at=at,
    )
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=fields)
