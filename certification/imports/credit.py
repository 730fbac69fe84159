"""The import of credit checks (信用核查): one row, one look-up of one enterprise in one source on one day."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from enterprises.identifiers import search_form
from enterprises.imports.cells import day, words
from enterprises.imports.columns import Column
from enterprises.imports.outcome import BadCell
from enterprises.imports.run import value_of
from enterprises.models import Enterprise

from ..errors import Refusal
from ..inputs.credit_stated import KnownSources, StatedCheck, wrong_with_check
from ..models import CreditCheck, CreditResult, CreditSource
from ..services.credit import CREDIT, check_of, sources_known
from .inputs import USCC, InputImport

SOURCE = Column("source", "核查渠道", required=True)
RESULT = Column("result", "核查结果", required=True)
GROUND = Column("ground", "不良记录")
CHECKED = Column("checked_on", "核查日期", required=True)
UNTIL = Column("valid_until", "结果有效期至")
COLUMNS = (USCC, SOURCE, RESULT, GROUND, CHECKED, UNTIL)
_RESULTS = {search_form(word): each.value for each in CreditResult for word in (each.value, str(each.label))}


class CreditImport(InputImport):
    """The table of credit checks."""

    kind = CREDIT
    columns = COLUMNS
    key_columns = (SOURCE, CHECKED)

    def __init__(self) -> None:
        sources = CreditSource.objects.values_list("code", "name_zh")
        self._sources = {search_form(word): code for code, name in sources for word in (code, name)}

    def said(self, line: int, values: Mapping[str, str], found: list[BadCell]) -> StatedCheck:
        source, result = values[SOURCE.code].strip(), values[RESULT.code].strip()
        return StatedCheck(
            self._sources.get(search_form(source), source),
            _RESULTS.get(search_form(result), result),
            value_of(lambda text: words(text, longest=2000), values[GROUND.code], GROUND, line, found),
            value_of(day, values[CHECKED.code], CHECKED, line, found),
            value_of(day, values[UNTIL.code], UNTIL, line, found),
        )

    def known(self, *, on: date) -> KnownSources:
        return sources_known(on=on)

    def wrong_with(self, said: StatedCheck, known: KnownSources) -> list[Refusal]:
        return wrong_with_check(said, known)

    def fact_key(self, said: StatedCheck) -> tuple[Any, ...]:
        return said.source, said.checked_on

    def row_key(self, row: CreditCheck) -> tuple[Any, ...]:
        return row.source_id, row.checked_on

    def differing(self, row: CreditCheck, said: StatedCheck, known: KnownSources) -> Iterator[tuple[Column, str, str]]:
        until = said.valid_until or row.valid_until
        for column, value, kept in (
            (RESULT, said.result, row.result),
            (GROUND, said.ground, row.ground),
            (UNTIL, str(until), str(row.valid_until)),
        ):
            if value != kept:
                yield column, value, kept

    def made(self, owner: Enterprise, said: StatedCheck, known: KnownSources) -> CreditCheck:
        return check_of(owner, said, known, None)
