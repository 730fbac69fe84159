"""Two batches of evaluations, labelled as invented: one confirmed and made public, one on its way.

Everything goes through the services; the experts are the demo experts, all of whom are drawn.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from enterprises.models import Account

from ..models import Batch, Evaluation, EvaluationState, Expert
from ..services.batch_acts import act_on
from ..services.batches import Plan, open_batch, plan_batch
from ..services.experts import keep_expert
from ..services.scores import Given, keep_scores
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
TO_EXPERTS: Steps = (
    ("submit", 30), ("accept", 29), ("recommend", 27), ("accept", 26), ("recommend", 24), ("accept", 23),
    ("recommend", 20),
)  # fmt: skip
AT_CITY: Steps = TO_EXPERTS[:-1]
AT_TOWNSHIP: Steps = (("submit", 2),)


@dataclass(frozen=True, slots=True)
class Course:
    """A batch of the demo data: its days are counted back from today."""

    code: str
    title: str
    opens: int
    closes: int
    ways: tuple[Steps, ...]
    drawn: int
    scored: tuple[tuple[int, int, int], ...]  # (which application, how many experts, how many days ago)
    acts: tuple[tuple[str, int], ...] = ()


def _earlier(steps: Steps, days: int) -> Steps:
    return tuple((action, ago + days) for action, ago in steps)


CONFIRMED = Course(
    "DEMO-1", "绩效评价第一批（演示）", 200, 160, (_earlier(TO_EXPERTS, 140),) * 3, 155,
    ((0, 5, 150), (1, 5, 149), (2, 5, 148)), (("close", 147), ("publish", 146), ("recognise", 120)),
)  # fmt: skip
RUNNING = Course(
    "DEMO-2", "绩效评价第二批（演示）", 45, -25, (*(TO_EXPERTS,) * 3, AT_CITY, AT_TOWNSHIP), 9,
    ((0, 5, 5), (1, 2, 4)),
)  # fmt: skip
REASON, ADVICE = "依据所附材料和现场情况评定（演示）", "建议补充过程记录（演示）"
COMMENT = "评审总分未达到合格线（演示）"


def candidates(histories: Sequence[History], *, today: date) -> list[History]:
    """Enterprises that have implemented the standard long enough and were never evaluated."""
    return [history for history in histories if _is_ready(history, today)]


def _is_ready(history: History, today: date) -> bool:
    profile, since = history.profile, history.profile.day_of(IMPLEMENTATION)
    return bool(since and since < today - LONG_ENOUGH and not profile.day_of(EVALUATION) and not profile.relocated)


def evaluation_events(ready: Sequence[History], accounts: dict[str, Account], *, at: datetime) -> Iterator[Event]:
    """Both batches, each with enterprises of its own."""
    stock = iter(ready)
    yield _when(CONFIRMED.opens + 5, at), lambda: _profiles(accounts, _when(CONFIRMED.opens + 5, at))
    for course in (CONFIRMED, RUNNING):
        journeys = [Journey(next(stock), EVALUATION, accounts=accounts) for _ in course.ways]
        yield from _course(course, journeys, accounts, at)


def _course(course: Course, journeys: list[Journey], accounts: dict[str, Account], at: datetime) -> Iterator[Event]:
    city, opened = accounts["shiju"], _when(course.opens, at)
    yield opened, lambda: _open(course, city, opened, timezone.localdate(at))
    for journey, steps in zip(journeys, course.ways, strict=True):
        yield from journey.events(steps, at=at)
    for action, days in (("score", course.drawn), *course.acts):
        when = _when(days, at)
        yield when, _act(course, action, city, when)
    for which, experts, days in course.scored:
        when = _when(days, at)
        yield when, _scoring(journeys[which], SHARES[which], experts, when)


def _when(days: int, at: datetime) -> datetime:
    return moment(weekday_before(timezone.localdate(at), days), hour=15)


def _profiles(accounts: dict[str, Account], at: datetime) -> None:
    for name, fields in zip(EXPERTS, FIELDS, strict=True):
        profile = Expert(account=accounts[name], fields=list(fields), employer="演示大学")
        keep_expert(profile, actor=accounts["shiju"], at=at)


def _open(course: Course, city: Account, at: datetime, today: date) -> None:
    first, last = today - timedelta(days=course.opens), today - timedelta(days=course.closes)
    plan = Plan(course.code, course.title, EVALUATION, first, last, SHEET, experts=len(EXPERTS))
    open_batch(plan_batch(plan, actor=city, at=at), actor=city, at=at)


def _act(course: Course, action: str, city: Account, at: datetime) -> Callable[[], None]:
    return lambda: act_on(Batch.objects.get(code=course.code), action, comment=COMMENT, actor=city, at=at)


def _scoring(journey: Journey, shares: Sequence[str], experts: int, at: datetime) -> Callable[[], None]:
    def score() -> None:
        rows = Evaluation.objects.filter(application=journey.row, state=EvaluationState.ASSIGNED)
        chosen = rows.select_related("application__batch__sheet", "expert").order_by("expert__username")[:experts]
        for row, share in zip(chosen, shares, strict=False):
            keep_scores(row, _sheet(row, Decimal(share)), hand_in=True, actor=row.expert, at=at)

    return score


def _sheet(row: Evaluation, share: Decimal) -> dict[str, Given]:
    batch = row.application.batch
    items = batch.sheet.items.all() if batch else ()
    return {
        item.code: Given(
            int(item.maximum * share * 2) / 2, "依据所附材料和现场情况评定（演示）", "建议补充过程记录（演示）"
        )
        for item in items
    }
