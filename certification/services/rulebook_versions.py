"""A frozen rulebook gets the stages that it lacks by a new version of it, in force from a later day on.

Nothing that is in use changes: what was submitted keeps the rulebook it was submitted under, word for word, and the new
version has everything of the old one. Why: docs/decisions/0016-a-frozen-rulebook-is-followed-by-a-version.md.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.services.trail import note_change
from ledger.contents import record_content
from ledger.models import LedgerEntry
from ledger.record import Actor
from ledger.verbs import Verb

from ..errors import NotPossible, Refusal, Refused
from ..models import Rulebook
from ..stages import STAGES
from ..wording import named
from .initial_rules import add_stage, lacking
from .rulebook_changes import check_right, check_start, copy_stage, rulebook_contents
from .rulebooks import subject_of

MOST_REASON = 300


@transaction.atomic
def supplement_rulebook(book: Rulebook, *, in_force_from: date, reason: str, actor: Account, at: datetime) -> Rulebook:
    """A version of a frozen rulebook with the stages that it lacks, editable until something is submitted under it.

    Raises NotAllowed, NotPossible (not frozen: edit it; nothing is lacking), Refused (day, reason).
    """
    check_right(actor)
    check_start(in_force_from, today=timezone.localdate(at))
    row = Rulebook.objects.select_for_update().get(pk=book.pk)
    missing = lacking(row)
    if not row.is_frozen or not missing:
        raise NotPossible([_not_needed(row)])
    if found := _refusals(row, in_force_from, reason):
        raise Refused(found)
    made, entry = add_version(
        row, missing, in_force_from=in_force_from, reason=reason.strip(), actor=actor.as_actor(), at=at
    )
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=["copied", *missing])
    return made


def add_version(
    book: Rulebook, stages: Sequence[str], *, in_force_from: date, reason: str, actor: Actor, at: datetime
) -> tuple[Rulebook, LedgerEntry]:
    """Write the version, and one entry that names the rulebook it supplements; the reason is part of its basis."""
    made = Rulebook.objects.create(
        year=book.year,
        title=book.title,
        basis=f"{book.basis}\n{reason}",
        in_force_from=in_force_from,
        in_force_to=book.in_force_to,
    )
    for rule in book.stage_rules.order_by("id"):
        copy_stage(rule, made)
    for stage in stages:
        add_stage(made, stage)
    subject, said = subject_of(made), {"supplements": subject_of(book)}

    def read() -> Any:
        return rulebook_contents(Rulebook.objects.get(pk=made.pk))[subject]

    return made, record_content(Verb.RULEBOOK_CHANGED, subject, read, actor=actor, at=at, codes=said)


def book_of(day: date) -> Rulebook | None:
    """The rulebook in force on a day, whatever it opens; of the latest where periods meet."""
    books = Rulebook.objects.filter(in_force_from__lte=day).exclude(in_force_to__lt=day)
    return books.order_by("-in_force_from").first()


def lacking_now(*, on: date) -> tuple[Rulebook, list[str]] | None:
    """The frozen rulebook of the day with the stages that it lacks and no later version has."""
    book = book_of(on)
    if book is None or not book.is_frozen:
        return None
    later = Rulebook.objects.filter(in_force_from__gt=on)
    missing = [stage for stage in lacking(book) if not later.filter(stage_rules__stage=stage).exists()]
    return (book, missing) if missing else None


def _not_needed(book: Rulebook) -> Refusal:
    if not book.is_frozen:
        message, remedy = _("规则年度“%(title)s”尚未冻结，不需要另立版本"), _("请直接编辑该规则年度")
    else:
        message, remedy = _("规则年度“%(title)s”没有缺少的阶段"), ""
    return Refusal("nothing_to_supplement", message % {"title": book.title}, remedy=remedy)


def _refusals(book: Rulebook, day: date, reason: str) -> list[Refusal]:
    found, words = [], reason.strip()
    if not 0 < len(words) <= MOST_REASON:
        message = _("补充的理由应为 1 至 %(most)s 字，现为 %(count)s 字") % {"most": MOST_REASON, "count": len(words)}
        found.append(Refusal("reason_length", message, field="reason", remedy=_("请写明依据的文件或理由")))
    if Rulebook.objects.filter(in_force_from=day).exists():
        message = _("自 %(day)s 起启用的规则年度已存在") % {"day": day}
        found.append(Refusal("rulebook_exists", message, field="in_force_from", remedy=_("请另选启用日")))
    if book.in_force_to and book.in_force_to < day:
        message = _("该规则年度于 %(day)s 停用，新版本须在此前启用") % {"day": book.in_force_to}
        found.append(Refusal("rulebook_over", message, field="in_force_from", remedy=_("请另选启用日")))
    return found


def named_stages(stages: Sequence[str]) -> str:
    return _("、").join(named(STAGES[stage]) for stage in stages)
