"""The header of a table: which column holds what, under its code or its Chinese name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from django.utils.translation import gettext as _

from ..errors import Refusal, Refused
from ..identifiers import search_form

REASON = "原因"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its code, its Chinese name, further names that are understood, whether it must be there."""

    code: str
    name: str
    also: tuple[str, ...] = ()
    required: bool = False


Reader = Callable[[list[str]], tuple[str, ...]]


def reader_for(header: list[str], columns: Sequence[Column]) -> Reader:
    """A function that takes a row's cells to the values of `columns` in their order, "" where absent.

    Raises Refused naming every column that is missing, unknown or there twice.
    """
    places, refusals = _places(header, columns)
    refusals += [_missing(column) for column in columns if column.required and column.code not in places]
    if refusals:
        raise Refused(refusals)
    width = len(header)
    # One more cell than the header has, always empty, stands for the columns that are not there.
    pick: Reader = itemgetter(*(places.get(column.code, width) for column in columns))

    def values(cells: list[str]) -> tuple[str, ...]:
        missing = width - len(cells)
        return pick([*cells[:width], *[""] * missing, ""] if missing else [*cells, ""])

    return values


def _missing(column: Column) -> Refusal:
    message = _("缺少必需的列“%(name)s”（%(code)s）") % {"name": column.name, "code": column.code}
    return Refusal("column_missing", message, field=column.code)


def _places(header: list[str], columns: Sequence[Column]) -> tuple[dict[str, int], list[Refusal]]:
    known = {search_form(word): column for column in columns for word in (column.code, column.name, *column.also)}
    places: dict[str, int] = {}
    refusals = []
    for place, title in enumerate(header):
        word = search_form(title)
        if not word or word == REASON:
            continue
        column = known.get(word)
        if column is None:
            said = {"title": title.strip(), "names": _("、").join(each.name for each in columns)}
            message = _("不认识的列“%(title)s”；可用的列：%(names)s") % said
            refusals.append(Refusal("column_unknown", message, field="header"))
        elif column.code in places:
            message = _("列“%(name)s”出现了两次") % {"name": column.name}
            refusals.append(Refusal("column_twice", message, field=column.code))
        else:
            places[column.code] = place
    return places, refusals
