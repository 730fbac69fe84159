"""A column of a list: what it is called, what kind of value it holds, and where in a row the value is.

Defined once; the page's header, the export and the report take their columns from here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a cell holds. A code is text that no program takes for a number; a moment has a time of day."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `take` gets the value out of a row; without it, it stands in the row under the column's code."""

    code: str
    name: Any
    kind: Kind = Kind.TEXT
    take: Callable[[Any], Any] | None = None

    @property
    def is_number(self) -> bool:
        return self.kind in (Kind.INTEGER, Kind.DECIMAL)

    def value(self, row: Any) -> Any:
        if self.take:
            return self.take(row)
        return row[self.code] if isinstance(row, dict) else getattr(row, self.code)


class Columns:
    """The columns of one list in their order, also by code (in a template: `columns.uscc.name`)."""

    def __init__(self, columns: Sequence[Column], *, on_page: Sequence[str] = ()) -> None:
        self._columns = tuple(columns)
        self._by_code = {column.code: column for column in columns}
        self.on_page = tuple(self._by_code[code] for code in on_page)

    def __iter__(self) -> Any:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __getitem__(self, code: str) -> Column:
        return self._by_code[code]

    def values(self, row: Any) -> list[Any]:
        return [column.value(row) for column in self._columns]
