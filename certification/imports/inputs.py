"""What the imports of dated facts share: rows held against the rules and the registry, written with their entries.

A row is new, or on record already with the same values; with other values it is an error, since a correction needs a
ground. What was annulled does not stand in the way.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.imports.cells import credit_code
from enterprises.imports.columns import Column
from enterprises.imports.outcome import BadCell
from enterprises.imports.run import parts, value_of
from enterprises.models import Enterprise
from ledger.bulk import rows_among
from ledger.canonical import commitment
from ledger.record import Actor, next_number
from ledger.stream import drafted, record_stream

from ..errors import Refusal
from ..services.input_facts import InputKind, recorded_fact

USCC = Column("uscc", "统一社会信用代码", also=("信用代码", "社会信用代码"), required=True)
BATCH = 500


class InputRow(NamedTuple):
    """A row whose cells can be read: which enterprise, and what is stated of it."""

    line: int
    uscc: str
    said: Any


class NewFact(NamedTuple):
    """A row to be recorded, of an enterprise by its key."""

    row: InputRow
    enterprise_id: int


@dataclass(slots=True)
class InputPlan:
    """What the import will write."""

    new: list[NewFact] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    same: list[InputRow] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)

    @property
    def remarks(self) -> list[str]:
        return []


class InputImport:
    """Drives a table of facts through `run_import`; a kind of fact says what is its own."""

    kind: InputKind
    columns: Sequence[Column]
    key_columns: Sequence[Column]

    def said(self, line: int, values: Mapping[str, str], found: list[BadCell]) -> Any:
        """What the cells of a row state, or what cannot be read added to `found`."""
        raise NotImplementedError

    def wrong_with(self, said: Any, known: Any) -> list[Refusal]:
        """What cannot be, by the rules that a page is held to."""
        raise NotImplementedError

    def known(self, *, on: date) -> Any:
        """What the rules ask for."""
        raise NotImplementedError

    def fact_key(self, said: Any) -> tuple[Any, ...]:
        """What makes two statements about one enterprise speak of the same."""
        raise NotImplementedError

    def row_key(self, row: Any) -> tuple[Any, ...]:
        """The same of a row on record."""
        raise NotImplementedError

    def differing(self, row: Any, said: Any, known: Any) -> Iterator[tuple[Column, str, str]]:
        """Column, stated and kept value, where they differ."""
        raise NotImplementedError

    def made(self, owner: Enterprise, said: Any, known: Any) -> Any:
        """The row, not yet written."""
        raise NotImplementedError

    def parse(self, line: int, values: tuple[str, ...], found: list[BadCell]) -> InputRow | None:
        cells, before = dict(zip((column.code for column in self.columns), values, strict=True)), len(found)
        uscc = value_of(credit_code, cells[USCC.code], USCC, line, found)
        said = self.said(line, cells, found)
        return InputRow(line, uscc, said) if len(found) == before else None

    def key(self, row: InputRow) -> Hashable:
        return row.uscc, self.fact_key(row.said)

    def key_name(self, row: InputRow) -> tuple[str, str]:
        names = _("、").join(column.name for column in (USCC, *self.key_columns))
        return names, " ".join([row.uscc, *map(str, self.fact_key(row.said))])

    def compare(self, rows: Sequence[InputRow], *, at: datetime) -> InputPlan:
        plan, known = InputPlan(), self.known(on=timezone.localdate(at))
        for part in parts(rows):
            ids = dict(rows_among("enterprises_enterprise", ("uscc", "id"), "uscc", {row.uscc for row in part}))
            kept = self._kept(ids.values())
            for row in part:
                self._place(row, ids.get(row.uscc), kept, known, plan)
        return plan

    def _kept(self, enterprises: Iterable[int]) -> dict[tuple[Any, ...], Any]:
        rows = self.kind.model.objects.filter(enterprise__in=list(enterprises), annulled_at__isnull=True)
        return {(row.enterprise_id, *self.row_key(row)): row for row in rows}

    def _place(
        self, row: InputRow, owner: int | None, kept: Mapping[tuple[Any, ...], Any], known: Any, plan: InputPlan
    ) -> None:
        """Sort a row into new, unchanged, or wrong."""
        if owner is None:
            reason = _("该企业尚未登记，请先导入或登记企业")
            plan.bad.append(BadCell(row.line, USCC.name, row.uscc, reason))
        if found := self.wrong_with(row.said, known):
            plan.bad += [self._bad(row, refusal) for refusal in found]
        if owner is None or found:
            return
        twin = kept.get((owner, *self.fact_key(row.said)))
        if twin is None:
            plan.new.append(NewFact(row, owner))
            return
        differences = list(self.differing(twin, row.said, known))
        for column, value, recorded in differences:
            told = {"kept": recorded or _("（空）")}
            reason = _("已登记，记录中为“%(kept)s”；登记有误的，请在原记录页面写明理由更正") % told
            plan.bad.append(BadCell(row.line, column.name, value, reason))
        if not differences:
            plan.same.append(row)

    def _bad(self, row: InputRow, refusal: Refusal) -> BadCell:
        names = {column.code: column.name for column in self.columns}
        value = getattr(row.said, refusal.field, "") if refusal.field else ""
        reason = _("；").join(filter(None, [refusal.message, refusal.remedy]))
        return BadCell(row.line, names.get(refusal.field, refusal.field), str(value or "")[:60], reason)

    def write(self, plan: InputPlan, *, actor: Actor, at: datetime) -> None:
        """Rows and entries, numbered on from where the ledger ends; inside a transaction."""
        known, first = self.known(on=timezone.localdate(at)), next_number()
        owners = Enterprise.objects.only("uscc").in_bulk({item.enterprise_id for item in plan.new})
        rows = []
        for number, item in enumerate(plan.new, first):
            row = self.made(owners[item.enterprise_id], item.row.said, known)
            row.recorded_at, row.recorded_by_id, row.ledger_number = at, account_of(actor), number
            row.salt = commitment(self.kind.words(row))[0]
            rows.append(row)
        self.kind.model.objects.bulk_create(rows, batch_size=BATCH)
        drafts = [drafted(recorded_fact(self.kind, row)) for row in rows]
        record_stream(drafts, chains={row.enterprise.uscc for row in rows}, actor=actor, at=at)


def account_of(actor: Actor) -> int:
    """The key of the account behind a ledger's actor: only people import these tables."""
    return int(actor.code.removeprefix("account:"))
