"""The first time limits for corrections (补正期限): brought once into an installation, whose rules may be older.

What is frozen is not touched: it is followed by a version (docs/decisions/0016, 0019). What the city makes of the
limits afterwards, none at all included, stays as the city leaves it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from enterprises.models import EventKind
from enterprises.services.trail import note_change
from ledger.contents import record_content
from ledger.models import LedgerEntry
from ledger.record import SYSTEM
from ledger.verbs import Verb

from ..models import RouteStep, Rulebook
from .initial_rules import correction_days_of
from .rulebook_changes import rulebook_contents
from .rulebook_versions import add_version, book_of
from .rulebooks import subject_of

MARK = "correction_days"
REASON = "系统升级，补充补正期限（系统初始值，非官方标准，由市局核定）"


@transaction.atomic
def bring_limits(*, at: datetime) -> list[Rulebook]:
    """Give the rulebooks that may still change the product's limits, and the frozen one of the day a version with
    them from tomorrow; the rulebooks that got them. Again: nothing.
    """
    if _were_brought():
        return []
    today = timezone.localdate(at)
    current, tomorrow = book_of(today), today + timedelta(days=1)
    if current and current.is_frozen and not Rulebook.objects.filter(in_force_from=tomorrow).exists():
        add_version(current, (), in_force_from=tomorrow, reason=REASON, actor=SYSTEM, at=at)
    prepared = Rulebook.objects.filter(frozen_at__isnull=True).order_by("in_force_from")
    return [book for book in prepared if _limited(book, at=at)]


def _were_brought() -> bool:
    entries = LedgerEntry.objects.filter(verb=Verb.RULEBOOK_CHANGED, actor=SYSTEM.code)
    return entries.filter(payload__contains=f'"{MARK}":').exists()


def _limited(book: Rulebook, *, at: datetime) -> bool:
    days = correction_days_of(book)
    if days is None:
        return False
    unlimited = RouteStep.objects.filter(rule__rulebook=book, correction_days__isnull=True)
    is_changed = bool(unlimited.update(correction_days=days))
    if is_changed and REASON not in book.basis:
        book.basis = f"{book.basis}\n{REASON}"
        book.save(update_fields=["basis"])
    subject = subject_of(book)

    def read() -> Any:
        return rulebook_contents(Rulebook.objects.get(pk=book.pk))[subject]

    entry = record_content(Verb.RULEBOOK_CHANGED, subject, read, actor=SYSTEM, at=at, codes={MARK: days})
    if is_changed:
        note_change(EventKind.SETTING_CHANGED, entry, account=None, fields=[MARK])
    return True
