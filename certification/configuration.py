"""What is configured held against the ledger: places, calendar, editions, organisations, rulebooks, plans, words."""

import json
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from enterprises.services.divisions import division_contents
from ledger.canonical import to_milliseconds
from ledger.contents import content_digest, content_faults
from ledger.models import LedgerEntry
from ledger.verbs import Verb
from ledger.verify import Fault

from .models import Rulebook
from .notices.wordings import wording_contents
from .services.calendar_days import calendar_contents
from .services.credit_sources import source_contents
from .services.edition_terms import terms_contents
from .services.editions import edition_contents
from .services.experts import expert_contents, field_contents
from .services.figure_items import item_contents
from .services.notice_terms import notice_terms_contents
from .services.organisations import organisation_contents
from .services.plan_contents import definition_contents
from .services.plan_marks import plan_contents
from .services.priority_kinds import kind_contents
from .services.rulebook_changes import rulebook_contents
from .services.rulebooks import content_of, subject_of
from .services.sheets import sheet_contents
from .services.title_terms import terms_contents as title_terms_contents
from .wording import in_words


def configuration_faults() -> Iterator[Fault]:
    """Each says what its last entry says."""
    yield from content_faults(Verb.DIVISION_CHANGED, division_contents())
    yield from content_faults(Verb.CALENDAR_CHANGED, calendar_contents())
    yield from content_faults(Verb.EDITION_CHANGED, edition_contents())
    yield from content_faults(Verb.EDITION_TERMS_CHANGED, terms_contents())
    yield from content_faults(Verb.TITLE_TERMS_CHANGED, title_terms_contents())
    yield from content_faults(Verb.NOTICE_TERMS_CHANGED, notice_terms_contents())
    yield from content_faults(Verb.CREDIT_SOURCE_CHANGED, source_contents())
    yield from content_faults(Verb.PRIORITY_KIND_CHANGED, kind_contents())
    yield from content_faults(Verb.FIGURE_ITEM_CHANGED, item_contents())
    yield from content_faults(Verb.ORGANISATION_CHANGED, organisation_contents())
    yield from content_faults(Verb.RULEBOOK_CHANGED, rulebook_contents())
    yield from content_faults(Verb.PLAN_MARKED, {**plan_contents(), **definition_contents()})
    yield from content_faults(Verb.SHEET_CHANGED, sheet_contents())
    yield from content_faults(Verb.EXPERT_CHANGED, expert_contents())
    yield from content_faults(Verb.EXPERT_FIELD_CHANGED, field_contents())
    yield from content_faults(Verb.WORDING_CHANGED, wording_contents())


def _frozen_at(book: Rulebook) -> datetime | None:
    return to_milliseconds(book.frozen_at) if book.frozen_at else None


def frozen_faults() -> Iterator[Fault]:
    """Every rulebook that was frozen still is, with the content whose digest is on record; and no other is."""
    books = {subject_of(book): book for book in Rulebook.objects.all()}
    for entry in LedgerEntry.objects.filter(verb=Verb.RULEBOOK_FROZEN).order_by("number"):
        book, said = books.pop(entry.subject, None), json.loads(entry.payload)["digest"]
        if book is None or not book.is_frozen:
            reason = _("已冻结的规则年度（%(subject)s）不在库中或被解冻") % {"subject": entry.subject}
            yield Fault(entry.number, reason)
        elif {book.digest, content_digest(content_of(book))} != {said} or _frozen_at(book) != entry.at:
            yield Fault(entry.number, _("已冻结的“%(title)s”被改动") % {"title": in_words(book.title)})
    for subject, book in books.items():
        if book.is_frozen or book.digest:
            said = {"what": Verb.RULEBOOK_FROZEN.label, "subject": subject}
            yield Fault(0, _("%(what)s：%(subject)s 没有台账条目") % said)
