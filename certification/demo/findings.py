"""Findings (不符合项) of demo rounds under way: open and overdue, answered, sent back, closed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from enterprises.models import Account

from ..models import Application, Finding
from ..services.findings import Found, answer_finding, close_finding, raise_finding, refuse_answer
from .facts import Event, moment
from .journeys import Journey, weekday_before
from .papers import demo_paper

RAISED, ANSWERED, JUDGED = 12, 6, 2  # days ago


@dataclass(frozen=True, slots=True)
class Course:
    """A finding: what is said, its term in days from the day it was raised, and how far it has come."""

    clause: str
    text: str
    severity: str
    term: int
    is_answered: bool = False
    judgement: str = ""  # close, refuse, or none yet


COURSES = (
    Course("4.2", "三份受控文件未标明版本和发布日期（演示）", "minor", 5),
    Course("6.1.2", "知识产权管理人员的培训没有考核记录（演示）", "minor", 30),
    Course("7.1", "检索报告未经批准即用于立项（演示）", "minor", 30, is_answered=True),
    Course("8.2", "委托研发合同未约定知识产权归属（演示）", "major", 20, is_answered=True, judgement="refuse"),
    Course("9.2", "内部审核计划缺采购环节（演示）", "minor", 15, is_answered=True, judgement="close"),
)


def finding_events(rounds: Sequence[Journey], accounts: dict[str, Account], *, at: datetime) -> Iterator[Event]:
    """All of them, in turn over rounds that are under review or with the experts."""
    city = accounts["shiju"]
    for number, course in enumerate(COURSES):
        journey = rounds[number % len(rounds)]
        yield from _course(course, journey, city, at, number)


def _course(course: Course, journey: Journey, city: Account, at: datetime, number: int) -> Iterator[Event]:
    today = timezone.localdate(at)
    raised, answered, judged = (
        moment(weekday_before(today, days), hour=14, minute=number) for days in (RAISED, ANSWERED, JUDGED)
    )
    made: list[Finding] = []
    yield raised, _raising(course, journey, city, raised, made)
    if course.is_answered:
        yield answered, lambda: _answer(made[0], journey, answered)
    if course.judgement:
        judge = close_finding if course.judgement == "close" else refuse_answer
        reason = "已核实整改材料（演示）" if course.judgement == "close" else "补充协议未盖章，请重新提交（演示）"
        yield judged, lambda: _judged(judge, made[0], reason, city, judged)


def _raising(course: Course, journey: Journey, city: Account, at: datetime, made: list[Finding]) -> Callable[[], None]:
    def happen() -> None:
        due_on = timezone.localdate(at) + timedelta(days=course.term)
        row = Application.objects.get(pk=journey.row.pk)
        found = Found(course.clause, course.text, course.severity, due_on)
        made.append(raise_finding(row, found, actor=city, at=at))

    return happen


def _answer(row: Finding, journey: Journey, at: datetime) -> None:
    answer_finding(
        row,
        text="已整改，见所附记录（演示）",
        filename="整改记录（演示）.pdf",
        content=demo_paper(f"Correction of {row.number}"),
        actor=journey.applicant,
        at=at,
    )


def _judged(judge: Callable[..., Finding], row: Finding, reason: str, city: Account, at: datetime) -> None:
    judge(Finding.objects.get(pk=row.pk), reason=reason, actor=city, at=at)
