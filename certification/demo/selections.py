"""A batch that is decided by rank, labelled as invented: scored and frozen, settings side by side, no seal yet."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from enterprises.models import Account

from ..models import Application, Batch
from ..selection.eligibility import Asked, Kind
from ..selection.settings import Setting
from ..selection.terms import BatchRules
from ..services.batch_acts import act_on
from ..services.batches import Plan, open_batch, plan_batch
from ..services.frozen_copies import keep_setting
from ..services.recommendations import rank_recommended
from ..services.selection_terms import keep_terms
from .courses import TO_EXPERTS, earlier
from .evaluations import scoring, when_at
from .facts import Event, History, moment
from .histories import EVALUATION, RECOGNITION
from .journeys import Journey, weekday_before

CODE, SHEET = "DEMO-M1", "intensive-sample"
OPENS, CLOSES, DRAWN, FROZEN = 66, 42, 31, 20
STEPS = earlier(TO_EXPERTS, 14)
# How good each candidate is in the eyes of the experts who are drawn for it.
SHARES = (
    ("0.9", "0.86", "0.88"),
    ("0.82", "0.7", "0.74"),
    ("0.76", "0.75", "0.74"),
    ("0.6", "0.62", "0.95"),
    ("0.55", "0.5", "0.52"),
)
SETTING = Setting(
    weights={
        **{"creation": Decimal(25), "use": Decimal(30), "investment": Decimal(20)},
        **{"management": Decimal(15), "influence": Decimal(10)},
    },
    quota=3,
    edge=Decimal(3),
)
RULES = BatchRules(
    SETTING,
    (
        Asked(Kind.REACHED, (EVALUATION, "project.strategy"), basis="演示规则，非官方标准"),
        Asked(Kind.NOT_HOLDING, (RECOGNITION,), basis="演示规则，非官方标准"),
        Asked(Kind.CREDIT, basis="演示规则，非官方标准"),
        Asked(Kind.HIGH_TECH, is_required=False, basis="演示规则，非官方标准"),
    ),
    ties=("item:use", "fact:own_ip_share", "earlier", "lot"),
)


def contenders(histories: Sequence[History], *, today: date) -> list[History]:
    """Enterprises that passed the evaluation long ago, and hold neither the title nor anything that ended."""
    return [each for each in histories if _is_ready(each, today)][: len(SHARES)]


def _is_ready(history: History, today: date) -> bool:
    profile, since = history.profile, history.profile.day_of(EVALUATION)
    is_settled = not (
        profile.relocated or profile.day_of(RECOGNITION) or any(each.ended_on for each in profile.reached)
    )
    return bool(since and since < today - timedelta(days=OPENS + 30) and is_settled)


def selection_events(ready: Sequence[History], accounts: dict[str, Account], *, at: datetime) -> Iterator[Event]:
    """The batch from its terms to the settings."""
    city, today = accounts["shiju"], timezone.localdate(at)
    journeys = [Journey(history, RECOGNITION, accounts=accounts) for history in ready]
    opened = when_at(OPENS + 2, at)
    yield opened, lambda: _open(city, opened, today)
    for journey in journeys:
        yield from journey.events(STEPS, at=at)
    # Between the district's acceptance and its recommendation, which may be on the same day.
    ranked = moment(weekday_before(today, STEPS[3][1]), hour=9, minute=13) + timedelta(seconds=30)
    yield ranked, lambda: _rank(journeys, ranked)
    for action, days in (("close", CLOSES - 1), ("score", DRAWN), ("freeze", FROZEN)):
        yield when_at(days, at), _act(action, city, when_at(days, at))
    for journey, shares in zip(journeys, SHARES, strict=False):
        yield when_at(DRAWN - 5, at), scoring(journey, shares, len(shares), when_at(DRAWN - 5, at))
    tried = when_at(FROZEN - 1, at)
    yield tried, lambda: _try(city, tried)


def _open(city: Account, at: datetime, today: date) -> None:
    first, last = today - timedelta(days=OPENS), today - timedelta(days=CLOSES)
    plan = Plan(CODE, "知识产权密集型企业认定（演示：比较方案）", RECOGNITION, first, last, SHEET)
    made = plan_batch(plan, actor=city, at=at)
    keep_terms(made, RULES, actor=city, at=at)
    open_batch(made, actor=city, at=at)


def _rank(journeys: Sequence[Journey], at: datetime) -> None:
    """Each unit ranks what lies with it."""
    found: dict[int, list[str]] = defaultdict(list)
    officers: dict[int, Account] = {}
    for journey in journeys:
        row = Application.objects.get(pk=journey.row.pk)
        officer = journey.actor(row, "recommend")
        officers[officer.pk] = officer
        found[officer.pk].append(row.number)
    for key, numbers in found.items():
        rank_recommended(Batch.objects.get(code=CODE), numbers, actor=officers[key], at=at)


def _act(action: str, city: Account, at: datetime) -> Callable[[], None]:
    return lambda: act_on(Batch.objects.get(code=CODE), action, actor=city, at=at)


def _try(city: Account, at: datetime) -> None:
    """Fewer, and by a line instead of a number."""
    batch = Batch.objects.get(code=CODE)
    keep_setting(batch, "名额 2 家（演示）", replace(SETTING, quota=2), actor=city, at=at)
    by_line = replace(SETTING, quota=None, cut_off=Decimal(70))
    keep_setting(batch, "分数线 70 分（演示）", by_line, actor=city, at=at)
