"""Objects of models for `ledger.prepared`: their columns, their INSERT and UPDATE, written once in a process."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import (
    AutoField,
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    TextField,
)

from .prepared import Statement, run

M = TypeVar("M", bound=Model)
AnyField: TypeAlias = "Field[Any, Any]"


def columns_of(model: type[Model], through: str = "", *, without: Sequence[str] = ()) -> list[str]:
    """The names of a model's columns for `values_list`, reached `through` a relation or not."""
    return [through + name for name in _attributes(model, without)]


def made(model: type[M], values: Sequence[Any], *, without: Sequence[str] = ()) -> M:
    """The object of a row of `columns_of(model)`; what is left out is read when it is asked for."""
    return model.from_db(DEFAULT_DB_ALIAS, _attributes(model, without), values)


@lru_cache(maxsize=64)
def _attributes(model: type[Model], without: Sequence[str]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.attname not in without]


def insertion(row: Model) -> Statement:
    """INSERT of a new object, whose key the database gives and returns."""
    sql, columns = _insertion(type(row))
    return Statement(sql, _stored(row, columns))


def insert(row: Model) -> None:
    """Insert a new object; what the database generates beside its key is read when it is asked for."""
    row.pk = run(insertion(row))[0][0][0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def change(row: Model, *names: str, where: Mapping[str, Any] | None = None) -> Statement:
    """UPDATE of these columns of an object, which must still hold the values of `where` in the columns of `where`."""
    condition = where or {}
    sql, columns = _change(type(row), names, tuple(condition))
    values = [*_stored(row, columns), row.pk, *condition.values()]
    return Statement(sql, values, answers=False, must_change=True)


class _Column(NamedTuple):
    """A column to be written; a plain one's values are stored as they are, which Django finds out each time anew."""

    name: str
    field: AnyField
    is_plain: bool


def _column(field: AnyField) -> _Column:
    kept: Any = field
    while isinstance(kept, ForeignKey):
        kept = kept.target_field
    return _Column(field.attname, field, type(kept) in _PLAIN)


_PLAIN = {CharField, TextField, BooleanField, AutoField, BigAutoField, IntegerField, BigIntegerField}
_PLAIN |= {PositiveIntegerField, PositiveSmallIntegerField}


def _stored(row: Model, columns: Sequence[_Column]) -> list[Any]:
    database, values = connections[DEFAULT_DB_ALIAS], row.__dict__
    return [
        values[name] if is_plain else field.get_db_prep_save(values[name], database)
        for name, field, is_plain in columns
    ]


@lru_cache(maxsize=64)
def _insertion(model: type[Model]) -> tuple[str, list[_Column]]:
    options: Any = model._meta
    quote = connection.ops.quote_name
    fields = [field for field in options.concrete_fields if not (field.generated or isinstance(field, AutoField))]
    names, marks = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    key = quote(options.pk.column)
    sql = f"INSERT INTO {quote(options.db_table)} ({names}) VALUES ({marks}) RETURNING {key}"
    return sql, [_column(field) for field in fields]


@lru_cache(maxsize=64)
def _change(model: type[Model], names: Sequence[str], where: Sequence[str]) -> tuple[str, list[_Column]]:
    options: Any = model._meta
    quote = connection.ops.quote_name
    fields = [options.get_field(name) for name in names]
    written = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    held = "".join(f" AND {quote(options.get_field(name).column)} = %s" for name in where)
    key = quote(options.pk.column)
    return f"UPDATE {quote(options.db_table)} SET {written} WHERE {key} = %s{held}", [_column(each) for each in fields]
