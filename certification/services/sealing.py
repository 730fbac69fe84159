"""Sealing the setting by which a ranked batch is decided (封存方案): one a batch, before names are shown to others.

Of two officers who seal at once one is first; the other is told whose setting it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.canonical import commitment, text_of
from ledger.contents import content_digest
from ledger.verbs import Verb

from ..errors import NotPossible, Refusal
from ..models import Application, Batch, BatchState, Seal, TriedSetting
from ..selection.settings import setting_of
from ..selection.simulation import Simulated, simulate
from .batch_terms import check_ranked, check_unsealed, formula_of, is_changed, terms_now
from .batches import locked_batch
from .frozen_copies import frozen, frozen_of, latest_copy
from .panel_records import record_batch
from .selection_terms import add_version


@dataclass(frozen=True, slots=True)
class Placed:
    """What the sealed setting says of an application."""

    place: int
    points: Decimal
    is_in: bool


@transaction.atomic
def seal(batch: Batch, setting: int, *, reason: str = "", actor: Account, at: datetime) -> Seal:
    """Seal one of the latest copy's settings. What departs from the terms is a new version of them, with the reason.

    Raises NotAllowed, NotPossible (state; sealed before; not of the latest copy), Refused (no reason).
    """
    row = locked_batch(batch, actor, BatchState.CLOSED)
    check_ranked(row)
    check_unsealed(row)
    copy = latest_copy(row)
    tried = TriedSetting.objects.filter(pk=setting, copy=copy).first() if copy else None
    terms = terms_now(row)
    if tried is None or terms is None:
        message, remedy = _("没有该方案，或副本在此之后重新冻结过"), _("请从现有方案中选择")
        raise NotPossible([Refusal("setting_unknown", message, field="setting", remedy=remedy)])
    asked = setting_of(tried.content)
    if is_changed(row, asked):
        add_version(row, replace(terms, setting=asked), reason=reason, actor=actor, at=at)
    chosen = list(simulated(row, tried).chosen)
    salt, said = commitment(text_of(chosen))
    try:
        with transaction.atomic():
            made = Seal.objects.create(
                batch=row, setting=tried, chosen=chosen, salt=salt, sealed_at=at, sealed_by=actor
            )
    except IntegrityError as error:
        raise NotPossible([Refusal("sealed_before", _("该批次的方案刚刚被他人封存"), field="action")]) from error
    codes = {"copy": tried.copy.digest, "setting": content_digest(tried.content), "chosen": said, "count": len(chosen)}
    record_batch(Verb.BATCH_SEALED, row, codes, actor=actor, at=at)
    return made


def simulated(row: Batch, tried: TriedSetting) -> Simulated:
    """What a kept setting comes to on its copy."""
    terms = terms_now(row)
    if terms is None:
        raise Batch.DoesNotExist(row.code)
    return simulate(frozen_of(tried.copy), setting_of(tried.content), formula_of(row, terms))


def placed(row: Batch, applications: Sequence[Application]) -> dict[int, Placed]:
    """What the seal says of each application. One that was scored again since is measured, by itself, against the
    frozen scores of the others. Raises NotPossible: nothing is sealed.
    """
    sealed = Seal.objects.filter(batch=row).select_related("setting__copy").first()
    terms = terms_now(row)
    if sealed is None or terms is None:
        message, remedy = _("该批次还没有封存方案，不能公示"), _("请先冻结副本、比较方案并封存其中之一")
        raise NotPossible([Refusal("not_sealed", message, field="action", remedy=remedy)])
    setting, formula = setting_of(sealed.setting.content), formula_of(row, terms)
    copy = {each.contender.code: each for each in frozen_of(sealed.setting.copy)}
    ends = {end.code: end for end in simulate(list(copy.values()), setting, formula).ends}
    found = {}
    for row_of, now in zip(applications, frozen(applications, row), strict=True):
        end = ends.get(row_of.number)
        if end is None or copy[row_of.number].contender.scores != now.contender.scores:
            again = simulate([*{**copy, row_of.number: now}.values()], setting, formula)
            end = next(each for each in again.ends if each.code == row_of.number)
        found[row_of.pk] = Placed(end.place.place, end.place.total, end.is_in)
    return found
