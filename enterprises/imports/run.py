"""Driving an import: read and check the rows, hold them against the registry, write all in one transaction.

Checking happens before the transaction, so that nobody waits for it. Since every change of an official
fact is a ledger entry, an unmoved ledger head proves that what was checked still holds; if it has moved,
the comparison is made again under the head's lock.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ledger.models import LedgerHead
from ledger.record import Actor, next_number

from ..errors import Refused, refuse
from .cells import BadValue
from .columns import Column, reader_for
from .outcome import BadCell, Outcome
from .tables import Table

Row = Any  # a NamedTuple whose first field is the line
PART = 10_000


class Plan(Protocol):
    """What an import is going to write, after the comparison with the registry."""

    @property
    def new(self) -> Sequence[Any]: ...
    @property
    def changed(self) -> Sequence[Any]: ...
    @property
    def same(self) -> Sequence[Row]: ...
    @property
    def bad(self) -> list[BadCell]: ...
    @property
    def remarks(self) -> list[str]: ...


class Importer(Protocol):
    """One kind of table."""

    @property
    def columns(self) -> Sequence[Column]: ...

    def parse(self, line: int, values: tuple[str, ...], found: list[BadCell]) -> Row:
        """The row, or None with what is wrong added to `found`."""

    def key(self, row: Row) -> Hashable:
        """What makes two rows speak of the same thing."""

    def key_name(self, row: Row) -> tuple[str, str]:
        """Column and value by which a person knows the row."""

    def compare(self, rows: Sequence[Row], *, at: datetime) -> Plan:
        """Hold the rows against the registry."""

    def write(self, plan: Any, *, actor: Actor, at: datetime) -> None:
        """Write facts and ledger entries, inside the caller's transaction."""


@dataclass(slots=True)
class Examined:
    """A table that was read and held against the registry: what an import of it would do.

    `rows` are right in themselves, each once; `head` is where the ledger ended at the comparison.
    """

    importer: Importer
    rows: list[Row]
    read_errors: list[BadCell]
    head: int
    plan: Plan
    outcome: Outcome


def run_import(
    importer: Importer, table: Table, *, actor: Actor, at: datetime, dry_run: bool = False, skip_bad_rows: bool = False
) -> Outcome:
    """Import a table whole or not at all (with `skip_bad_rows`: its good rows).

    Raises Refused when the file as a whole cannot be read or the registry changed under it.
    """
    examined = examine(importer, table, at=at)
    if not dry_run:
        write_examined(examined, actor=actor, at=at, skip_bad_rows=skip_bad_rows)
    return examined.outcome


def examine(importer: Importer, table: Table, *, at: datetime) -> Examined:
    """Read a table and hold it against the registry; nothing is changed. Raises Refused as `run_import`."""
    outcome = Outcome()
    rows = sound_rows(importer, table, outcome)
    head = _head()
    examined = Examined(importer, rows, list(outcome.bad), head, importer.compare(rows, at=at), outcome)
    _take_down(examined)
    return examined


def write_examined(
    examined: Examined,
    *,
    actor: Actor,
    at: datetime,
    skip_bad_rows: bool,
    write: Callable[[], None] | None = None,
) -> None:
    """Write what an import would do, if it does anything and may; compared again if the ledger has moved since.

    `write`, called within the transaction, does the writing in place of the importer's own.
    """
    if _is_held_up(examined, skip_bad_rows):
        return
    written = write or (lambda: examined.importer.write(examined.plan, actor=actor, at=at))
    try:
        with transaction.atomic():
            if next_number() != examined.head + 1:
                examined.plan = examined.importer.compare(examined.rows, at=at)
                _take_down(examined)
            if not _is_held_up(examined, skip_bad_rows):
                written()
                examined.outcome.applied = True
    except IntegrityError as error:
        message = _("导入期间数据被他人改动，未作任何更改")
        raise refuse("changed_meanwhile", message, field="file", remedy=_("请重新导入")) from error


def _is_held_up(examined: Examined, skip_bad_rows: bool) -> bool:
    outcome = examined.outcome
    return outcome.changes_nothing or bool(outcome.bad and not skip_bad_rows)


def parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """The rows some thousands at a time: so many are held against the registry at once."""
    for first in range(0, len(rows), PART):
        yield rows[first : first + PART]


def _head() -> int:
    return LedgerHead.objects.values_list("number", flat=True).get(pk=1)


def _take_down(examined: Examined) -> None:
    plan, outcome = examined.plan, examined.outcome
    outcome.new, outcome.changed, outcome.unchanged = len(plan.new), len(plan.changed), len(plan.same)
    outcome.bad = sorted([*examined.read_errors, *plan.bad], key=lambda cell: cell.line)
    outcome.remarks = plan.remarks


def sound_rows(importer: Importer, table: Table, outcome: Outcome) -> list[Row]:
    """The rows that are right in themselves, each once."""
    kept: dict[Hashable, Row] = {}
    conflicts: set[Hashable] = set()
    for row in _parsed(importer, table, outcome):
        key = importer.key(row)
        first: Row = kept.setdefault(key, row)
        if first is row:
            continue
        if first[1:] == row[1:]:
            outcome.repeats.append(row)
        else:
            conflicts.add(key)
            outcome.bad += _conflict(importer, first, row)
    for key in conflicts:
        del kept[key]
    return list(kept.values())


def _conflict(importer: Importer, first: Row, second: Row) -> Iterator[BadCell]:
    """Two rows of one file that contradict each other: both are named, neither is taken."""
    for row, other in ((first, second), (second, first)):
        column, value = importer.key_name(row)
        yield BadCell(row[0], column, value, _("与第 %(line)s 行重复而内容不一致") % {"line": other[0]})


def _parsed(importer: Importer, table: Table, outcome: Outcome) -> Iterator[Row]:
    numbered = table.rows()
    header = next(numbered, (1, [""]))[1]
    read = reader_for(header, importer.columns)
    width = len(header)
    for line, cells in numbered:
        outcome.rows += 1
        if len(cells) > width and any(cells[width:]):
            outcome.bad.append(_overhang(line, cells[width:]))
            continue
        row = importer.parse(line, read(cells), outcome.bad)
        if row is not None:
            yield row


def _overhang(line: int, cells: list[str]) -> BadCell:
    extra = _("、").join(filter(None, cells))
    return BadCell(line, _("（表头以外）"), extra[:60], _("该行的单元格多于表头，请检查是否少了引号或多了逗号"))


def value_of(parser: Callable[[str], Any], text: str, column: Column, line: int, found: list[BadCell]) -> Any:
    """`parser(text)`, or None with the reason added to `found`."""
    try:
        return parser(text)
    except BadValue as wrong:
        found.append(BadCell(line, column.name, text.strip()[:60], str(wrong)))
        return None


def bad_cells(line: int, column: Column, value: str, refused: Refused) -> Iterable[BadCell]:
    """A refusal of the registry's rules as bad cells of a row."""
    return [BadCell(line, column.name, value, refusal.message) for refusal in refused.refusals]
