"""Rows that hold what their columns cannot mean: SQLite lets SQL put any value into any column.

Such a row would end a walk over it with an error of the program; an auditor is told its place instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, models
from django.utils.translation import gettext as _

# What reading such a row raises, in the driver, in a model's field or in the code that compares it.
UNREADABLE = (DatabaseError, ValueError, TypeError, AttributeError, KeyError)
NAMED = 20

_TEXT, _WHOLE = "typeof({0}) <> 'text'", "typeof({0}) <> 'integer'"
_DAY = f"{_TEXT} OR length({{0}}) <> 10 OR date({{0}}) IS NULL"
_TIME = f"{_TEXT} OR length({{0}}) < 19 OR strftime('%s', {{0}}) IS NULL"
_WRONG = {
    "BinaryField": "typeof({0}) <> 'blob'",
    "BooleanField": f"{_WHOLE} OR {{0}} NOT IN (0, 1)",
    "CharField": _TEXT,
    "DateField": _DAY,
    "DateTimeField": _TIME,
    "DecimalField": "typeof({0}) NOT IN ('integer', 'real')",
    "JSONField": f"{_TEXT} OR NOT json_valid({{0}})",
    "TextField": _TEXT,
}
_SHAPES = {dict: "object", list: "array"}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that is not of its column's kind; `row` is the primary key as SQLite shows it."""

    row: str
    column: str

    def __str__(self) -> str:
        return _("第 %(row)s 行“%(column)s”栏的值无法识别") % {"row": self.row, "column": self.column}


def unreadable(model: type[models.Model]) -> Iterator[Unreadable]:
    """The first values of each column that are not of its kind; PostgreSQL holds none."""
    if connection.vendor != "sqlite":
        return
    table, key = model._meta.db_table, model._meta.pk.column
    for field in model._meta.concrete_fields:
        if (wrong := _wrong(field)) is None:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT CAST("{key}" AS TEXT) FROM "{table}" WHERE {wrong} ORDER BY "{key}" LIMIT {NAMED}')
            rows = cursor.fetchall()
        yield from (Unreadable(str(row), str(field.verbose_name)) for (row,) in rows)


def _wrong(field: "models.Field[Any, Any]") -> str | None:
    """The SQL condition under which a value cannot be the field's; none for what the database computes."""
    if isinstance(field, models.GeneratedField):
        return None
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    column = f'"{field.column}"'
    kind = target.get_internal_type()
    wrong = _WRONG.get(kind, _WHOLE).format(column)
    if shape := _SHAPES.get(target.default):
        wrong += f" OR json_type({column}) <> '{shape}'"
    return f"{column} IS NOT NULL AND ({wrong})" if field.null else f"{column} IS NULL OR {wrong}"
