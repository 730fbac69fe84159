"""Keeping what each edition of the standard asks of certificates (版本认证规则)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.rights import may_edit_rulebooks
from enterprises.services.rows import differing
from enterprises.services.trail import note_change
from ledger.contents import record_content
from ledger.verbs import Verb

from ..errors import NotAllowed, Refusal, Refused
from ..models import EditionTerms


@transaction.atomic
def keep_terms(row: EditionTerms, *, actor: Account, at: datetime) -> EditionTerms:
    """Write an edition's terms, and one ledger entry. What was recorded under earlier ones stays."""
    if not may_edit_rulebooks(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更版本认证规则"))])
    if found := _faults(row):
        raise Refused(found)
    fields = differing(row)
    row.save()
    subject = subject_of(row.pk)
    entry = record_content(
        Verb.EDITION_TERMS_CHANGED,
        subject,
        lambda: terms_contents(row.pk).get(subject),
        actor=actor.as_actor(),
        at=at,
    )
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=fields)
    return row


def subject_of(edition: str) -> str:
    """Under what name the ledger speaks of an edition's terms."""
    return f"edition_terms:{edition}"


def terms_contents(*editions: str) -> dict[str, Any]:
    """What the table says of each edition, by its subject; of all without codes."""
    rows = EditionTerms.objects.order_by("edition")
    return {subject_of(row.pk): _said(row) for row in (rows.filter(pk__in=editions) if editions else rows)}


def _said(row: EditionTerms) -> dict[str, Any]:
    values = model_to_dict(row, exclude=["edition"])
    return {name: value if isinstance(value, int) else str(value or "") for name, value in values.items()}


def _faults(row: EditionTerms) -> list[Refusal]:
    found = []
    since, until = row.applications_from, row.applications_until
    if since and until and until < since:
        message = _("受理截止日 %(until)s 早于起始日 %(since)s") % {"until": until, "since": since}
        found.append(Refusal("applications_turned", message, field="applications_until", remedy=_("请核对两个日期")))
    for name in ("term_months", "surveillance_months"):
        if getattr(row, name) < 1:
            message = _("月数至少为 1，现为 %(months)s") % {"months": getattr(row, name)}
            found.append(Refusal("months_too_few", message, field=name, remedy=_("请照通知填写")))
    return found
