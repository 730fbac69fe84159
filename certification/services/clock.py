"""The promised time limits (承诺时限) of a level: working days, stopped while with the applicant.

Each event of the clock changes the objects in memory and returns the statement that keeps the step.
"""

from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from ledger.prepared import Statement, change, insertion

from ..models import Application, ApplicationStep, RouteStep
from ..stages import OPEN_STATUSES
from .rulebooks import rules_in_force
from .working_days import days_after, days_between, years_without_notice


def enter(row: Application, route_step: RouteStep, *, at: datetime) -> Statement:
    """The application reaches a level: the limit for acceptance begins."""
    today = timezone.localdate(at)
    due_on = days_after(today, route_step.accept_days)
    row.turn, row.level, row.due_on = row.turn + 1, route_step.level, due_on
    step = ApplicationStep(
        application=row, turn=row.turn, level=row.level, entered_at=at, clock_from=today, due_on=due_on
    )
    return insertion(step)


def start_deciding(step: ApplicationStep, route_step: RouteStep, *, at: datetime) -> Statement:
    """Accepted: the limit for the decision is counted from today."""
    today = timezone.localdate(at)
    step.accepted_at, step.clock_from, step.used_days = at, today, 0
    step.due_on = days_after(today, route_step.decide_days)
    return change(step, "accepted_at", "clock_from", "used_days", "due_on")


def stop(step: ApplicationStep, *, at: datetime) -> Statement:
    """Returned to the applicant: the clock stands."""
    today = timezone.localdate(at)
    if step.clock_from:
        step.used_days += days_between(step.clock_from, today)
    step.clock_from = step.due_on = None
    return change(step, "clock_from", "used_days", "due_on")


def resume(step: ApplicationStep, route_step: RouteStep, *, at: datetime) -> Statement:
    """Back from the applicant: what was left of the limit runs on from today."""
    today = timezone.localdate(at)
    limit = route_step.decide_days if step.accepted_at else route_step.accept_days
    step.clock_from = today
    step.due_on = days_after(today, max(limit - step.used_days, 0))
    return change(step, "clock_from", "due_on")


def spent(step: ApplicationStep, *, on: date) -> int:
    """Working days of the present limit that have passed by a day."""
    if step.clock_from is None or step.closed_at is not None:
        return step.used_days
    return step.used_days + days_between(step.clock_from, on)


def close(step: ApplicationStep, *, at: datetime) -> Statement:
    """The application leaves the level."""
    today = timezone.localdate(at)
    if step.clock_from:
        step.used_days += days_between(step.clock_from, today)
    step.closed_at = at
    return change(step, "used_days", "closed_at")


def provisional_years(*, on: date) -> list[int]:
    """The years that time limits reach into although their 调休 notice is missing.

    Time limits: of every open application, and the longest that could begin on the day.
    """
    open_ones = Application.objects.filter(status__in=[status.value for status in OPEN_STATUSES])
    latest = open_ones.aggregate(day=Max("due_on"))["day"] or on
    promised = rules_in_force(on=on).aggregate(accept=Max("route__accept_days"), decide=Max("route__decide_days"))
    longest = max(promised["accept"] or 0, promised["decide"] or 0)
    return years_without_notice(on=on, until=max(latest, days_after(on, longest)))
