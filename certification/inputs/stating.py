"""What is wrong with a fact as somebody states it: what all kinds of input share. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from enterprises.language import _

from ..errors import Refusal

T = TypeVar("T")
Names = Mapping[str, Callable[[], str]]


def stated(values: Mapping[str, Any], shape: type[T]) -> T:
    """What values of a form say; a blank is not said."""
    said = {}
    for field in fields(shape):  # type: ignore[arg-type]
        value = values.get(field.name)
        said[field.name] = str(value or "").strip() if field.type is str else (None if value == "" else value)
    return shape(**said)


def missing(said: Any, needed: Sequence[str], names: Names) -> list[Refusal]:
    """What is not said at all."""
    return [
        Refusal("field_missing", _("请填写“%(label)s”") % {"label": names[name]()}, field=name, remedy=_("照文件填写"))
        for name in needed
        if getattr(said, name) in ("", None)
    ]


def too_long(said: Any, longest: Mapping[str, int], names: Names) -> Iterator[Refusal]:
    """Texts that are longer than what is kept."""
    for name, limit in longest.items():
        text = getattr(said, name)
        if len(text) > limit:
            told = {"label": names[name](), "limit": limit, "count": len(text)}
            message = _("“%(label)s”最多 %(limit)s 字，现 %(count)s 字") % told
            yield Refusal("too_long", message, field=name, remedy=_("请精简后再填"))


def not_among(name: str, value: str, allowed: Sequence[str], names: Names) -> Iterator[Refusal]:
    """A code that there is none of."""
    if value and value not in allowed:
        message = _("“%(label)s”没有“%(value)s”这一项") % {"label": names[name](), "value": value[:40]}
        remedy = _("可用的值：%(values)s") % {"values": _("、").join(allowed)}
        yield Refusal(f"{name}_unknown", message, field=name, remedy=remedy)
