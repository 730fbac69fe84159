"""The way of an application through the levels: where it stands, the time limits, and what each person did."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from enterprises.rights import is_applicant

from ..models import ApplicationStep, Decision
from ..services.clock import spent
from ..stages import CLOSED_STATUSES, LEVEL_NAMES, MOVES, Level, Move, Status
from .filing import Filing

SUBMITTED, CLOSED = gettext_lazy("企业提交"), gettext_lazy("办结")


@dataclass(frozen=True, slots=True)
class Station:
    """A step of the way: done, now, or still to come."""

    label: Any
    detail: str
    state: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A level's promised time and how much of it was used, in working days."""

    level: str
    entered_at: datetime
    accepted_at: datetime | None
    closed_at: datetime | None
    due_on: date | None
    allowed: int
    used: int
    is_overdue: bool
    is_stopped: bool


@dataclass(frozen=True, slots=True)
class Deed:
    """A move that was made, in words; its defects by clause."""

    decision: Decision
    move: Move | None
    where: str
    defects: list[tuple[str, str, str]]


class Passage:
    """The way of one application."""

    def __init__(self, filing: Filing) -> None:
        self.filing, self.application = filing, filing.application

    @cached_property
    def steps(self) -> list[ApplicationStep]:
        return list(self.application.steps.all())

    @cached_property
    def stations(self) -> list[Station]:
        """企业提交 – each level of the route – 办结."""
        ended = self.application.status in [status.value for status in CLOSED_STATUSES]
        left = {step.level: step.closed_at for step in self.steps}
        first = "done" if self.application.submitted_at else "now"
        stations = [Station(SUBMITTED, _day(self.application.submitted_at), first)]
        for route_step in self.filing.rules.route:
            is_here = route_step.level == self.application.level and not ended
            state = "now" if is_here else "done" if left.get(route_step.level) else ""
            stations.append(Station(level_name(route_step.level), _day(left.get(route_step.level)), state))
        outcome = STATUS_WORDS.get(self.application.status, CLOSED) if ended else CLOSED
        return [*stations, Station(outcome, _day(self.application.closed_at), "done" if ended else "")]

    @cached_property
    def limits(self) -> list[Limit]:
        return [self._limit(step) for step in self.steps]

    def _limit(self, step: ApplicationStep) -> Limit:
        route_step = self.filing.rules.step_at(step.level)
        due_on = None if step.closed_at else step.due_on
        return Limit(
            level=level_name(step.level),
            entered_at=step.entered_at,
            accepted_at=step.accepted_at,
            closed_at=step.closed_at,
            due_on=due_on,
            allowed=route_step.decide_days if step.accepted_at else route_step.accept_days,
            used=spent(step, on=self.filing.on),
            is_overdue=due_on is not None and due_on < self.filing.on,
            is_stopped=step.closed_at is None and step.clock_from is None,
        )

    @property
    def names_people(self) -> bool:
        """Whether this reader is told which officer acted: colleagues are, applicants see the office."""
        return not is_applicant(self.filing.reader)

    @cached_property
    def deeds(self) -> list[Deed]:
        """Every move, the latest first."""
        return [
            Deed(decision, move_of(decision), level_name(decision.level), self.filing.named_defects(decision))
            for decision in reversed(self.filing.decisions)
        ]


STATUS_WORDS = {
    Status.APPROVED.value: gettext_lazy("已核准"),
    Status.REJECTED.value: gettext_lazy("不予通过"),
    Status.WITHDRAWN.value: gettext_lazy("已撤回"),
}
LEVEL_WORDS = {
    Level.TOWNSHIP: gettext_lazy("乡镇（街道）审核"),
    Level.DISTRICT: gettext_lazy("辖市区审核"),
    Level.CITY: gettext_lazy("市局审核"),
}


def level_name(level: str) -> str:
    """A level's review in words."""
    return str(LEVEL_WORDS[Level(level)]) if level in LEVEL_NAMES else ""


def move_of(decision: Decision) -> Move | None:
    """The row of the table of moves that a decision followed."""
    made = (decision.action, decision.from_status, decision.to_status)
    return next((move for move in MOVES if (move.action, move.source.value, move.target.value) == made), None)


def _day(moment: datetime | None) -> str:
    return f"{timezone.localdate(moment)}" if moment else ""
