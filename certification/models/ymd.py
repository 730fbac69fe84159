"""Days as integers `yyyymmdd` in the database: `// 100` is the month, on both databases."""

from typing import Any

from django.db.models import Func


class YearMonthDay(Func):
    """A date expression as an integer, e.g. 2017-06-30 -> 20170630; null stays null."""

    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(
            compiler, connection, template="CAST(REPLACE(%(expressions)s, '-', '') AS INTEGER)", **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # EXTRACT of a date is immutable, to_char is not; a stored generated column needs the former.
        template = (
            "(EXTRACT(YEAR FROM %(expressions)s) * 10000 + EXTRACT(MONTH FROM %(expressions)s) * 100 "
            "+ EXTRACT(DAY FROM %(expressions)s))::integer"
        )
        return super().as_sql(compiler, connection, template=template, **context)
