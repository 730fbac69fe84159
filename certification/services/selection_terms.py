"""The terms of a ranked batch (批次规则): every change is a version on record, once it is open with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.verbs import Verb

from ..errors import NotPossible, Refusal, Refused
from ..models import Batch, BatchState, BatchTerms
from ..selection.terms import BatchRules, terms_content
from .batch_terms import below_recommended, check_ranked, check_unsealed, last_version, unsound
from .batches import locked_batch
from .panel_records import record_batch

MOST_REASON = 300


@transaction.atomic
def keep_terms(batch: Batch, terms: BatchRules, *, reason: str = "", actor: Account, at: datetime) -> BatchTerms:
    """Write the next version. Raises NotAllowed, NotPossible (sealed; not ranked; nothing new), Refused (all wrong)."""
    row = locked_batch(batch, actor, BatchState.PLANNED, BatchState.OPEN, BatchState.CLOSED)
    check_ranked(row)
    check_unsealed(row)
    return add_version(row, terms, reason=reason, actor=actor, at=at)


def add_version(row: Batch, terms: BatchRules, *, reason: str, actor: Account, at: datetime) -> BatchTerms:
    """The next version of a locked batch; for the services that change its terms."""
    last, words = last_version(row), reason.strip()
    found = [*unsound(row, terms), *below_recommended(row, terms.recommended)]
    if row.state != BatchState.PLANNED and not 0 < len(words) <= MOST_REASON:
        message = _("批次开放后变更规则的理由应为 1 至 %(most)s 字，现为 %(count)s 字")
        said = {"most": MOST_REASON, "count": len(words)}
        found.append(Refusal("reason_length", message % said, field="reason", remedy=_("请写明变更的依据和理由")))
    if found:
        raise Refused(found)
    content = terms_content(terms)
    if last and last.content == content:
        raise NotPossible([Refusal("nothing_changed", _("规则与现行版本相同"), remedy=_("请修改后再保存"))])
    made = BatchTerms.objects.create(
        batch=row,
        version=last.version + 1 if last else 1,
        content=content,
        reason=words[:MOST_REASON],
        made_at=at,
        made_by=actor,
    )
    record_batch(Verb.BATCH_TERMS_SET, row, {"version": made.version}, actor=actor, at=at)
    return made
