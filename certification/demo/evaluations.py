"""Batches of evaluations, labelled as invented: one in each phase, as `courses.py` tells them.

Everything goes through the services; the experts are the demo experts, all of whom are drawn.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from enterprises.models import Account

from ..models import Application, Batch, Evaluation, EvaluationState, Expert
from ..services.assessments import Visit, assess_oneself, record_visit, sheet_to_assess
from ..services.batch_acts import act_on
from ..services.batches import Plan, open_batch, plan_batch
from ..services.experts import keep_expert
from ..services.scores import Given, keep_scores
from .courses import COURSES, Course
from .facts import Event, History, moment
from .histories import EVALUATION, IMPLEMENTATION
from .journeys import Journey, weekday_before
from .scenes import Steps

SHEET = "sample-2026"
FIELDS = (
    ("machinery", "electronics"),
    ("electronics", "software"),
    ("materials",),
    ("life", "materials"),
    ("machinery",),
)
EXPERTS = [f"zhuanjia{n}" for n in range(1, 6)]
LONG_ENOUGH = timedelta(days=500)
# How good the applications of a batch are in each expert's eyes: the share of the full score.
SHARES = (
    ("0.92", "0.9", "0.88", "0.9", "0.95"),
    ("0.75", "0.6", "0.8", "0.82", "0.7"),
    ("0.5", "0.45", "0.6", "0.52", "0.5"),
)
OWN_SHARE = Decimal("0.9")
REASON, ADVICE = "依据所附材料和现场情况评定（演示）", "建议补充过程记录（演示）"
COMMENT = "评审总分未达到合格线（演示）"


def candidates(histories: Sequence[History], *, today: date) -> list[History]:
    """Enterprises that have implemented the standard long enough and were never evaluated."""
    return [history for history in histories if _is_ready(history, today)]


def _is_ready(history: History, today: date) -> bool:
    profile, since = history.profile, history.profile.day_of(IMPLEMENTATION)
    return bool(since and since < today - LONG_ENOUGH and not profile.day_of(EVALUATION) and not profile.relocated)


def evaluation_events(ready: Sequence[History], accounts: dict[str, Account], *, at: datetime) -> Iterator[Event]:
    """All batches, each with enterprises of its own."""
    stock, first = iter(ready), when_at(COURSES[0].opens + 5, at)
    yield first, lambda: _profiles(accounts, first)
    for course in COURSES:
        journeys = [Journey(next(stock), EVALUATION, accounts=accounts) for _ in course.ways]
        yield from _course(course, journeys, accounts, at)


def _course(course: Course, journeys: list[Journey], accounts: dict[str, Account], at: datetime) -> Iterator[Event]:
    city, opened = accounts["shiju"], when_at(course.planned or course.opens, at)
    yield opened, lambda: _open(course, city, opened, timezone.localdate(at))
    for journey, steps in zip(journeys, course.ways, strict=True):
        yield from journey.events(steps, at=at)
        yield from _beside(journey, steps, city, at)
    for action, days in (("score", course.drawn), *course.acts):
        when = when_at(days, at)
        if course.drawn:
            yield when, _act(course, action, city, when)
    for which, experts, days in course.scored:
        yield when_at(days, at), scoring(journeys[which], SHARES[which], experts, when_at(days, at))
    if course.begun is not None:
        yield when_at(3, at), scoring(journeys[course.begun], SHARES[1], 1, when_at(3, at), half=True)


def _beside(journey: Journey, steps: Steps, city: Account, at: datetime) -> Iterator[Event]:
    """The enterprise's own assessment while it fills in, and the city's visit while it reviews."""
    submitted, asked = steps[0][1], [action for action, _ in steps]
    drafted = moment(weekday_before(timezone.localdate(at), submitted + 2), hour=9, minute=5)
    yield drafted, lambda: _assess(journey, drafted)
    if asked.count("accept") > 2:
        seen = when_at(steps[5][1] - 1, at)
        yield seen, lambda: _visit(journey, city, seen)


def when_at(days: int, at: datetime) -> datetime:
    """The afternoon of a weekday that many days ago."""
    return moment(weekday_before(timezone.localdate(at), days), hour=15)


def _profiles(accounts: dict[str, Account], at: datetime) -> None:
    for name, fields in zip(EXPERTS, FIELDS, strict=True):
        profile = Expert(account=accounts[name], fields=list(fields), employer="演示大学")
        keep_expert(profile, actor=accounts["shiju"], at=at)


def _open(course: Course, city: Account, at: datetime, today: date) -> None:
    first, last = today - timedelta(days=course.opens), today - timedelta(days=course.closes)
    numbers = {"experts": len(EXPERTS), "notice_days": course.notice_days}
    made = plan_batch(Plan(course.code, course.title, EVALUATION, first, last, SHEET, **numbers), actor=city, at=at)
    if not course.planned:
        open_batch(made, actor=city, at=at)


def _act(course: Course, action: str, city: Account, at: datetime) -> Callable[[], None]:
    return lambda: act_on(Batch.objects.get(code=course.code), action, comment=COMMENT, actor=city, at=at)


def _assess(journey: Journey, at: datetime) -> None:
    sheet = sheet_to_assess(journey.row, on=timezone.localdate(at))
    given = {item.code: (int(item.maximum * OWN_SHARE), "见所附材料（演示）") for item in sheet.items.all()}
    assess_oneself(journey.row, given, actor=journey.applicant, at=at)


def _visit(journey: Journey, city: Account, at: datetime) -> None:
    told = Visit(timezone.localdate(at), "演示市局审核员、演示专家1", "体系文件在用，研发和采购环节的记录齐全（演示）")
    record_visit(Application.objects.get(pk=journey.row.pk), told, actor=city, at=at)


def scoring(
    journey: Journey, shares: Sequence[str], experts: int, at: datetime, *, half: bool = False
) -> Callable[[], None]:
    """The first experts (below zero: the last) hand their sheets in; `half`: keep half and go on another day."""

    def score() -> None:
        rows = Evaluation.objects.filter(application=journey.row, state=EvaluationState.ASSIGNED)
        order = "expert__username" if experts > 0 else "-expert__username"
        chosen = rows.select_related("application__batch__sheet", "expert").order_by(order)[: abs(experts)]
        for row, share in zip(chosen, shares, strict=False):
            given = _sheet(row, Decimal(share))
            kept = dict(list(given.items())[: len(given) // 2]) if half else given
            keep_scores(row, kept, hand_in=not half, actor=row.expert, at=at)

    return score


def _sheet(row: Evaluation, share: Decimal) -> dict[str, Given]:
    batch = row.application.batch
    items = batch.sheet.items.all() if batch else ()
    return {item.code: Given(int(item.maximum * share * 2) / 2, REASON, ADVICE) for item in items}
