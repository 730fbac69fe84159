"""What a method of an address is: who may use it, what it takes, what it answers. Declared once per view.

The same declaration decides at run time (ApiView) and describes the API (openapi.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import SimpleLazyObject
from rest_framework.serializers import BaseSerializer

from enterprises.models import Account

from .params import Param

Right = Callable[[Any], bool]


def anyone(caller: Any) -> bool:
    """Public."""
    return True


def signed_in(caller: Any) -> bool:
    """Any account; what it sees is decided by `visible_to`."""
    return bool(caller.is_authenticated)


def held_by(predicate: Callable[[Account], bool]) -> Right:
    """A right of enterprises.rights or certification.rights, which a stranger never has."""

    def right(caller: Account | SimpleLazyObject) -> bool:
        return bool(caller.is_authenticated and predicate(caller))  # type: ignore[arg-type]

    return right


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address.

    `answer` is the shape of the answer (None: no content; a basic type: a file, in one of `media`), `status` its code,
    `later` the shape of a 202 where the answer is made by a job,
    `versioned` whether it carries an `ETag`, `conditional` whether `If-Match` is heeded, `problems` the
    refusals beyond those that follow from the rest.
    """

    right: Right
    answer: Any
    query: tuple[Param, ...] = ()
    body: type[BaseSerializer[Any]] | None = None
    status: int = 200
    conditional: bool = False
    versioned: bool = False
    problems: tuple[int, ...] = ()
    media: tuple[str, ...] = ("application/octet-stream",)
    later: Any = None

    @property
    def is_public(self) -> bool:
        return self.right is anyone
