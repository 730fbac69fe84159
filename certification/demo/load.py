"""Loading the demo data: who there is, what happened when, and playing it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from enterprises.models import Account, Division, Enterprise
from enterprises.models.place import DivisionLevel

from ..messages import bell
from ..models import Message
from ..notices.outbox import tell
from .certificates import certifiable, certificate_events
from .endings import ending_events
from .evaluations import candidates, evaluation_events
from .facts import Event, History, moment
from .findings import RAISED, finding_events
from .histories import CULTIVATION, IMPLEMENTATION, Makers, Profile, beginner, veterans
from .inputs import credible_events, eligible, figure_events, input_events
from .journeys import Journey
from .people import (
    HOME_TOWNSHIP,
    HOME_UNIT,
    POSTS,
    applicant_accounts,
    demo_hash,
    open_accounts,
    reviewer_posts,
    staff_accounts,
)
from .scenes import APPROVED, DRAFT, SCENES, Steps, later
from .selections import contenders, selection_events
from .titles import title_events

SEED = 20160104
OFFICE_OPENS = date(2016, 1, 4)
ONLINE_FROM = date(2025, 1, 6)
CLOSING = ("approve", "reject", "withdraw", "lapse")
WEEKEND = 2
NEWS = timedelta(days=4)  # what is younger, nobody has read yet


def load_demo(*, at: datetime) -> None:
    """Load demo enterprises, accounts and histories as of `at`; nothing if they are there.

    All or nothing, in one transaction. Folding the totals is left to the caller.
    """
    if Enterprise.objects.filter(is_demo=True).exists() or Account.objects.filter(is_demo=True).exists():
        return
    with bell.hushed(), transaction.atomic():
        _load(_places(), at)


def _load(places: dict[str, list[str]], at: datetime) -> None:
    hashed = demo_hash()
    townships = [code for codes in places.values() for code in codes]
    staff = staff_accounts([*POSTS, *reviewer_posts(townships, places)], hashed)
    accounts = open_accounts(staff, at=moment(OFFICE_OPENS, hour=8))
    makers = Makers(places, rng=Random(SEED))  # synthetic data: chance need not be secret
    clerk = accounts["shiju"]
    old = [History(profile, clerk=clerk) for profile in veterans(makers, today=timezone.localdate(at))]
    qiye = History(_home_enterprise(makers, cultivated=False), clerk=clerk)
    new = [History(_for_scene(makers, scene.place, scene.stage), clerk=clerk) for scene in SCENES]
    everyone = [*old, qiye, *new]
    events = [event for history in everyone for event in history.events()]
    events += certificate_events(certifiable(old, today=timezone.localdate(at)), accounts, at=at)
    online = moment(ONLINE_FROM)
    events += title_events(old, accounts, at=at)
    chosen = eligible(old)
    running = contenders([each for each in old if each not in chosen], today=timezone.localdate(at))
    events += input_events(chosen, accounts, at=at)
    events += credible_events(running, accounts, at=at)
    _play((event for event in events if event[0] < online), until=at)
    rows = [history.row for history in everyone]
    accounts |= open_accounts(applicant_accounts(rows, qiye.row, hashed), at=online)
    journeys = _journeys(qiye, new, accounts, at)
    journeys += figure_events(chosen, accounts, at=at)
    ready = candidates(old, today=timezone.localdate(at))
    journeys += evaluation_events(ready, accounts, at=at)
    journeys += selection_events(running, accounts, at=at)
    _play([*(event for event in events if event[0] >= online), *journeys], until=at)
    _tell(at)


def _tell(at: datetime) -> None:
    """Everyone has read what is old; some are written to from now on, into files below REGISTRY_HOME."""
    while tell(at=at):
        continue
    Message.objects.filter(created_at__lt=at - NEWS).update(read_at=F("created_at"))
    written_to = Account.objects.filter(is_demo=True, username__in=("qiye", "zhenjie", "quju", "shiju"))
    written_to.update(email=Concat("username", Value("@registry.invalid")))


def _journeys(qiye: History, new: list[History], accounts: dict[str, Account], at: datetime) -> list[Event]:
    """The scenes, and qiye's own: in the cultivation store for months, its next application half filled in."""
    scenes = [
        (Journey(history, scene.stage, accounts=accounts), scene.steps)
        for history, scene in zip(new, SCENES, strict=True)
    ]
    events = [event for journey, steps in scenes for event in journey.events(steps, at=at)]
    rounds = [journey for journey, steps in scenes if journey.stage == IMPLEMENTATION and _is_under_review(steps)]
    events += finding_events(rounds, accounts, at=at)
    certified = [journey for journey, steps in scenes if journey.stage == IMPLEMENTATION and _is_approved(steps)]
    events += ending_events(certified, accounts, at=at)
    for stage, steps in ((CULTIVATION, later(APPROVED, -100)), (IMPLEMENTATION, DRAFT)):
        events += Journey(qiye, stage, accounts=accounts, username="qiye").events(steps, at=at)
    return events


def _is_under_review(steps: Steps) -> bool:
    """Whether it was submitted before findings are raised, and is not closed."""
    return bool(steps) and steps[0][1] > RAISED + WEEKEND and steps[-1][0] not in CLOSING


def _is_approved(steps: Steps) -> bool:
    return bool(steps) and steps[-1][0] == "approve"


def _play(events: Iterable[Event], *, until: datetime) -> None:
    """Every event before `until`, in the order of time."""
    for when, happen in sorted(events, key=lambda event: event[0]):
        if when < until:
            happen()


def _places() -> dict[str, list[str]]:
    """Reporting unit -> the townships that report through it and still exist."""
    places: dict[str, list[str]] = {}
    rows = Division.objects.filter(level=DivisionLevel.TOWNSHIP, valid_to__isnull=True)
    for code, unit in rows.order_by("code").values_list("code", "unit_periods__unit"):
        places.setdefault(unit, []).append(code)
    return places


def _home_enterprise(makers: Makers, *, cultivated: bool) -> Profile:
    return beginner(makers, unit=HOME_UNIT, townships=[HOME_TOWNSHIP], cultivated=cultivated)


def _for_scene(makers: Makers, place: str, stage: str) -> Profile:
    cultivated = stage == IMPLEMENTATION
    if place == "township":
        return _home_enterprise(makers, cultivated=cultivated)
    if place == "unit":
        others = [code for code in makers.places[HOME_UNIT] if code != HOME_TOWNSHIP]
        return beginner(makers, unit=HOME_UNIT, townships=others, cultivated=cultivated)
    return beginner(makers, unit="", townships=None, cultivated=cultivated)
