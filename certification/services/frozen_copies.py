"""Freezing a copy of a ranked batch (冻结副本), and keeping the settings that are tried on it (模拟方案)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enterprises.models import Account
from ledger.canonical import timestamp, to_milliseconds
from ledger.contents import content_digest
from ledger.verbs import Verb

from ..errors import Duplicate, NotPossible, Refusal, Refused
from ..models import (
    Achievement,
    Application,
    Batch,
    BatchState,
    Evaluation,
    EvaluationState,
    FrozenCopy,
    PanelResult,
    Score,
    TriedSetting,
)
from ..selection.frozen import Frozen, copy_content, copy_of
from ..selection.ranking import Contender, Points
from ..selection.settings import Setting, setting_content, setting_refusals
from ..stages import STAGES, WITH_REVIEWER, Status
from .batch_terms import check_ranked, check_unsealed, figure_year, figures_of, units, yearly
from .batches import locked_batch
from .figures import stated_for
from .lots import sittings_of
from .panel_records import record_batch
from .priorities import CHAIN, HIGH_TECH, Held, priorities_of
from .sheets import items_of

MOST_NAME = 60


@transaction.atomic
def freeze_copy(batch: Batch, *, actor: Account, at: datetime) -> FrozenCopy:
    """Freeze every candidate with its scores; all results are in.

    Raises NotAllowed, NotPossible (state; sealed; nobody to rank), Refused (whose result is still out).
    """
    row = locked_batch(batch, actor, BatchState.CLOSED)
    check_ranked(row)
    check_unsealed(row)
    evaluating = candidates(row)
    if not evaluating:
        remedy = _("请先抽取专家并完成评分")
        raise NotPossible([Refusal("nothing_to_freeze", _("该批次没有可排序的申报"), remedy=remedy)])
    out = [*row.applications.filter(status__in=[each.value for each in (*WITH_REVIEWER, Status.RETURNED)])]
    out += unscored(evaluating)
    if out:
        remedy = _("请待全部申报审核完毕、专家全部评分后再冻结")
        message = _("申报 %(number)s 还没有评审结果")
        raise Refused(
            Refusal("result_missing", message % {"number": each.number}, field="action", remedy=remedy) for each in out
        )
    content = copy_content(frozen(evaluating, row))
    made = FrozenCopy.objects.create(
        batch=row, content=content, digest=content_digest(content), made_at=at, made_by=actor
    )
    said = {"copy": made.digest, "candidates": len(content)}
    record_batch(Verb.BATCH_FROZEN, row, said, actor=actor, at=at)
    return made


@transaction.atomic
def keep_setting(batch: Batch, name: str, setting: Setting, *, actor: Account, at: datetime) -> TriedSetting:
    """Keep a setting of the latest copy. Raises NotAllowed, NotPossible (no copy; sealed), Duplicate, Refused."""
    row = locked_batch(batch, actor, BatchState.CLOSED)
    check_ranked(row)
    check_unsealed(row)
    copy, words = latest_copy(row), name.strip()
    if copy is None:
        raise NotPossible([Refusal("copy_missing", _("该批次还没有冻结副本"), remedy=_("请先冻结副本"))])
    found = setting_refusals(setting, items_of(row.sheet), units=units())
    if not 0 < len(words) <= MOST_NAME:
        message = _("方案名称应为 1 至 %(most)s 字，现为 %(count)s 字") % {"most": MOST_NAME, "count": len(words)}
        found.append(Refusal("name_length", message, field="name", remedy=_("请填写方案名称")))
    if found:
        raise Refused(found)
    try:
        with transaction.atomic():
            made = TriedSetting.objects.create(
                copy=copy, name=words, content=setting_content(setting), kept_at=at, kept_by=actor
            )
    except IntegrityError as error:
        message = _("已有名为“%(name)s”的方案") % {"name": words}
        raise Duplicate([Refusal("setting_exists", message, field="name", remedy=_("请另取名称"))]) from error
    said = {"copy": copy.digest, "setting": content_digest(made.content)}
    record_batch(Verb.BATCH_TRIED, row, said, actor=actor, at=at)
    return made


def latest_copy(row: Batch) -> FrozenCopy | None:
    return row.copies.order_by("pk").last()


def frozen_of(copy: FrozenCopy) -> list[Frozen]:
    """The candidates of a copy."""
    return copy_of(copy.content)


def candidates(row: Batch) -> list[Application]:
    """What is before the experts, locked in one order."""
    rows = row.applications.filter(status=Status.EVALUATING.value).select_related("enterprise")
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def unscored(applications: Sequence[Application]) -> list[Application]:
    """Those whose present sitting has no result."""
    sittings = sittings_of(applications)
    reached = set(PanelResult.objects.filter(application__in=sittings).values_list("application", "sitting"))
    return [each for each in applications if (each.pk, sittings[each.pk]) not in reached]


def frozen(applications: Sequence[Application], row: Batch) -> list[Frozen]:
    """The applications as candidates, with what is known of them now; the same few questions however many there are."""
    sheets, figures, day = _sheets(applications), figures_of(row), row.closes_on
    stated = stated_for(applications, figure_year(row)) if STAGES[row.stage].uses_figures else {}
    owners = [each.enterprise_id for each in applications]
    holding = set(
        Achievement.objects.filter(stage=row.stage, enterprise__in=owners)
        .in_force(on=day)
        .values_list("enterprise", flat=True)
    )
    held = priorities_of(owners, on=day)
    return [
        Frozen(
            Contender(
                code=each.number,
                scores=sheets[each.pk],
                submitted=timestamp(to_milliseconds(each.submitted_at)) if each.submitted_at else "",
                facts=_numbers(each.fields | yearly(stated.get(each.pk, {})), figures),
            ),
            unit=each.reporting_unit_id or "",
            **_priorities(held[each.enterprise_id]),
            barred="holding" if each.enterprise_id in holding else "",
        )
        for each in applications
    ]


def _priorities(held: Sequence[Held]) -> dict[str, Any]:
    """What the mix is told by: the chains by name, whether high-tech, and the kinds of all other priorities."""
    kinds = {each.kind for each in held}
    chains = sorted({each.value for each in held if each.kind == CHAIN})
    marks = tuple(sorted(kinds - {CHAIN, HIGH_TECH}))
    return {"chain": " / ".join(chains), "high_tech": HIGH_TECH in kinds, "marks": marks}


def _sheets(applications: Sequence[Application]) -> Mapping[int, Mapping[str, Points]]:
    """What the experts of each present sitting gave, by expert and item."""
    sittings = sittings_of(applications)
    seats = Evaluation.objects.filter(application__in=sittings, state=EvaluationState.SCORED)
    found: dict[int, dict[str, dict[str, Decimal]]] = defaultdict(dict)
    by_seat: dict[int, dict[str, Decimal]] = {}
    for seat in seats.order_by("pk"):
        if seat.sitting == sittings[seat.application_id]:
            by_seat[seat.pk] = found[seat.application_id][f"account:{seat.expert_id}"] = {}
    for seat_key, item, points in Score.objects.filter(evaluation__in=by_seat).values_list(
        "evaluation", "item__code", "points"
    ):
        by_seat[seat_key][item] = points or Decimal(0)
    return found


def _numbers(fields: Mapping[str, Any], figures: Iterable[str]) -> dict[str, Decimal]:
    """The figures of an application that are numbers."""
    found = {}
    for code in figures:
        try:
            found[code] = Decimal(str(fields[code]))
        except (KeyError, InvalidOperation):
            continue
    return {code: value for code, value in found.items() if value.is_finite()}
