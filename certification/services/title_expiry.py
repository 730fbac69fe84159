"""Titles whose period is over (期满): the registry itself ends their achievements, the day after their last day."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from ledger.record import SYSTEM

from ..models import Achievement, EndReason
from ..title_life import Standing
from ..titles import over_before
from .achievements import Ending, end_together
from .titles import state_of


def expire_titles(*, at: datetime) -> int:
    """End every title whose last day is past and that waits for no re-examination; how many. Again: nothing more."""
    today = timezone.localdate(at)
    found = list(over_before(today).order_by("pk").values_list("pk", flat=True))
    return sum(_expired(pk, on=today, at=at) for pk in found)


@transaction.atomic
def _expired(pk: int, *, on: date, at: datetime) -> bool:
    """Under the lock of its enterprise, which every change of a title takes."""
    enterprise = Enterprise.objects.select_for_update().get(achievements=pk)
    row = Achievement.objects.select_related("title").get(pk=pk)
    row.enterprise, state = enterprise, state_of(row, on=on)
    if state.standing is not Standing.EXPIRED or state.valid_until is None:
        return False
    ground = _("称号有效期至 %(day)s") % {"day": state.valid_until}
    ending = Ending(EndReason.EXPIRED, state.valid_until + timedelta(days=1), ground)
    end_together(row, ending, actor=SYSTEM, at=at)
    return True
