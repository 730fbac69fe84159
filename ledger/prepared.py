"""Statements that Django writes once in a process, not once in a call: writing the SQL of a small query costs
several times what the query itself costs, and a decision asks some ten of them while others wait.

    OPEN = Prepared(lambda: Step.objects.filter(application=Given("application")).values_list("id", "level"))
    OPEN.rows(application=5)

Which rows are meant stays with the querysets; only the values change from call to call.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeAlias, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import AutoField, Expression, Field, Model, QuerySet

M = TypeVar("M", bound=Model)
Row = tuple[Any, ...]
AnyField: TypeAlias = "Field[Any, Any]"


class Given(Expression):
    """A value that is known at the call only: a number, a text, a truth value or a day (not a time, not None)."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


Day: TypeAlias = date | Given


class Statement(NamedTuple):
    """SQL with its values; whether it has rows to give. What `must_change` a row and finds none: NothingChanged."""

    sql: str
    values: Sequence[Any] = ()
    answers: bool = True
    must_change: bool = False
    converters: Mapping[int, Any] = {}


class NothingChanged(Exception):
    """The row that was to be changed is no longer as it was."""


def run(*statements: Statement) -> list[list[Row]]:
    """The rows of each statement, in order; on PostgreSQL all of them in one trip to the server.

    Each sees what was committed before it began, a lock that a statement before it waited for included.
    """
    database = connections[DEFAULT_DB_ALIAS]
    with database.cursor() as cursor:
        found = _in_one_trip(cursor, statements) if database.vendor == "postgresql" else _in_turn(cursor, statements)
    return [_converted(rows, each.converters, database) for rows, each in zip(found, statements, strict=True)]


def _in_turn(cursor: Any, statements: Sequence[Statement]) -> list[list[Row]]:
    found = []
    for each in statements:
        cursor.execute(each.sql, each.values)
        found.append(_result(cursor, each))
    return found


def _in_one_trip(cursor: Any, statements: Sequence[Statement]) -> list[list[Row]]:
    """Each statement with its values is put together apart: psycopg keeps what it has learnt of a short one."""
    cursor.execute("; ".join([cursor.mogrify(each.sql, each.values) for each in statements]))
    found = [_result(cursor, statements[0])]
    for each in statements[1:]:
        cursor.nextset()
        found.append(_result(cursor, each))
    return found


def _result(cursor: Any, statement: Statement) -> list[Row]:
    if not statement.must_change:
        return cursor.fetchall() if statement.answers else []
    if not cursor.rowcount:
        raise NothingChanged
    return []


class Prepared:
    """A queryset of `values_list` whose SQL is written at its first use."""

    def __init__(self, build: "Callable[[], QuerySet[Any, Any]]") -> None:
        self._build = build

    @cached_property
    def _written(self) -> Statement:
        compiler: Any = self._build().query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return Statement(sql, tuple(values), converters=converters)

    def given(self, **given: Any) -> Statement:
        """The statement for these values."""
        values = [given[each.name] if isinstance(each, Given) else each for each in self._written.values]
        return self._written._replace(values=values)

    def rows(self, **given: Any) -> list[Row]:
        """The rows for these values, each as `values_list` would give it."""
        return run(self.given(**given))[0]


def _converted(rows: list[Row], converters: Mapping[int, Any], database: Any) -> list[Row]:
    return [_converted_row(row, converters, database) for row in rows] if converters else rows


def _converted_row(row: Row, converters: Mapping[int, Any], database: Any) -> Row:
    values = list(row)
    for place, (steps, expression) in converters.items():
        for step in steps:
            values[place] = step(values[place], expression, database)
    return tuple(values)


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
    sql, fields = _insertion(type(row))
    return Statement(sql, _stored(row, fields))


def insert(row: Model) -> None:
    """Insert a new object; what the database generates beside its key is read when it is asked for."""
    row.pk = run(insertion(row))[0][0][0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def change(row: Model, *names: str, where: Mapping[str, Any] | None = None) -> Statement:
    """UPDATE of these columns of an object, which must still hold the values of `where` in the columns of `where`."""
    condition = where or {}
    sql, fields = _change(type(row), names, tuple(condition))
    return Statement(sql, [*_stored(row, fields), row.pk, *condition.values()], answers=False, must_change=True)


def _stored(row: Model, fields: Sequence[AnyField]) -> list[Any]:
    database, values = connections[DEFAULT_DB_ALIAS], row.__dict__
    return [field.get_db_prep_save(values[field.attname], database) for field in fields]


@lru_cache(maxsize=64)
def _insertion(model: type[Model]) -> tuple[str, list[AnyField]]:
    options: Any = model._meta
    quote = connection.ops.quote_name
    fields = [field for field in options.concrete_fields if not (field.generated or isinstance(field, AutoField))]
    names, marks = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    key = quote(options.pk.column)
    return f"INSERT INTO {quote(options.db_table)} ({names}) VALUES ({marks}) RETURNING {key}", fields


@lru_cache(maxsize=64)
def _change(model: type[Model], names: Sequence[str], where: Sequence[str]) -> tuple[str, list[AnyField]]:
    options: Any = model._meta
    quote = connection.ops.quote_name
    fields = [options.get_field(name) for name in names]
    written = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    held = "".join(f" AND {quote(options.get_field(name).column)} = %s" for name in where)
    key = quote(options.pk.column)
    return f"UPDATE {quote(options.db_table)} SET {written} WHERE {key} = %s{held}", fields
