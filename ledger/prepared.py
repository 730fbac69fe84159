"""Statements that Django writes once in a process, not once in a call: writing the SQL of a small query costs
several times what the query itself costs, and a decision asks some ten of them while others wait.

    OPEN = Prepared(lambda: Step.objects.filter(application=Given("application")).values_list("id", "level"))
    OPEN.rows(application=5)

Which rows are meant stays with the querysets; only the values change from call to call.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Expression, QuerySet

T = TypeVar("T")
Row = tuple[Any, ...]


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
    if not statements:
        return []
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


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """Statements, and what is made of their rows."""

    statements: Sequence[Statement]
    answer: Callable[[Sequence[list[Row]]], T]


def ask(question: Question[T]) -> T:
    return question.answer(run(*question.statements))


def ask_together(*questions: Question[Any]) -> list[Any]:
    """The answers of several questions, in one `run`."""
    found = iter(run(*(each for question in questions for each in question.statements)))
    return [question.answer([next(found) for _ in question.statements]) for question in questions]


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
