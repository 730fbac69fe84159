"""Taking a checked file into the registry, whole: facts, ledger entries and origins in one transaction."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from enterprises.imports.run import Examined, parts, write_examined
from enterprises.models import Account
from ledger.bulk import insert_rows, refresh_statistics, rows_among, select, with_little_memory
from ledger.record import next_number
from ledger.verbs import Verb

from ..errors import NotPossible, Refused, refuse
from ..models import ImportFile, ImportKind, ImportRow, ImportState
from ..models.bench import Effect
from ..services.input_kinds import INPUT_KINDS
from .checking import keep_found, keep_rejected, looked_at, move, said
from .closing import sums_of
from .parse import Progress, ReadTable, reading
from .progress import clear, mark

STATISTICS_FROM = 5_000
TABLES = (
    "enterprises_enterprise",
    "enterprises_enterpriselocation",
    "enterprises_enterprisesearch",
    "enterprises_hightechperiod",
    "certification_achievement",
    "certification_importrow",
    "ledger_ledgerentry",
)


def apply(file: ImportFile, *, actor: Account, at: datetime, progress: Progress) -> ImportFile:
    """Write a file that is being applied; one that is not, since it is written already, stays as it is.

    Refused by the registry, it goes back to `checked` with the reasons. The progress runs from 0 to twice its rows.
    """
    if file.state != ImportState.APPLYING:
        return file
    with_little_memory()
    clear(file)  # of a worker that was killed
    try:
        with reading(file, progress) as table:
            examined = looked_at(file, table, at=at)
            progress(table.count, table.count)
            _write(file, table, examined, actor=actor, at=at)
            progress(2 * table.count, table.count)
    except Refused as refused:
        return move(file, ImportState.APPLYING, ImportState.CHECKED, refusals=said(refused))
    finally:
        clear(file)
    if examined.outcome.new > STATISTICS_FROM:
        refresh_statistics(*TABLES, added=examined.outcome.new)
    file.refresh_from_db()
    return file


def _write(file: ImportFile, table: ReadTable, examined: Examined, *, actor: Account, at: datetime) -> None:
    """Write, or keep what has become wrong since the check."""
    seen, sums = examined.plan, sums_of(file, examined, at=at)  # counted before anybody has to wait

    def write() -> None:
        if examined.plan is not seen:  # compared again: the registry has changed
            keep_rejected(file, table, examined.outcome)
        if not keep_found(file, examined, sums if examined.plan is seen else sums_of(file, examined, at=at)):
            raise NotPossible(refuse("done_already", _("该文件已办理")).refusals)
        first = next_number()
        _write_by_parts(file, examined, actor=actor, at=at)
        last = next_number() - 1
        _keep_origins(file, examined, first)
        done = {"applied_at": at, "confirmed_by": actor, "first_ledger": first, "last_ledger": last}
        move(file, ImportState.APPLYING, ImportState.APPLIED, **done)

    write_examined(examined, actor=actor.as_actor(), at=at, skip_bad_rows=file.skip_bad_rows, write=write)
    if not examined.outcome.applied:
        keep_rejected(file, table, examined.outcome)
        if keep_found(file, examined, sums if examined.plan is seen else sums_of(file, examined, at=at)):
            move(file, ImportState.APPLYING, ImportState.CHECKED, refusals=said(_changed(examined)))


def _write_by_parts(file: ImportFile, examined: Examined, *, actor: Account, at: datetime) -> None:
    """Some thousands of rows at a time, so that it can be seen how far it is; endings of what was there before last."""
    plan: Any = examined.plan
    rows, done = examined.outcome.rows, 0
    for part in parts(plan.new):
        examined.importer.write(replace(plan, new=part, changed=[]), actor=actor.as_actor(), at=at)
        done += len(part)
        mark(file, rows + done, 2 * rows)
    if plan.changed:
        examined.importer.write(replace(plan, new=[]), actor=actor.as_actor(), at=at)


def _changed(examined: Examined) -> Refused:
    if examined.outcome.bad:
        message = _("检查之后登记簿有变动，复核时发现有误的行，未作任何更改")
        return refuse("bad_rows", message, field="file", remedy=_("请查看错误清单，更正后重新上传，或只导入正确的行"))
    return refuse("nothing_new", _("文件内容均已登记，未作任何更改"), field="file")


COLUMNS = ("file_id", "line", "effect", "uscc", "achievement_id", "ledger_number")


def _keep_origins(file: ImportFile, examined: Examined, first: int) -> None:
    """Which row made what; `first` is the number of the first entry that the import wrote."""
    origins = _ORIGINS[file.kind](examined.plan, first)
    insert_rows(ImportRow._meta.db_table, COLUMNS, [(file.pk, *row) for row in origins])


Origin = tuple[int, str, str, int | None, int]


def _of_achievements(plan: Any, first: int) -> Iterator[Origin]:
    """The entry of an achievement is followed by that of its ending; endings of others come last."""
    number = first
    for part in parts(plan.new):
        numbered = []
        for item in part:
            numbered.append((number, item.row))
            number += 2 if item.row.ended_reason else 1
        numbers = [each for each, _row in numbered]
        ids = dict(rows_among("certification_achievement", ("ledger_number", "id"), "ledger_number", numbers))
        for each, row in numbered:
            yield row.line, Effect.NEW.value, row.uscc, ids[each], each
    for place, item in enumerate(plan.changed):
        yield item.row.line, Effect.ENDED.value, item.row.uscc, item.achievement_id, number + place


def _of_enterprises(plan: Any, first: int) -> Iterator[Origin]:
    registered = "SELECT enterprise, number FROM ledger_ledgerentry WHERE number >= %s AND verb = %s"
    numbers = dict(select(registered, [first, Verb.ENTERPRISE_REGISTERED.value]))
    for row in plan.new:
        yield row.line, Effect.NEW.value, row.uscc, None, numbers[row.uscc]


def _of_inputs(plan: Any, first: int) -> Iterator[Origin]:
    """One entry of each row, in their order."""
    for number, item in enumerate(plan.new, first):
        yield item.row.line, Effect.NEW.value, item.row.uscc, None, number


_ORIGINS = {
    ImportKind.ENTERPRISES: _of_enterprises,
    ImportKind.ACHIEVEMENTS: _of_achievements,
    **dict.fromkeys(INPUT_KINDS, _of_inputs),
}
