"""Keeping after how many months each kind of title is re-examined (称号复核规则)."""

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
from ..models import TitleTerms


@transaction.atomic
def keep_terms(row: TitleTerms, *, actor: Account, at: datetime) -> TitleTerms:
    """Write the terms of a kind of title, and one ledger entry. Days that were set under earlier ones stay."""
    if not may_edit_rulebooks(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更称号复核规则"))])
    if row.reexamine_months is not None and row.reexamine_months < 1:
        message, remedy = _("月数至少为 1，现为 %(months)s") % {"months": row.reexamine_months}, _("不复核的留空")
        raise Refused([Refusal("months_too_few", message, field="reexamine_months", remedy=remedy)])
    fields, subject = differing(row), subject_of(row.pk)
    row.save()
    entry = record_content(
        Verb.TITLE_TERMS_CHANGED,
        subject,
        lambda: terms_contents(row.pk).get(subject),
        actor=actor.as_actor(),
        at=at,
    )
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=fields)
    return row


def months_of(stage: str) -> int | None:
    """After how many months a kind of title is re-examined; None: it is not, or nothing is set."""
    return TitleTerms.objects.filter(pk=stage).values_list("reexamine_months", flat=True).first()


def subject_of(stage: str) -> str:
    """Under what name the ledger speaks of the terms of a kind of title."""
    return f"title_terms:{stage}"


def terms_contents(*stages: str) -> dict[str, Any]:
    """What the table says of each kind, by its subject; of all without codes."""
    rows = TitleTerms.objects.order_by("stage")
    return {
        subject_of(row.pk): {"months": row.reexamine_months, "basis": row.basis}
        for row in (rows.filter(pk__in=stages) if stages else rows)
    }
