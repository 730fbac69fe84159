"""Rows that hold what their columns cannot mean: SQLite lets SQL put any value into any column.

Such a row would end a walk over it with an error of the program; an auditor is told its place instead. Every value
is read here as the ORM would read it, but from its bytes, which SQLite gives of any value.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeAlias

from cryptography.fernet import InvalidToken
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, models
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from .bulk import select
from .canonical import text_of, timestamp

# What reading such a row raises, in the driver, in a model's field or in the code that compares it. Who catches one of
# these and then finds no such row raises it again: a database that is locked, say, is no altered fact.
UNREADABLE = (
    DatabaseError,
    ArithmeticError,
    AttributeError,
    InvalidToken,
    LookupError,
    ObjectDoesNotExist,
    RecursionError,
    TypeError,
    ValueError,
)
NAMED = 20

# How SQLite stores a value of a column, by the first word of the column's type, and how it reads the value's bytes.
_CLASSES = {
    **dict.fromkeys(("bigint", "bool", "integer", "smallint"), ("integer",)),
    **dict.fromkeys(("decimal", "real"), ("integer", "real")),
    **dict.fromkeys(("char", "date", "datetime", "text", "time", "varchar"), ("text",)),
    "BLOB": ("blob",),
}
_READ: dict[str, Callable[[bytes], Any]] = {"blob": bytes, "integer": int, "real": float, "text": bytes.decode}
# Text that may be no text: all that is not plain ASCII, or has a NUL, at which GLOB ends.
_ODD = "{0} GLOB '*[^ -~]*' OR length({0}) <> length(CAST({0} AS BLOB))"

Column: TypeAlias = "models.Field[Any, Any]"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row with values that are not of their columns' kinds; `row` is the primary key as SQLite shows it."""

    row: str
    column: str

    def __str__(self) -> str:
        return _("第 %(row)s 行“%(column)s”栏的值无法识别") % {"row": self.row, "column": self.column}


def unreadable(model: type[models.Model]) -> Iterator[Unreadable]:
    """The first rows with values that are not of their columns' kinds, each once; PostgreSQL holds none."""
    if connection.vendor != "sqlite":
        return
    columns: dict[str, list[str]] = {}
    for field in model._meta.concrete_fields:
        for row in islice(_wrong_rows(model, field), NAMED):
            columns.setdefault(row, []).append(str(field.verbose_name))
    for row, names in islice(columns.items(), NAMED):
        yield Unreadable(row, "/".join(names))


def classes_of(field: Column) -> tuple[str, ...] | None:
    """As what SQLite stores the values of a field; None for what the database computes, and for an unknown type."""
    kind = re.match(r"\w+", field.db_type(connection) or "")
    if kind is None or isinstance(field, models.GeneratedField):
        return None
    return _CLASSES.get(kind[0])


def _wrong_rows(model: type[models.Model], field: Column) -> Iterator[str]:
    """The rows in whose column stands no value of the field."""
    classes = classes_of(field)
    if classes is None:
        return
    key, column = f'"{model._meta.pk.column}"', f'"{field.column}"'
    allowed = ", ".join(f"'{name}'" for name in (*classes, *(["null"] if field.null else [])))
    wrong = f"typeof({column}) NOT IN ({allowed})"
    reader = _reader(field)
    if reader is None:
        doubt = f"({_ODD.format(column)})" if classes == ("text",) else "FALSE"
    else:
        doubt = f"{column} IS NOT NULL"
    rows = select(
        f"SELECT CAST({key} AS BLOB), {wrong}, typeof({column}), CAST({column} AS BLOB) "
        f'FROM "{model._meta.db_table}" WHERE {wrong} OR {doubt} ORDER BY {key}'
    )
    for row, is_wrong, stored_as, value in rows:
        if is_wrong or not _is_read(_READ[stored_as], value, reader):
            yield bytes(row).decode(errors="backslashreplace")


def _is_read(read: Callable[[bytes], Any], value: bytes, reader: Callable[[Any], bool] | None) -> bool:
    try:
        found = read(value)
        return reader is None or reader(found)
    except UNREADABLE:
        return False


def _reader(field: Column) -> Callable[[Any], bool] | None:
    """Says of a stored value whether the field makes something of it; None for a field that takes it as it is."""
    column = field.get_col(field.model._meta.db_table)
    converters = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    shape = field.default if isinstance(field, models.JSONField) and field.default in (dict, list) else None

    def is_meant(value: Any) -> bool:
        for convert in converters:
            value = convert(value, column, connection)
        if isinstance(value, datetime):
            return bool(timestamp(value) and localtime(value))
        if shape:  # is digested, so it must have a canonical form
            return isinstance(value, shape) and bool(text_of(value).encode())
        if isinstance(field, models.BooleanField):
            return isinstance(value, bool)
        return value is not None or isinstance(field, models.JSONField)

    return is_meant if converters else None
