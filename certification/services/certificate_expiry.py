"""Certificates that are over (过期失效): the registry itself ends their achievements, the day after their last day."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from ledger.record import SYSTEM

from ..certificate_life import Standing, day_after
from ..models import Certificate, EndReason
from .achievements import Ending, end_together
from .certificate_facts import state_of


def expire_certificates(*, at: datetime) -> int:
    """End the achievement of every certificate that has expired; how many. Again, or at once: nothing more."""
    today = timezone.localdate(at)
    over = Certificate.objects.filter(expires_on__lt=today, achievement__ended_reason="", is_annulled=False)
    return sum(_expired(pk, on=today, at=at) for pk in list(over.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _expired(pk: int, *, on: date, at: datetime) -> bool:
    """Under the lock of its enterprise, which every event of a certificate takes."""
    row = Certificate.objects.select_related("achievement").get(pk=pk)
    row.enterprise = Enterprise.objects.select_for_update().get(pk=row.enterprise_id)
    row.achievement.refresh_from_db()
    row.achievement.enterprise = row.enterprise
    if row.achievement.ended_reason or state_of(row, on=on).standing is not Standing.EXPIRED:
        return False
    ground = _("证书 %(number)s 有效期至 %(day)s") % {"number": row.number, "day": row.expires_on}
    ending = Ending(EndReason.EXPIRED, day_after(row.expires_on), ground)
    end_together(row.achievement, ending, actor=SYSTEM, at=at)
    return True
