"""How far a batch is: what is left to draw, to publish, to decide; and so which act is the next one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from ..models import Batch, BatchState, Evaluation, EvaluationState, NoticeLine, PanelResult, Seal
from ..stages import OPEN_STATUSES, STAGES, WITH_REVIEWER, Status
from .lots import sittings_of


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a batch's applications; `is_over`: the days of every notice that is not decided yet have passed.

    `is_sealed`: of a ranked batch, whether its setting is; of others there is none to wait for (None).
    """

    lacking: int = 0
    unscored: int = 0
    evaluating: int = 0
    under_review: int = 0
    noticed: int = 0
    under_way: int = 0
    is_over: bool = True
    is_sealed: bool | None = None


def progress_of(batch: Batch, *, on: date) -> Progress:
    """The same few questions however many applications it has; nothing is asked before it is closed."""
    if batch.state != BatchState.CLOSED:
        return Progress()
    rows = list(batch.applications.only("pk", "status", "batch"))
    evaluating = [row for row in rows if row.status == Status.EVALUATING]
    noticed = [row.pk for row in rows if row.status == Status.NOTICED]
    sittings = sittings_of(evaluating)
    seats = _seats(sittings)
    reached = set(PanelResult.objects.filter(application__in=sittings).values_list("application", "sitting"))
    lines = NoticeLine.objects.filter(application__in=noticed)
    days = lines.values_list("notice__ends_on", "notice__appeal_until")
    return Progress(
        lacking=sum(seats.get(key, 0) < batch.experts for key in sittings.items()),
        unscored=sum(key not in reached for key in sittings.items()),
        evaluating=len(evaluating),
        under_review=sum(row.status in (*WITH_REVIEWER, Status.RETURNED) for row in rows),
        noticed=len(noticed),
        under_way=sum(row.status in OPEN_STATUSES for row in rows),
        is_over=all(day < on for pair in days for day in pair),
        is_sealed=Seal.objects.filter(batch=batch).exists() if STAGES[batch.stage].has_ranking else None,
    )


def _seats(sittings: Mapping[int, int]) -> dict[tuple[int, int], int]:
    """How many sit in each sitting."""
    rows = Evaluation.objects.filter(application__in=sittings).exclude(state=EvaluationState.RECUSED).order_by()
    counted = rows.values_list("application", "sitting").annotate(count=Count("pk"))
    return {(application, sitting): count for application, sitting, count in counted}


def acts_left(batch: Batch, progress: Progress) -> frozenset[str]:
    """The acts of a closed batch that have something left to do."""
    if batch.state != BatchState.CLOSED:
        return frozenset()
    left = {
        "score": progress.lacking,
        "freeze": progress.is_sealed is False and progress.evaluating and not progress.unscored,
        "publish": progress.is_sealed is not False and progress.evaluating,
        "recognise": progress.noticed or not progress.under_way,
    }
    return frozenset(name for name, count in left.items() if count)


def next_act(batch: Batch, progress: Progress, *, on: date) -> str:
    """The act that is due now; empty: experts, the public or the window have the word."""
    if batch.state == BatchState.PLANNED:
        return "open"
    if batch.state == BatchState.OPEN:
        return "close" if batch.closes_on < on else ""
    left = acts_left(batch, progress)
    if "score" in left:
        return "score"
    for act in ("publish", "freeze"):
        if act in left and not progress.unscored and not progress.under_review:
            return act
    return "recognise" if "recognise" in left and progress.is_over else ""
