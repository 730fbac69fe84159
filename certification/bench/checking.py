"""Looking at a file (dry run): every error by row and column, what would become of each row, nothing changed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from enterprises.errors import Refusal, Refused
from enterprises.imports.leftovers import write_leftovers
from enterprises.imports.outcome import BadCell, Outcome
from enterprises.imports.register import EnterpriseImport
from enterprises.imports.run import Examined, Importer, examine
from ledger.bulk import insert_rows

from ..imports.achievements import AchievementImport
from ..imports.credit import CreditImport
from ..imports.priorities import PriorityImport
from ..models import ImportFault, ImportFile, ImportKind, ImportState, ImportSum
from .closing import sums_of
from .intake import path_of
from .parse import Progress, ReadTable, reading

IMPORTERS: dict[str, Callable[[], Importer]] = {
    ImportKind.ENTERPRISES: EnterpriseImport,
    ImportKind.ACHIEVEMENTS: AchievementImport,
    ImportKind.CREDIT_CHECKS: CreditImport,
    ImportKind.PRIORITIES: PriorityImport,
}
COLUMN, VALUE, REASON = 60, 200, 500  # characters kept of each


def check(file: ImportFile, *, at: datetime, progress: Progress) -> ImportFile:
    """Look at a file that waits for it, and keep what is found; one that does not wait stays as it is."""
    if file.state != ImportState.CHECKING:
        return file
    try:
        with reading(file, progress) as table:
            examined = looked_at(file, table, at=at)
            sums = sums_of(file, examined, at=at)
    except Refused as refused:
        return move(file, ImportState.CHECKING, ImportState.UNREADABLE, refusals=said(refused), checked_at=at)
    with transaction.atomic():
        if keep_found(file, examined, sums):
            move(file, ImportState.CHECKING, ImportState.CHECKED, checked_at=at)
    file.refresh_from_db()
    return file


def looked_at(file: ImportFile, table: ReadTable, *, at: datetime) -> Examined:
    """The file held against the registry; its bad rows are written down as a file."""
    examined = examine(IMPORTERS[file.kind](), table, at=at)
    keep_rejected(file, table, examined.outcome)
    return examined


def rejected_path(file: ImportFile) -> Path:
    """Where the bad rows of a file lie."""
    source = path_of(file)
    return source.with_name(f"{source.stem}.rejected{'.csv' if file.suffix == '.csv' else '.xlsx'}")


def keep_rejected(file: ImportFile, table: ReadTable, outcome: Outcome) -> None:
    """Write the bad rows down with their reasons, or take away what was written when there were some."""
    target = rejected_path(file)
    if not outcome.bad:
        target.unlink(missing_ok=True)
        return
    partial = target.with_name(f"partial-{target.name}")
    write_leftovers(replace(table, progress=_silent), outcome.bad_lines, partial)
    partial.replace(target)


def _silent(done: int, rows: int) -> None:
    """Reading once more is no progress."""


def keep_found(file: ImportFile, examined: Examined, sums: Sequence[ImportSum]) -> bool:
    """Numbers, errors and sums of what was found; inside the transaction that moves the state on.

    The row stays locked until then; whether the file is still in the state in which it was read.
    """
    outcome = examined.outcome
    waiting = ImportFile.objects.filter(pk=file.pk, state=file.state)
    counts = {name: getattr(outcome, name) for name in ("rows", "new", "changed", "unchanged", "repeated", "remarks")}
    bad = {"bad_rows": len({cell.line for cell in outcome.bad}), "bad_cells": len(outcome.bad)}
    if not waiting.update(**counts, **bad, refusals=[]):
        return False
    ImportFault.objects.filter(file=file).delete()
    keep_faults(file, outcome.bad)
    ImportSum.objects.filter(file=file).delete()
    ImportSum.objects.bulk_create(sums)
    return True


def keep_faults(file: ImportFile, cells: Iterable[BadCell], *, are_ties: bool = False) -> None:
    faults = (
        (file.pk, cell.line, cell.column[:COLUMN], cell.value[:VALUE], cell.reason[:REASON], are_ties) for cell in cells
    )
    columns = ("file_id", "line", connection.ops.quote_name("column"), "value", "reason", "is_tie")
    insert_rows(ImportFault._meta.db_table, columns, faults)


def move(file: ImportFile, before: str, after: str, **fields: Any) -> ImportFile:
    """The one way from state to state: nothing happens to a file that is not in the state `before`."""
    ImportFile.objects.filter(pk=file.pk, state=before).update(state=after, **fields)
    file.refresh_from_db()
    return file


def said(refused: Refused) -> list[dict[str, Any]]:
    """Reasons as a row keeps them."""
    return [
        {name: value for name, value in asdict(refusal).items() if name in ("code", "message", "field", "remedy")}
        for refusal in refused.refusals
    ]


def refusals_of(file: ImportFile) -> list[Refusal]:
    """Why the last thing asked for was not done."""
    return [Refusal(**each) for each in file.refusals]
