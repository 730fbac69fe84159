"""Late entries (逾期申报特许): an enterprise may still apply after the window, granted by a person, for a reason, until
a day; and only until the seed of the draw is public, since who applied after it could foresee the lots.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account, Enterprise
from ledger.verbs import Verb

from ..errors import Duplicate, NotAllowed, NotPossible, Refusal, Refused
from ..models import Batch, BatchState, LateEntry
from ..rights import ties
from .batch_terms import check_ranked
from .batches import locked_batch
from .panel_records import record_batch

MOST_REASON = 300


@transaction.atomic
def grant_late_entry(
    batch: Batch, enterprise: Enterprise, *, until: date, reason: str, actor: Account, at: datetime
) -> LateEntry:
    """Raises NotAllowed (role, a tie), NotPossible (not open or closed; drawn), Duplicate, Refused (day, reason)."""
    row = locked_batch(batch, actor, BatchState.OPEN, BatchState.CLOSED)
    check_ranked(row)
    if ties(account=actor, enterprise=enterprise).exists():
        raise NotAllowed([Refusal("own_interest", _("您与该企业有利害关系，应当回避"))])
    if row.drawn_at is not None:
        remedy = _("请该企业在下一批次申报")
        raise NotPossible([Refusal("seed_public", _("抽签种子已经公开，不能再准予逾期申报"), remedy=remedy)])
    if LateEntry.objects.filter(batch=row, enterprise=enterprise).exists():
        raise Duplicate([Refusal("late_entry_exists", _("该企业在本批次已有逾期申报特许"), field="enterprise")])
    if found := _refusals(row, until, reason.strip(), timezone.localdate(at)):
        raise Refused(found)
    made = LateEntry.objects.create(
        batch=row, enterprise=enterprise, reason=reason.strip(), until=until, granted_at=at, granted_by=actor
    )
    said = {"enterprise": enterprise.uscc, "until": str(until)}
    record_batch(Verb.BATCH_LATE_GRANTED, row, said, actor=actor, at=at)
    return made


def _refusals(row: Batch, until: date, words: str, today: date) -> list[Refusal]:
    found = []
    if until <= row.closes_on or until < today:
        said = {"until": until, "closes": max(row.closes_on, today)}
        message = _("准予申报至 %(until)s，不晚于 %(closes)s，没有意义") % said
        found.append(Refusal("until_past", message, field="until", remedy=_("请填晚于申报截止日且未过的日期")))
    if not 0 < len(words) <= MOST_REASON:
        length = {"most": MOST_REASON, "count": len(words)}
        message = _("准予逾期申报的理由应为 1 至 %(most)s 字，现为 %(count)s 字") % length
        found.append(Refusal("reason_length", message, field="reason", remedy=_("请写明理由")))
    return found
