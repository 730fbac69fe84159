"""Keeping score sheets (评分表); one that a batch has been opened with no longer changes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Account, EventKind
from enterprises.rights import may_run_batches
from enterprises.services.rows import Rows, differing
from enterprises.services.trail import note_change
from ledger.contents import record_content
from ledger.verbs import Verb

from ..errors import NotAllowed, NotPossible, Refusal, Refused
from ..models import Batch, ScoreSheet
from ..scoring import Item, Method, plain
from ..wording import named

NO_ROWS = Rows()
NUMBERS = ("step", "trim", "trim_from", "decimals", "pass_line", "excellent_line", "spread_line")
PARTS = ("code", "group", "group_en", "title", "title_en", "maximum", "evidence", "level", "order")


@transaction.atomic
def keep_sheet(sheet: ScoreSheet, *, items: Rows = NO_ROWS, actor: Account, at: datetime) -> ScoreSheet:
    """Write a sheet with its changed items, and one ledger entry. Raises NotAllowed, NotPossible (in use), Refused."""
    if not may_run_batches(actor):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以变更评分表"))])
    list(Batch.objects.select_for_update(of=("self",)).filter(sheet=sheet.pk).order_by("pk"))
    if is_in_use(sheet):
        raise NotPossible([Refusal("sheet_in_use", in_use_reason())])
    fields = [*differing(sheet), *items.differing()]
    sheet.save()
    items.write(sheet=sheet)
    if found := list(_refusals(sheet)):
        raise Refused(found)
    subject = subject_of(sheet.pk)
    entry = record_content(
        Verb.SHEET_CHANGED, subject, lambda: sheet_contents(sheet.pk)[subject], actor=actor.as_actor(), at=at
    )
    note_change(EventKind.SETTING_CHANGED, entry, account=actor, fields=fields)
    return sheet


def is_in_use(sheet: ScoreSheet) -> bool:
    return Batch.objects.filter(sheet=sheet.pk).exclude(state="planned").exists()


def in_use_reason() -> str:
    return _("该评分表已用于开放的批次，不再变更；需要变更的，请建立新的评分表")


def subject_of(code: str) -> str:
    """Under what name the ledger speaks of a sheet."""
    return f"sheet:{code}"


def sheet_contents(*codes: str) -> dict[str, Any]:
    """What each sheet says, by its subject; of all without codes."""
    rows = ScoreSheet.objects.prefetch_related("items").order_by("pk")
    return {
        subject_of(row.pk): {
            **{name: _text(getattr(row, name)) for name in ("title", "title_en", "source", *NUMBERS)},
            "items": [[_text(getattr(item, name)) for name in PARTS] for item in row.items.all()],
        }
        for row in (rows.filter(pk__in=codes) if codes else rows)
    }


def items_of(sheet: ScoreSheet) -> list[Item]:
    """The items as scoring.py takes them, in order."""
    return [Item(item.code, named(item), item.maximum, sheet.step) for item in sheet.items.all()]


def method_of(sheet: ScoreSheet) -> Method:
    return Method(sheet.trim, sheet.trim_from, sheet.decimals, sheet.pass_line, sheet.excellent_line, sheet.spread_line)


def _text(value: Any) -> str:
    return str(value)


def _refusals(sheet: ScoreSheet) -> Iterator[Refusal]:
    """A sheet that can be scored: items whose maxima are steps, lines within what they add up to."""
    sheet.refresh_from_db()
    items = list(sheet.items.all())
    if not items:
        yield Refusal("sheet_empty", _("评分表没有评分项"), field="items")
    for item in items:
        if item.maximum % sheet.step:
            said = {"item": item.title, "step": plain(sheet.step)}
            message = _("“%(item)s”的最高分不是最小分值 %(step)s 的整数倍") % said
            yield Refusal("maximum_off_step", message, field="maximum")
    whole = sum(item.maximum for item in items)
    if items and sheet.excellent_line > whole:
        said = {"line": plain(sheet.excellent_line), "whole": str(whole)}
        message = _("优秀线 %(line)s 高于满分 %(whole)s") % said
        yield Refusal("line_too_high", message, field="excellent_line")
