"""The promised time limits (承诺时限) of a level: working days, stopped while with the applicant."""

from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from ..models import Application, ApplicationStep, RouteStep
from ..stages import OPEN_STATUSES
from .rulebooks import rules_in_force
from .working_days import work_calendar, years_without_notice


def enter(row: Application, route_step: RouteStep, *, at: datetime) -> ApplicationStep:
    """The application reaches a level: the limit for acceptance begins."""
    today = timezone.localdate(at)
    due_on = work_calendar(around=today).plus(today, route_step.accept_days)
    row.turn, row.level, row.due_on = row.turn + 1, route_step.level, due_on
    return ApplicationStep.objects.create(
        application=row, turn=row.turn, level=row.level, entered_at=at, clock_from=today, due_on=due_on
    )


def start_deciding(step: ApplicationStep, route_step: RouteStep, *, at: datetime) -> date:
    """Accepted: the limit for the decision is counted from today."""
    today = timezone.localdate(at)
    step.accepted_at, step.clock_from, step.used_days = at, today, 0
    step.due_on = work_calendar(around=today).plus(today, route_step.decide_days)
    step.save()
    return step.due_on


def stop(step: ApplicationStep, *, at: datetime) -> None:
    """Returned to the applicant: the clock stands."""
    today = timezone.localdate(at)
    if step.clock_from:
        step.used_days += work_calendar(around=today).between(step.clock_from, today)
    step.clock_from = step.due_on = None
    step.save()


def resume(step: ApplicationStep, route_step: RouteStep, *, at: datetime) -> date:
    """Back from the applicant: what was left of the limit runs on from today."""
    today = timezone.localdate(at)
    limit = route_step.decide_days if step.accepted_at else route_step.accept_days
    step.clock_from = today
    step.due_on = work_calendar(around=today).plus(today, max(limit - step.used_days, 0))
    step.save()
    return step.due_on


def spent(step: ApplicationStep, *, on: date) -> int:
    """Working days of the present limit that have passed by a day."""
    if step.clock_from is None or step.closed_at is not None:
        return step.used_days
    return step.used_days + work_calendar(around=on).between(step.clock_from, on)


def close(step: ApplicationStep, *, at: datetime) -> None:
    """The application leaves the level."""
    today = timezone.localdate(at)
    if step.clock_from:
        step.used_days += work_calendar(around=today).between(step.clock_from, today)
    step.closed_at = at
    step.save()


def provisional_years(*, on: date) -> list[int]:
    """The years that time limits reach into although their 调休 notice is missing.

    Time limits: of every open application, and the longest that could begin on the day.
    """
    open_ones = Application.objects.filter(status__in=[status.value for status in OPEN_STATUSES])
    latest = open_ones.aggregate(day=Max("due_on"))["day"] or on
    promised = rules_in_force(on=on).aggregate(accept=Max("route__accept_days"), decide=Max("route__decide_days"))
    longest = max(promised["accept"] or 0, promised["decide"] or 0)
    return years_without_notice(on=on, until=max(latest, work_calendar(around=on).plus(on, longest)))
