"""A reporting unit's ranked recommendation (推荐排序): a list within its quota; only what stands on it is sent on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from enterprises.models import Account, DeclaredInterest
from enterprises.roles import Role
from ledger.verbs import Verb

from ..errors import NotAllowed, NotPossible, Refusal, Refused
from ..models import Application, Batch, BatchState, Recommended
from ..rights import may_rank
from ..selection.recommendation import recommendation_refusals
from ..stages import STAGES, WITH_REVIEWER, Level
from .batch_terms import GONE, check_ranked, terms_now
from .panel_records import record_batch

BELOW = (Level.TOWNSHIP, Level.DISTRICT)


@dataclass(frozen=True, slots=True)
class UnitList:
    """What a unit recommends: sent on already (their places stay), ranked so far, and what waits for a place."""

    batch: Batch
    sent: tuple[Recommended, ...]
    ranked: tuple[Recommended, ...]
    unranked: tuple[Application, ...]
    quota: int | None


@transaction.atomic
def rank_recommended(batch: Batch, ranked: Sequence[str], *, actor: Account, at: datetime) -> list[Recommended]:
    """Put down whom the unit recommends, the first one first, after those that it has sent on already.

    Raises NotAllowed (role; a tie), NotPossible (state), Refused (twice, not its own, over the quota).
    """
    if not may_rank(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有辖市区审核员可以排定本单元的推荐次序"))])
    row = Batch.objects.select_for_update(of=("self",)).select_related("sheet").get(pk=batch.pk)
    check_ranked(row)
    if row.state not in (BatchState.OPEN, BatchState.CLOSED):
        message = _("批次 %(code)s 现为“%(state)s”，不能推荐")
        said = {"code": row.code, "state": row.get_state_display()}
        raise NotPossible([Refusal("not_possible", message % said, field="action")])
    held = unit_list(row, actor)
    waiting = {each.application.number: each.application for each in held.ranked}
    waiting |= {each.number: each for each in held.unranked}
    sent = [each.application.number for each in held.sent]
    if found := recommendation_refusals(ranked, waiting=waiting, already=sent, quota=held.quota):
        raise Refused(found)
    _check_ties([waiting[number] for number in ranked], actor)
    Recommended.objects.filter(pk__in=[each.pk for each in held.ranked]).delete()
    left = Recommended.objects.filter(batch=row, unit=actor.unit_id)
    first = (left.aggregate(last=Max("rank"))["last"] or 0) + 1
    made = Recommended.objects.bulk_create(
        Recommended(
            batch=row,
            unit_id=actor.unit_id or "",
            application=waiting[number],
            rank=rank,
            ranked_at=at,
            ranked_by=actor,
        )
        for rank, number in enumerate(ranked, first)
    )
    record_batch(Verb.BATCH_RECOMMENDED, row, {"unit": actor.unit_id, "count": len(made)}, actor=actor, at=at)
    return made


def unit_list(batch: Batch, account: Account) -> UnitList:
    """The list of the account's unit, with what waits at its level; four questions however long it is."""
    terms = terms_now(batch)
    rows = Recommended.objects.filter(batch=batch, unit=account.unit_id).select_related("application__enterprise")
    standing = rows.exclude(application__status__in=GONE).order_by("rank")
    here = [each for each in standing if each.application.level in BELOW]
    sent = [each for each in standing if each.application.level not in BELOW]
    waiting = batch.applications.filter(
        status__in=[status.value for status in WITH_REVIEWER],
        level=Level.DISTRICT,
        reporting_unit=account.unit_id,
        recommended__isnull=True,
    )
    quota = terms.recommended.get(account.unit_id or "") if terms else None
    unranked = waiting.select_related("enterprise").order_by("pk")
    return UnitList(batch, tuple(sent), tuple(here), tuple(unranked), quota)


def batches_to_rank(account: Account) -> list[Batch]:
    """The running batches of ranked stages, for the reviewers of a unit."""
    if account.role != Role.DISTRICT_REVIEWER:
        return []
    stages = [code for code, stage in STAGES.items() if stage.has_ranking]
    running = Batch.objects.filter(stage__in=stages, state__in=[BatchState.OPEN, BatchState.CLOSED])
    return list(running.select_related("sheet").order_by("-pk"))


def _check_ties(applications: Sequence[Application], actor: Account) -> None:
    tied = DeclaredInterest.objects.filter(
        account=actor, ended_at__isnull=True, enterprise__in=[row.enterprise_id for row in applications]
    )
    if tied.exists():
        raise NotAllowed([Refusal("own_interest", _("名单中有与您有利害关系的企业，应当回避"))])
