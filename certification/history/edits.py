"""Keeping what an applicant edits: every edit leaves its before and after, in the transaction that makes it.

What one person does to one thing several times over, before the next submission and from the same place, is kept
as one: a form that is saved at every step would otherwise bury what was really changed. Papers are kept one by one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from enterprises.models import Account
from enterprises.origin import origin

from ..models import Application, ApplicationChange, Evidence, Part


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that was edited; values as they are kept, None for nothing."""

    part: Part
    code: str
    before: Any
    after: Any
    item: str = ""


def keep_content(
    row: Application, fields: Mapping[str, Any], modules: Sequence[str], *, actor: Account, at: datetime
) -> None:
    """What is about to become of the row's fields and modules, as far as it is something else."""
    found = [
        Edit(Part.FIELD, code, row.fields.get(code), fields.get(code), item=code)
        for code in {**row.fields, **fields}
        if _said(row.fields.get(code)) != _said(fields.get(code))
    ]
    if list(row.modules) != list(modules):
        found.append(Edit(Part.MODULES, "", list(row.modules), list(modules)))
    keep(row, found, actor=actor, at=at)


def keep_paper(row: Application, paper: Evidence, *, is_new: bool, actor: Account, at: datetime) -> None:
    """A paper put on file, or taken off it."""
    before, after = (None, paper.filename) if is_new else (paper.filename, None)
    edit = Edit(Part.EVIDENCE, paper.requirement, before, after, item=str(paper.pk))
    keep(row, [edit], actor=actor, at=at)


def keep(row: Application, edits: Sequence[Edit], *, actor: Account, at: datetime) -> None:
    """Write the edits; the row is locked by whoever edits it."""
    if not edits:
        return
    turn = row.decisions.filter(action="submit").count()
    last = _last_of(row, turn)
    for edit in edits:
        known = last.get((edit.part.value, edit.item))
        if known is not None and edit.part is not Part.EVIDENCE and _continues(known, actor):
            known.after, known.at, known.times = _said(edit.after), at, known.times + 1
            known.save(update_fields=["after", "at", "times"])
        else:
            _new(row, turn, edit, actor, at).save(force_insert=True)


def _last_of(row: Application, turn: int) -> dict[tuple[str, str], ApplicationChange]:
    """The latest edit of each thing since the last submission."""
    rows = ApplicationChange.objects.filter(application=row, round=turn).order_by("pk")
    return {(each.part, each.item): each for each in rows}


def _continues(known: ApplicationChange, actor: Account) -> bool:
    here = origin()
    return (known.actor_id, known.channel, known.address) == (actor.pk, here.channel.value, here.address)


def _new(row: Application, turn: int, edit: Edit, actor: Account, at: datetime) -> ApplicationChange:
    here = origin()
    return ApplicationChange(
        application=row,
        round=turn,
        part=edit.part.value,
        code=edit.code,
        item=edit.item,
        before=_said(edit.before),
        after=_said(edit.after),
        first_at=at,
        at=at,
        actor=actor,
        channel=here.channel.value,
        address=here.address,
    )


def _said(value: Any) -> str:
    """A value as JSON text; empty for nothing, be it missing, empty or unticked."""
    if value in (None, "", [], False):
        return ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
