"""The import of priorities (优先标识): one row, one mark of one enterprise from one day on."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from enterprises.identifiers import search_form
from enterprises.imports.cells import day, words
from enterprises.imports.columns import Column
from enterprises.imports.outcome import BadCell
from enterprises.imports.run import parts, value_of
from enterprises.models import Enterprise

from ..errors import Refusal
from ..inputs.priority_stated import KnownKinds, StatedPriority, overlaps, wrong_with_priority
from ..models import Priority, PriorityKind
from ..services.priorities import PRIORITY, kinds_known, last_day_of, priority_of
from .inputs import USCC, InputImport, InputPlan, InputRow, NewFact

KIND = Column("kind", "种类", required=True)
VALUE = Column("value", "内容")
FROM = Column("valid_from", "起始日", required=True)
UNTIL = Column("valid_until", "有效期至")
DOCUMENT = Column("document", "认定文件", required=True)
COLUMNS = (USCC, KIND, VALUE, FROM, UNTIL, DOCUMENT)


class PriorityImport(InputImport):
    """The table of priorities."""

    kind = PRIORITY
    columns = COLUMNS
    key_columns = (KIND, VALUE, FROM)

    def __init__(self) -> None:
        kinds = PriorityKind.objects.values_list("code", "name_zh")
        self._kinds = {search_form(word): code for code, name in kinds for word in (code, name)}

    def said(self, line: int, values: Mapping[str, str], found: list[BadCell]) -> StatedPriority:
        kind = values[KIND.code].strip()

        def text(column: Column) -> Any:
            return value_of(lambda cell: words(cell, longest=2000), values[column.code], column, line, found)

        return StatedPriority(
            self._kinds.get(search_form(kind), kind),
            text(VALUE),
            value_of(day, values[FROM.code], FROM, line, found),
            value_of(day, values[UNTIL.code], UNTIL, line, found),
            text(DOCUMENT),
        )

    def compare(self, rows: Sequence[InputRow], *, at: datetime) -> InputPlan:
        """Besides, the same mark may not be there twice on one day, on record or in the file."""
        plan = super().compare(rows, at=at)
        taken, sound = _taken(plan.new), []
        for item in plan.new:
            said = item.row.said
            days = taken.setdefault((item.enterprise_id, said.kind, said.value), [])
            clash = next((each for each in days if overlaps((said.valid_from, said.valid_until), each)), None)
            if clash:
                reason = _("与同一标识（自 %(day)s 起）期间重叠") % {"day": clash[0]}
                plan.bad.append(BadCell(item.row.line, FROM.name, str(said.valid_from), reason))
            else:
                days.append((said.valid_from, said.valid_until))
                sound.append(item)
        plan.new = sound
        return plan

    def known(self, *, on: date) -> KnownKinds:
        return kinds_known(on=on)

    def wrong_with(self, said: StatedPriority, known: KnownKinds) -> list[Refusal]:
        return wrong_with_priority(said, known)

    def fact_key(self, said: StatedPriority) -> tuple[Any, ...]:
        return said.kind, said.value, said.valid_from

    def row_key(self, row: Priority) -> tuple[Any, ...]:
        return row.kind_id, row.value, row.valid_from

    def differing(self, row: Priority, said: StatedPriority, known: KnownKinds) -> Iterator[tuple[Column, str, str]]:
        for column, value, kept in (
            (UNTIL, str(said.valid_until or ""), str(row.valid_until or "")),
            (DOCUMENT, said.document, row.document),
        ):
            if value != kept:
                yield column, value, kept

    def made(self, owner: Enterprise, said: StatedPriority, known: KnownKinds) -> Priority:
        return priority_of(owner, said, None)


def _taken(new: Sequence[NewFact]) -> dict[tuple[int, str, str], list[tuple[date, date | None]]]:
    """The periods on record of the enterprises, by kind and value."""
    taken: dict[tuple[int, str, str], list[tuple[date, date | None]]] = {}
    for part in parts(new):
        owners = {item.enterprise_id for item in part}
        for row in Priority.objects.filter(enterprise__in=owners, annulled_at__isnull=True):
            period = (row.valid_from, last_day_of(row))
            taken.setdefault((row.enterprise_id, row.kind_id, row.value), []).append(period)
    return taken
