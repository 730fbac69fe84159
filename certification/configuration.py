"""The configured facts held against the ledger: divisions, calendar, editions, rulebooks, marks of plans."""

from collections.abc import Iterator

from enterprises.services.divisions import division_contents
from ledger.contents import content_faults
from ledger.verbs import Verb
from ledger.verify import Fault

from .services.calendar_days import calendar_contents
from .services.editions import edition_contents
from .services.plan_marks import plan_contents
from .services.rulebook_changes import rulebook_contents


def configuration_faults() -> Iterator[Fault]:
    """Each says what its last entry says."""
    yield from content_faults(Verb.DIVISION_CHANGED, division_contents())
    yield from content_faults(Verb.CALENDAR_CHANGED, calendar_contents())
    yield from content_faults(Verb.EDITION_CHANGED, edition_contents())
    yield from content_faults(Verb.RULEBOOK_CHANGED, rulebook_contents())
    yield from content_faults(Verb.PLAN_MARKED, plan_contents())
