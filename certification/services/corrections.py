"""Returned applications that nobody answers (逾期未补正): the registry itself ends them, the day after their last day.

Each goes through the door on its own: whoever is first, an applicant, the city or another run of the task, wins.
"""

from datetime import datetime

from django.utils import timezone

from ..errors import NotPossible, Refused
from ..models import Application
from .door import move


def lapse_corrections(*, at: datetime) -> int:
    """End every returned application whose last day for the correction has passed; how many. Again: nothing more."""
    late = Application.objects.uncorrected(on=timezone.localdate(at))
    return sum(_lapsed(row, at=at) for row in late.order_by("pk").iterator())


def _lapsed(row: Application, *, at: datetime) -> bool:
    try:
        move(row, "lapse", actor=None, at=at)
    except (NotPossible, Refused):  # somebody was first; or it has come back again, with another last day
        return False
    return True
