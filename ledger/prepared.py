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

from django.db import connection
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
    """SQL with its values. What `must_change` a row and finds none raises NothingChanged."""

    sql: str
    values: Sequence[Any] = ()
    converters: Mapping[int, Any] = {}
    must_change: bool = False


class NothingChanged(Exception):
    """The row that was to be changed is no longer as it was."""


def run(*statements: Statement) -> list[list[Row]]:
    """The rows of each statement, in order; on PostgreSQL all of them in one trip to the server.

    Each sees what was committed before it began, a lock that a statement before it waited for included.
    """
    with connection.cursor() as cursor:
        found = _in_one_trip(cursor, statements) if connection.vendor == "postgresql" else _in_turn(cursor, statements)
        return [_converted(rows, each.converters) for rows, each in zip(found, statements, strict=True)]


def _in_turn(cursor: Any, statements: Sequence[Statement]) -> list[list[Row]]:
    found = []
    for each in statements:
        cursor.execute(each.sql, each.values)
        found.append(_result(cursor, each))
    return found


def _in_one_trip(cursor: Any, statements: Sequence[Statement]) -> list[list[Row]]:
    cursor.execute("; ".join(each.sql for each in statements), [value for each in statements for value in each.values])
    found = [_result(cursor, statements[0])]
    for each in statements[1:]:
        cursor.nextset()
        found.append(_result(cursor, each))
    return found


def _result(cursor: Any, statement: Statement) -> list[Row]:
    if statement.must_change and not cursor.rowcount:
        raise NothingChanged
    return cursor.fetchall() if cursor.description else []


class Prepared:
    """A queryset of `values_list` whose SQL is written at its first use."""

    def __init__(self, build: "Callable[[], QuerySet[Any, Any]]") -> None:
        self._build = build

    @cached_property
    def _written(self) -> Statement:
        compiler: Any = self._build().query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        return Statement(sql, tuple(values), compiler.get_converters([column[0] for column in compiler.select]))

    def given(self, **given: Any) -> Statement:
        """The statement for these values."""
        sql, values, converters, _ = self._written
        return Statement(sql, [given[each.name] if isinstance(each, Given) else each for each in values], converters)

    def rows(self, **given: Any) -> list[Row]:
        """The rows for these values, each as `values_list` would give it."""
        return run(self.given(**given))[0]


def _converted(rows: list[Row], converters: Mapping[int, Any]) -> list[Row]:
    return [_converted_row(row, converters) for row in rows] if converters else rows


def _converted_row(row: Row, converters: Mapping[int, Any]) -> Row:
    values = list(row)
    for place, (steps, expression) in converters.items():
        for step in steps:
            values[place] = step(values[place], expression, connection)
    return tuple(values)


def columns_of(model: type[Model], through: str = "") -> list[str]:
    """The names of all columns of a model for `values_list`, reached `through` a relation or not."""
    return [through + name for name in _attributes(model)]


def made(model: type[M], values: Sequence[Any]) -> M:
    """The object of a row of `columns_of(model)`."""
    return model.from_db(connection.alias, _attributes(model), values)


@lru_cache(maxsize=64)
def _attributes(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def insertion(row: Model) -> Statement:
    """INSERT of a new object, whose key the database gives and returns."""
    sql, fields = _insertion(type(row))
    return Statement(sql, [_stored(field, row) for field in fields])


def insert(row: Model) -> None:
    """Insert a new object; what the database generates beside its key is read when it is asked for."""
    row.pk = run(insertion(row))[0][0][0]
    row._state.adding, row._state.db = False, connection.alias


def change(row: Model, *names: str, where: Mapping[str, Any] | None = None) -> Statement:
    """UPDATE of these columns of an object, which must still hold the values of `where` in the columns of `where`."""
    condition = where or {}
    sql, fields = _change(type(row), names, tuple(condition))
    values = [_stored(field, row) for field in fields]
    return Statement(sql, [*values, row.pk, *condition.values()], must_change=True)


def _stored(field: AnyField, row: Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)


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
