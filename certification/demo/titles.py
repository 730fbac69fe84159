"""Documents of titles that the histories have, their re-examinations, and the guidance of this year (演示数据).

A document belongs to a fact that is there already, so that no figure changes; but one title fails its re-examination.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from enterprises.models import Account

from ..models import Achievement
from ..services.guidance import guide
from ..services.reexaminations import reexamine
from ..services.titles import record_title
from ..title_checks import StatedGuidance, StatedReexamination, StatedTitle
from .certificates import ADVISERS
from .facts import Event, History, moment
from .histories import ADVANTAGE, DEMONSTRATION, GUIDED, LEADER, RECOGNITION

NATIONAL = ("国家知识产权局（演示）", "national")
CITY = ("常州市知识产权局（演示）", "city")
RECORDED = 60  # so many days ago

RECOGNISED = (14, 60, -9, 210, 330)  # recognitions as IP-intensive: re-examined in so many days


@dataclass(frozen=True, slots=True)
class Course:
    """A title: re-examined in so many days (below zero: ago), and what that came to so many days ago."""

    due: int | None
    examined: int = 0
    passed: bool = True


COURSES = (
    Course(20),  # due within weeks
    Course(75),
    Course(-25),  # overdue
    Course(-6),
    Course(-40, examined=30),  # passed, the next period runs
    Course(-45, examined=28),
    Course(-50, examined=35, passed=False),  # failed and revoked
    Course(400),
    Course(None),  # its document names no day
)


def title_events(histories: Sequence[History], accounts: dict[str, Account], *, at: datetime) -> Iterator[Event]:
    """Of the honours one course each; of some recognitions, leaders and the guided of this year, the document."""
    city, today = accounts["shiju"], timezone.localdate(at)
    honours = [held for stage in (ADVANTAGE, DEMONSTRATION) for held in _reached(histories, stage, until=today)]
    for number, (course, (history, stage, on)) in enumerate(zip(COURSES, honours, strict=False), 1):
        yield from _Titled(number, course, history, city).events(stage, on, today)
    for number, (history, stage, on) in enumerate(_reached(histories, LEADER, until=today), len(COURSES) + 1):
        yield from _Titled(number, Course(300), history, city).events(stage, on, today)
    recognised = list(_reached(histories, RECOGNITION, until=today))[: len(RECOGNISED)]
    for number, (due, (history, stage, on)) in enumerate(zip(RECOGNISED, recognised, strict=False), 50):
        yield from _Titled(number, Course(due), history, city).events(stage, on, today)
    guided = [held for held in _reached(histories, GUIDED, until=today) if held[2].year == today.year]
    for number, (history, _stage, on) in enumerate(guided, 1):
        yield from _guided(number, history, on, city, today)


def _reached(histories: Sequence[History], stage: str, *, until: date) -> Iterator[tuple[History, str, date]]:
    """Who reached a stage long enough ago, and when."""
    for history in histories:
        founded = history.profile.established_on
        for item in history.profile.reached:
            is_sound = founded is None or founded <= item.on
            if item.stage == stage and is_sound and item.on < until - timedelta(days=RECORDED + 30):
                yield history, stage, item.on


class _Titled:
    """One title with its document; what its re-examination came to."""

    def __init__(self, number: int, course: Course, history: History, city: Account) -> None:
        self.number, self.course, self.history, self.city = number, course, history, city

    def events(self, stage: str, on: date, today: date) -> Iterator[Event]:
        recorded = moment(today - timedelta(days=RECORDED), hour=9, minute=self.number)
        due = None if self.course.due is None else today + timedelta(days=self.course.due)
        issued_by, level = CITY if stage == RECOGNITION else NATIONAL
        document = f"演示函〔{on.year}〕{self.number}号"
        said = StatedTitle(stage, on, document, issued_by, level, reexamine_on=due)
        yield recorded, _recording(self.history, said, self.city, recorded)
        if self.course.examined:
            yield self._examined(stage, today - timedelta(days=self.course.examined))

    def _examined(self, stage: str, on: date) -> Event:
        at, passed = moment(on, hour=15, minute=self.number), self.course.passed
        words = "复核材料齐全，指标保持（演示）" if passed else "核心专利已转让，不再符合条件（演示）"
        said = StatedReexamination(on, passed, words, f"演示复核〔{on.year}〕{self.number}号")

        def examine() -> None:
            row = Achievement.objects.get(enterprise=self.history.row, stage=stage, ended_reason="")
            row.enterprise = self.history.row
            reexamine(row, said, actor=self.city, at=at)

        return at, examine


def _guided(number: int, history: History, on: date, city: Account, today: date) -> Iterator[Event]:
    """The document of the year's list, and for some enterprises the steps of their guidance."""
    issued_by, level = CITY
    recorded = moment(on + timedelta(days=10), hour=9, minute=number)
    last_day = date(on.year, 12, 31)
    said = StatedTitle(GUIDED, on, f"演示培育〔{on.year}〕1号", issued_by, level, last_day)
    yield recorded, _recording(history, said, city, recorded)
    for step in range(number % 3):
        day = on + timedelta(days=30 + 25 * step)
        at = moment(day + timedelta(days=1), hour=11, minute=number)
        adviser = ADVISERS[number % len(ADVISERS)] if step else ""
        achieved = "形成专利布局方案一份（演示）" if step else ""
        told = StatedGuidance(day, "市局培育指导组（演示）", "上门走访，梳理核心产品专利（演示）", achieved, adviser)
        if day < today:
            yield at, _guiding(history, on, told, city, at)


def _recording(history: History, said: StatedTitle, city: Account, at: datetime) -> Callable[[], None]:
    return lambda: _done(record_title(history.row, said, actor=city, at=at))


def _guiding(history: History, on: date, said: StatedGuidance, city: Account, at: datetime) -> Callable[[], None]:
    def step() -> None:
        row = Achievement.objects.get(enterprise=history.row, stage=GUIDED, effective_on=on)
        row.enterprise = history.row
        guide(row, said, actor=city, at=at)

    return step


def _done(_made: object) -> None:
    """An event gives nothing back."""
