"""A list that can be looked at and taken away: its columns, its filters, who may, and the rows within sight."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from ..parameters import Param
from .columns import Columns

PORTION = 500  # rows read at a time: what is in memory of a list of any length
Row = Any
LIST_NAMES: dict[str, Any] = {}  # kind -> name, of every list there is; for pages that speak of lists


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks (an Account, or a stranger), the values of the filters, and the day that is today."""

    account: Any
    values: Mapping[str, Any]
    on: date


def anyone_signed_in(account: Any) -> bool:
    """Every account; what it sees is decided by `visible_to`."""
    return True


@dataclass(frozen=True, slots=True)
class Listing:
    """One list.

    `rows` are those that the account may see and that the filters leave, in the list's order: a queryset, of which
    `load` reads a portion into dictionaries with their `key`, or for a short list the rows themselves.
    `is_public`: anybody may, as they may see the list.
    """

    kind: str
    name: Any
    columns: Columns
    rows: Callable[[Asked], "QuerySet[Any] | Sequence[Row]"]
    may: Callable[[Any], bool]
    filters: tuple[Param, ...] = ()
    load: Callable[["QuerySet[Any]", Asked], Iterable[dict[str, Any]]] | None = None
    key: str = "id"
    is_public: bool = False

    def allows(self, account: Any) -> bool:
        """Whether this caller may take the list away."""
        return self.is_public or (bool(getattr(account, "is_authenticated", False)) and self.may(account))


class Selection:
    """The rows of one export: which they are is asked in one statement, what they hold in portions.

    A row that changes meanwhile is neither missed nor there twice; one that leaves the caller's sight is left out.
    """

    def __init__(self, listing: Listing, asked: Asked, *, most: int | None = None) -> None:
        """Choose the rows; of a longer list, one more than `most`."""
        self._listing, self._asked = listing, asked
        self._found = listing.rows(asked)
        if isinstance(self._found, QuerySet):
            keys = self._found.values_list("pk", flat=True)
            chosen = keys[: most + 1] if most is not None else keys
            self._keys: Sequence[Any] = array("q", chosen.iterator(chunk_size=10 * PORTION))
        else:
            self._keys = self._found
        self.total = len(self._keys)

    def portions(self) -> Iterator[list[Row]]:
        """The rows in order, some hundred at a time."""
        if not isinstance(self._found, QuerySet):
            yield list(self._found)
            return
        keys = iter(self._keys)
        while part := list(islice(keys, PORTION)):
            yield self._loaded(self._found, part)

    def _loaded(self, found: "QuerySet[Any]", part: list[Any]) -> list[Row]:
        if self._listing.load is None:
            raise TypeError(self._listing.kind)
        rows = self._listing.load(found.filter(pk__in=part).order_by(), self._asked)
        held = {row[self._listing.key]: row for row in rows}
        return [held[key] for key in part if key in held]
