"""Days as moments: when a day begins and when it is over, on the clock of the time zone in use."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

# The calendar's own first and last day have no midnight that can be told in UTC.
FIRST, LAST = date.min + timedelta(days=2), date.max - timedelta(days=2)


def beginning(day: date | None) -> datetime | None:
    """The moment at which a day begins; None for none."""
    return timezone.make_aware(datetime.combine(min(max(day, FIRST), LAST), time.min)) if day else None


def end(day: date | None) -> datetime | None:
    """The moment at which a day is over, which is no longer part of it; None for none."""
    return beginning(min(day, LAST) + timedelta(days=1)) if day else None
