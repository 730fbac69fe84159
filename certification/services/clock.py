"""The promised time limits (承诺时限) of a level: working days, stopped while with the applicant.

An event of the clock changes the objects in memory and gives the statement that keeps the step.
"""

from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from ledger.prepared import Statement, ask
from ledger.rows import change, insertion

from ..models import Application, ApplicationStep, RouteStep
from ..stages import CLOCK_STANDS, CLOSED_STATUSES, OPEN_STATUSES, Status, Then
from ..workdays import WorkCalendar
from .passage import Passage
from .rulebooks import rules_in_force
from .working_days import calendar as calendar_of
from .working_days import days_after, days_between, years_without_notice


def run_clock(passage: Passage, calendar: WorkCalendar) -> list[Statement]:
    """What a move means for the time limits: the application's own columns in memory, the steps as statements."""
    row, move, step, at = passage.row, passage.move, passage.standing.step, passage.at
    if move.target in CLOSED_STATUSES:
        row.closed_at = at
    row.correct_by = passage.last_day_for_correction(calendar)
    if move.then in (Then.ENTER, Then.NEXT):
        entered = _enter(row, passage.rules.next_after(row.level), calendar, at=at)
        return [_close(step, calendar, at=at), entered] if step else [entered]
    if step is None:
        return []
    kept = _meanwhile(passage, step, calendar)
    row.due_on = step.due_on if move.then is Then.STAY else None
    return kept


def _meanwhile(passage: Passage, step: ApplicationStep, calendar: WorkCalendar) -> list[Statement]:
    """A step that is left, stopped, resumed or begun to be decided."""
    move, at = passage.move, passage.at
    if move.then is Then.LEAVE:
        return [_close(step, calendar, at=at)]
    if move.target in CLOCK_STANDS:
        return [_stop(step, calendar, at=at)]
    if move.source is Status.RETURNED:
        return [_resume(step, passage.rules.step_at(step.level), calendar, at=at)]
    if move.target is Status.ACCEPTED:
        return [_start_deciding(step, passage.rules.step_at(step.level), calendar, at=at)]
    return []


def _enter(row: Application, route_step: RouteStep, calendar: WorkCalendar, *, at: datetime) -> Statement:
    """The application reaches a level: the limit for acceptance begins."""
    today = timezone.localdate(at)
    due_on = calendar.plus(today, route_step.accept_days)
    row.turn, row.level, row.due_on = row.turn + 1, route_step.level, due_on
    step = ApplicationStep(
        application=row, turn=row.turn, level=row.level, entered_at=at, clock_from=today, due_on=due_on
    )
    return insertion(step)


def _start_deciding(step: ApplicationStep, route_step: RouteStep, calendar: WorkCalendar, *, at: datetime) -> Statement:
    """Accepted: the limit for the decision is counted from today."""
    today = timezone.localdate(at)
    step.accepted_at, step.clock_from, step.used_days = at, today, 0
    step.due_on = calendar.plus(today, route_step.decide_days)
    return change(step, "accepted_at", "clock_from", "used_days", "due_on")


def _stop(step: ApplicationStep, calendar: WorkCalendar, *, at: datetime) -> Statement:
    """Returned to the applicant, or with the experts and the public: the clock stands."""
    if step.clock_from:
        step.used_days += calendar.between(step.clock_from, timezone.localdate(at))
    step.clock_from = step.due_on = None
    return change(step, "clock_from", "used_days", "due_on")


def _resume(step: ApplicationStep, route_step: RouteStep, calendar: WorkCalendar, *, at: datetime) -> Statement:
    """Back from the applicant: what was left of the limit runs on from today."""
    today = timezone.localdate(at)
    limit = route_step.decide_days if step.accepted_at else route_step.accept_days
    step.clock_from = today
    step.due_on = calendar.plus(today, max(limit - step.used_days, 0))
    return change(step, "clock_from", "due_on")


def _close(step: ApplicationStep, calendar: WorkCalendar, *, at: datetime) -> Statement:
    """The application leaves the level."""
    if step.clock_from:
        step.used_days += calendar.between(step.clock_from, timezone.localdate(at))
    step.closed_at = at
    return change(step, "used_days", "closed_at")


def spent(step: ApplicationStep, *, on: date) -> int:
    """Working days of the present limit that have passed by a day."""
    if step.clock_from is None or step.closed_at is not None:
        return step.used_days
    return step.used_days + days_between(step.clock_from, on)


def provisional_years(*, on: date) -> list[int]:
    """The years that time limits reach into although their 调休 notice is missing.

    Time limits: of every open application, and the longest that could begin on the day.
    """
    open_ones = Application.objects.filter(status__in=[status.value for status in OPEN_STATUSES])
    ends = open_ones.aggregate(due=Max("due_on"), correct=Max("correct_by")).values()
    limits = [f"route__{name}" for name in ("accept_days", "decide_days", "correction_days")]
    promised = rules_in_force(on=on).aggregate(*map(Max, limits)).values()
    longest = max(days or 0 for days in promised)
    return years_without_notice(on=on, until=max(days_after(on, longest), *(day or on for day in ends)))


def redate_limits() -> int:
    """Count the running limits anew, because the calendar has changed; how many now end on another day."""
    running = Application.objects.filter(steps__closed_at=None, steps__clock_from__isnull=False)
    rows = {row.pk: row for row in running.select_for_update(of=("self",)).order_by("pk")}
    steps = list(ApplicationStep.objects.filter(application__in=rows, closed_at=None, clock_from__isnull=False))
    if not steps:
        return 0
    rules = {row.rule_id for row in rows.values()}
    promised = {(each.rule_id, each.level): each for each in RouteStep.objects.filter(rule__in=rules)}
    known = ask(calendar_of(after=min(step.clock_from for step in steps if step.clock_from), until=date.max))
    moved = [step for step in steps if _redate(step, promised[rows[step.application_id].rule_id, step.level], known)]
    for step in moved:
        rows[step.application_id].due_on = step.due_on
    ApplicationStep.objects.bulk_update(moved, ["due_on"], batch_size=500)
    Application.objects.bulk_update([rows[step.application_id] for step in moved], ["due_on"], batch_size=500)
    return len(moved)


def _redate(step: ApplicationStep, route_step: RouteStep, calendar: WorkCalendar) -> bool:
    """The day on which a running limit ends; whether it is another one now."""
    before = step.due_on
    limit = route_step.decide_days if step.accepted_at else route_step.accept_days
    if step.clock_from:
        step.due_on = calendar.plus(step.clock_from, max(limit - step.used_days, 0))
    return step.due_on != before
