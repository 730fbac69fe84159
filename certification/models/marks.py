"""Marks: numbers made of a span's columns, so that two sets of spans can be compared by two sums.

A mark weighs the days of a span by numbers up to a million, scattered from its achievement and enterprise. The
database makes the mark of a stored span anew with every write; a recount makes the marks of the spans that there
should be from the achievements. One altered day always alters the sum. Altered keys do, but for a chance of one in
some hundred thousand: the scattering is not linear, so that keys that were swapped, or moved against each other,
do not cancel out. Sums fit SQLite's integers for three million spans of one figure and unit.
"""

from typing import Any

from django.db.models import Func

_SCATTER = 2**20 - 1
_OTHER = 40_503
_EPOCH = 19_000_000  # makes yyyymmdd a number below 2**21


def _weight(factor: int, achievement: str, enterprise: str) -> str:
    # Bits, not a remainder: Django and psycopg take a per cent sign for a placeholder in some statements only.
    one = f"(({achievement} * {factor} + {enterprise}) & {_SCATTER})"
    other = f"(({enterprise} * {_OTHER} + {achievement} + {factor}) & {_SCATTER})"
    return f"((({one} * {other}) >> 9 & {_SCATTER}) + 1)"


def start_weight(achievement: str, enterprise: str) -> str:
    """By what the first day of a span weighs, as SQL."""
    return _weight(48_271, achievement, enterprise)


def stop_weight(achievement: str, enterprise: str) -> str:
    """By what the day on which it stops weighs."""
    return _weight(69_621, achievement, enterprise)


def opening_weight(achievement: str, enterprise: str) -> str:
    """What it adds that a span belongs to the opening balance."""
    return _weight(39_373, achievement, enterprise)


def start_mark(achievement: str, enterprise: str, day: str) -> str:
    """What the first day (yyyymmdd) adds to the mark of a span."""
    return f"{start_weight(achievement, enterprise)} * ({day} - {_EPOCH})"


def stop_mark(achievement: str, enterprise: str, day: str) -> str:
    """What the day on which it stops adds."""
    return f"{stop_weight(achievement, enterprise)} * ({day} - {_EPOCH})"


def weighed(weights: int, day: int) -> int:
    """The marks that a day has altogether, from the sum of its weights."""
    return weights * (day - _EPOCH)


def span_mark(achievement: str, enterprise: str, start: str, stop: str, in_opening: str) -> str:
    """The whole mark of a span, from its columns."""
    some = f"COALESCE({achievement}, 0)"
    return (
        f"{start_mark(some, enterprise, start)} "
        f"+ CASE WHEN {stop} IS NULL THEN 0 ELSE {stop_mark(some, enterprise, stop)} END "
        f"+ CASE WHEN {in_opening} THEN {opening_weight(some, enterprise)} ELSE 0 END"
    )


class SpanMark(Func):
    """`span_mark` of (achievement, enterprise, start, stop, in_opening), for a generated column."""

    arity = 5

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **context: Any) -> Any:
        return span_mark(*(compiler.compile(each)[0] for each in self.source_expressions)), []
