"""Undoing an import: whole or not at all, and only while nothing has been built on its rows.

Achievements are annulled as 录入错误; enterprises are struck out. Either is a new ledger entry that supersedes the
one which the import wrote: the ledger forgets nothing.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.imports.outcome import BadCell
from enterprises.models import Account, DeclaredInterest
from enterprises.services.striking import strike
from ledger.models import LedgerEntry
from ledger.record import locked_head
from ledger.verbs import Verb

from ..errors import Refused, refuse
from ..imports.on_file import UNDONE_GROUND
from ..imports.rows import AchievementRow, Ending
from ..imports.writing import write_achievements
from ..models import Achievement, Certificate, EndReason, ImportFault, ImportFile, ImportKind, ImportRow, ImportState
from ..models.bench import Effect
from ..services.input_kinds import INPUT_KINDS
from ..stages import STAGES
from ..totals.removal import remove_spans
from ..wording import named
from .checking import keep_faults, move, said
from .parse import Progress
from .undoing_inputs import annul_inputs, ties_of_inputs

CASEWORK = [verb for verb in Verb if verb.value.startswith("application.")]


def undo(file: ImportFile, *, actor: Account, at: datetime, progress: Progress) -> ImportFile:
    """Undo an import that waits for it; one that does not stays as it is.

    What depends on a row is named and kept with the file, which then is as before.
    """
    if file.state != ImportState.UNDOING:
        return file
    try:
        with transaction.atomic():
            locked_head()  # from here on nothing new is built on its rows
            _undo(file, actor=actor, at=at)
    except Refused as refused:
        move(file, ImportState.UNDOING, ImportState.APPLIED, refusals=said(refused))
    except IntegrityError:
        referred = refuse("depended_on", _("导入的企业已被其他记录引用，不能撤销"), field="file")
        move(file, ImportState.UNDOING, ImportState.APPLIED, refusals=said(referred))
    progress(file.rows, file.rows)
    file.refresh_from_db()
    return file


def _undo(file: ImportFile, *, actor: Account, at: datetime) -> None:
    if not ImportFile.objects.filter(pk=file.pk, state=ImportState.UNDOING).update(refusals=[]):
        return
    ImportFault.objects.filter(file=file, is_tie=True).delete()
    ties = sorted(ties_of(file), key=lambda cell: cell.line)
    if ties:
        keep_faults(file, ties, are_ties=True)
        message = _("%(count)s 处后续记录依赖本次导入的行，不能撤销；未作任何更改") % {"count": len(ties)}
        told = refuse("depended_on", message, field="file", remedy=_what_is_left(file))
        move(file, ImportState.UNDOING, ImportState.APPLIED, refusals=said(told))
        return
    _TAKEN_BACK[file.kind](file, actor=actor, at=at)
    move(file, ImportState.UNDOING, ImportState.UNDONE, undone_at=at, undone_by=actor)


def _what_is_left(file: ImportFile) -> str:
    """The ledger forgets nothing: an enterprise with later entries keeps them, also where they were annulled."""
    if file.kind == ImportKind.ENTERPRISES:
        return str(_("台账记录不能消除，有后续记录的企业不能除去；请在“企业名录”中打开所列企业，逐家更正档案"))
    return str(_("请先逐条处理所列的后续记录，再撤销"))


def _made(file: ImportFile) -> "QuerySet[ImportRow]":
    return ImportRow.objects.filter(file=file, effect=Effect.NEW)


def _annul(file: ImportFile, *, actor: Account, at: datetime) -> None:
    living = _made(file).exclude(achievement__ended_reason=EndReason.ANNULLED).order_by("id")
    columns = ("line", "uscc", "achievement_id", "ledger_number", "achievement__stage", "achievement__effective_on")
    today = timezone.localdate(at)
    endings = [
        Ending(
            AchievementRow(line, uscc, stage, on, today, EndReason.ANNULLED.value, "", "", UNDONE_GROUND), pk, number
        )
        for line, uscc, pk, number, stage, on in living.values_list(*columns).iterator()
    ]
    write_achievements((), endings, actor=actor.as_actor(), at=at)


def _strike(file: ImportFile, *, actor: Account, at: datetime) -> None:
    registered = list(_made(file).order_by("id").values_list("uscc", "ledger_number"))
    remove_spans([code for code, _number in registered])
    strike(registered, because=f"import:{file.key.hex}", actor=actor.as_actor(), at=at)


def ties_of(file: ImportFile) -> Iterator[BadCell]:
    """What was built on the rows of an import since, each with the row and what it is."""
    return _TIES[file.kind](file)


def _lines(file: ImportFile) -> dict[str, int]:
    """Credit code -> the first row that speaks of it."""
    grouped = ImportRow.objects.filter(file=file).values_list("uscc").annotate(first=Min("line")).order_by()
    return dict(grouped)


def _entries(file: ImportFile, **among: Any) -> Iterator[tuple[str, int, str]]:
    """Later entries about the enterprises of the file."""
    codes = ImportRow.objects.filter(file=file).values("uscc")
    later = LedgerEntry.objects.filter(number__gt=file.last_ledger, enterprise__in=codes, **among)
    for uscc, number, verb in later.order_by("number").values_list("enterprise", "number", "verb").iterator():
        yield str(uscc), number, verb


def _of_entry(line: int, uscc: str, number: int, verb: str) -> BadCell:
    told = _("之后已有台账第 %(number)s 号：%(verb)s") % {"number": number, "verb": Verb(verb).label}
    return BadCell(line, _("后续记录"), uscc, told)


def _ties_of_achievements(file: ImportFile) -> Iterator[BadCell]:
    lines = _lines(file)
    for uscc, number, verb in _entries(file, verb__in=CASEWORK):
        yield _of_entry(lines[uscc], uscc, number, verb)
    yield from _later_achievements(file, lines)
    yield from _endings_since(file)
    yield from _certificates_since(file)
    ended = ImportRow.objects.filter(file=file, effect=Effect.ENDED)
    for line, uscc in ended.values_list("line", "uscc"):
        yield BadCell(line, _("记载终止"), uscc, _("该行终止了导入之前已有的认定，终止不能撤回"))


def _later_achievements(file: ImportFile, lines: dict[str, int]) -> Iterator[BadCell]:
    codes = ImportRow.objects.filter(file=file).values("uscc")
    later = Achievement.objects.filter(ledger_number__gt=file.last_ledger, enterprise__uscc__in=codes)
    living = later.exclude(ended_reason=EndReason.ANNULLED).order_by("ledger_number")
    for uscc, stage, number in living.values_list("enterprise__uscc", "stage", "ledger_number").iterator():
        told = _("之后已取得“%(stage)s”（台账第 %(number)s 号）") % {"stage": named(STAGES[stage]), "number": number}
        yield BadCell(lines[uscc], _("后续认定"), uscc, told)


def _endings_since(file: ImportFile) -> Iterator[BadCell]:
    since = _made(file).filter(achievement__ended_recorded_at__gt=file.applied_at)
    ended = since.exclude(achievement__ended_reason=EndReason.ANNULLED)
    columns = ("line", "uscc", "achievement__ended_on", "achievement__ended_reason")
    for line, uscc, day, reason in ended.order_by("line").values_list(*columns):
        told = _("导入之后已于 %(day)s 终止（%(reason)s）") % {"day": day, "reason": EndReason(reason).label}
        yield BadCell(line, _("后续终止"), uscc, told)


def _certificates_since(file: ImportFile) -> Iterator[BadCell]:
    """Certificates that were recorded for an achievement of the file: it ends with them only."""
    rows = Certificate.objects.filter(achievement__in=_made(file).values("achievement"), is_annulled=False)
    lines = _lines(file)
    for uscc, number in rows.order_by("id").values_list("enterprise__uscc", "number"):
        told = _("证书 %(number)s 以该行的认定为依据；请先在该证书的页面按录入错误办理") % {"number": number}
        yield BadCell(lines[uscc], _("后续证书"), uscc, told)


def _ties_of_enterprises(file: ImportFile) -> Iterator[BadCell]:
    lines = _lines(file)
    for uscc, number, verb in _entries(file):
        yield _of_entry(lines[uscc], uscc, number, verb)
    accounts = Account.objects.filter(enterprise__uscc__in=_codes(file))
    for uscc in accounts.values_list("enterprise__uscc", flat=True).distinct():
        yield BadCell(lines[uscc], _("账户"), uscc, _("已有绑定该企业的账户"))
    interests = DeclaredInterest.objects.filter(enterprise__uscc__in=_codes(file))
    for uscc in interests.values_list("enterprise__uscc", flat=True).distinct():
        yield BadCell(lines[uscc], _("利害关系"), uscc, _("已有对该企业申明的利害关系"))


def _codes(file: ImportFile) -> Any:
    return ImportRow.objects.filter(file=file).values("uscc")


_TAKEN_BACK = {
    ImportKind.ENTERPRISES: _strike,
    ImportKind.ACHIEVEMENTS: _annul,
    **dict.fromkeys(INPUT_KINDS, annul_inputs),
}
_TIES = {
    ImportKind.ENTERPRISES: _ties_of_enterprises,
    ImportKind.ACHIEVEMENTS: _ties_of_achievements,
    **dict.fromkeys(INPUT_KINDS, ties_of_inputs),
}
