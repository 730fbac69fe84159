"""Keeping what the public notices of a stage say besides their lines (公示事项): basis and phones.

A notice keeps the words of its day: a change counts for the notices after it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.rights import may_edit_rulebooks
from enterprises.services.rows import differing
from enterprises.services.trail import note_change
from ledger.contents import record_content
from ledger.verbs import Verb

from ..errors import NotAllowed, Refusal, Refused
from ..models import NoticeTerms

PHONES = ("phone", "supervision_phone")
LEAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What a notice says besides its lines; empty: nothing is set."""

    basis: str = ""
    phone: str = ""
    supervision_phone: str = ""


@transaction.atomic
def keep_notice_terms(row: NoticeTerms, *, actor: Account, at: datetime) -> NoticeTerms:
    """Write what the notices of a stage say, and one ledger entry. Raises NotAllowed, Refused."""
    if not may_edit_rulebooks(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更公示事项"))])
    for name in ("basis", *PHONES):
        setattr(row, name, getattr(row, name).strip())
    if found := notice_terms_refusals(row):
        raise Refused(found)
    fields, subject = differing(row), subject_of(row.pk)
    row.save()
    entry = record_content(
        Verb.NOTICE_TERMS_CHANGED,
        subject,
        lambda: notice_terms_contents(row.pk).get(subject),
        actor=actor.as_actor(),
        at=at,
    )
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=fields)
    return row


def notice_terms_refusals(row: NoticeTerms) -> list[Refusal]:
    """A phone is one, and whoever supervises has another number than whoever publishes."""
    found = []
    for name in PHONES:
        text, label = getattr(row, name), _label(name)
        if not text and row.phones_required:
            remedy = _("请填写号码，或取消“公示须载明电话”")
            found.append(Refusal("phone_missing", _("请填写“%(label)s”") % {"label": label}, field=name, remedy=remedy))
        if text and len(re.findall(r"[0-9]", text)) < LEAST_DIGITS:
            message = _("“%(label)s”的值“%(value)s”不是电话号码") % {"label": label, "value": text}
            found.append(Refusal("phone_form", message, field=name, remedy=_("请填带区号的号码，如 0519-12345678")))
    if row.phone and row.phone == row.supervision_phone:
        message = _("监督电话与联系电话相同（%(value)s）") % {"value": row.phone}
        remedy = _("监督电话应由负责监督的部门另行提供")
        found.append(Refusal("phone_not_separate", message, field="supervision_phone", remedy=remedy))
    return found


def _label(name: str) -> str:
    return {"phone": _("联系电话"), "supervision_phone": _("监督电话")}[name]


def said_of(stage: str, *, basis: str) -> Said:
    """What a notice of the stage says now; `basis`: that of its rule, where none is set.

    Raises Refused: the notices of the stage must carry phones, and one is not set.
    """
    row = NoticeTerms.objects.filter(pk=stage).first()
    if row is None:
        return Said(basis)
    lacking = [_label(name) for name in PHONES if not getattr(row, name)]
    if lacking and row.phones_required:
        message = _("公示须载明%(names)s，现未填写") % {"names": _("、").join(lacking)}
        remedy = _("请市局先在管理后台的“公示事项”中填写，再发布公示")
        raise Refused([Refusal("notice_phone_missing", message, field="action", remedy=remedy)])
    return Said(row.basis or basis, row.phone, row.supervision_phone)


def subject_of(stage: str) -> str:
    """Under what name the ledger speaks of what the notices of a stage say."""
    return f"notice_terms:{stage}"


def notice_terms_contents(*stages: str) -> dict[str, Any]:
    """What the table says of each stage, by its subject; of all without codes."""
    rows = NoticeTerms.objects.order_by("stage")
    return {
        subject_of(row.pk): {
            "basis": row.basis,
            "phones": [row.phone, row.supervision_phone],
            "required": row.phones_required,
        }
        for row in (rows.filter(pk__in=stages) if stages else rows)
    }
