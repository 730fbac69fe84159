"""Query parameters: each one is declared once, checked by it, and documented from it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from enterprises.errors import Refusal, Refused

from .parsers import FORBIDDEN

SHOWN = 40
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Param:
    """One query parameter. `read` turns its text into a value or raises ValueError; `form` says what is right."""

    name: str
    description: str
    read: Callable[[str], Any]
    form: Callable[[], str]
    schema: Any = OpenApiTypes.STR
    choices: tuple[str, ...] = ()
    default: Any = None

    def documented(self) -> OpenApiParameter:
        return OpenApiParameter(
            self.name, self.schema, OpenApiParameter.QUERY, description=self.description, enum=self.choices or None
        )

    def refusal(self, given: str) -> Refusal:
        shown = given if len(given) <= SHOWN else given[:SHOWN] + "…"
        message = _("参数 {name} 的值“{value}”无效").format(name=self.name, value=FORBIDDEN.sub("?", shown))
        return Refusal("invalid", message, field=self.name, remedy=self.form())


def text(name: str, description: str, *, longest: int = 120) -> Param:
    def read(given: str) -> str:
        if len(given) > longest:
            raise ValueError(name)
        return given.strip()

    return Param(name, description, read, lambda: _("最多 {n} 个字，不含控制字符").format(n=longest))


def code(name: str, description: str) -> Param:
    """An identifier of the registry: letters, digits, dot, hyphen, underscore."""

    def read(given: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9._-]{1,60}", given):
            raise ValueError(name)
        return given

    return Param(name, description, read, lambda: _("请使用本系统的代码"))


def choice(name: str, description: str, choices: Sequence[str], *, default: str | None = None) -> Param:
    def read(given: str) -> str:
        if given not in choices:
            raise ValueError(name)
        return given

    def form() -> str:
        return _("可用的值：{choices}").format(choices=_("、").join(choices))

    return Param(name, description, read, form, choices=tuple(choices), default=default)


def boolean(name: str, description: str) -> Param:
    def read(given: str) -> bool:
        try:
            return BOOLEANS[given.lower()]
        except KeyError as error:
            raise ValueError(name) from error

    return Param(name, description, read, lambda: _("请填 true 或 false"), schema=OpenApiTypes.BOOL)


def day(name: str, description: str) -> Param:
    def read(given: str) -> date:
        if not DAY.fullmatch(given):
            raise ValueError(name)
        return date.fromisoformat(given)

    return Param(name, description, read, lambda: _("请按 2020-12-31 的格式填写真实日期"), schema=OpenApiTypes.DATE)


def number(name: str, description: str, *, most: int, default: int | None = None) -> Param:
    def read(given: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", given) or not 1 <= int(given) <= most:
            raise ValueError(name)
        return int(given)

    schema = {"type": "integer", "minimum": 1, "maximum": most}
    if default is not None:
        schema["default"] = default
    return Param(
        name, description, read, lambda: _("请填 1 至 {most} 的整数").format(most=most), schema, default=default
    )


def read_all(given: QueryDict, declared: Sequence[Param]) -> dict[str, Any]:
    """The values of all declared parameters; Refused names every unknown, doubled or wrong one."""
    known = {param.name: param for param in declared}
    refusals = [_unknown(name, known) for name in given if name not in known]
    values: dict[str, Any] = {name: param.default for name, param in known.items()}
    for name, param in known.items():
        texts = given.getlist(name)
        if not texts:
            continue
        try:
            values[name] = param.read(_single(texts))
        except ValueError:
            refusals.append(param.refusal("&".join(texts)))
    if refusals:
        raise Refused(refusals)
    return values


def _single(texts: list[str]) -> str:
    if len(texts) > 1 or FORBIDDEN.search(texts[0]):
        raise ValueError(texts[0])
    return texts[0]


def _unknown(name: str, known: dict[str, Param]) -> Refusal:
    shown = FORBIDDEN.sub("?", name[:SHOWN])
    remedy = _("可用的参数：{names}").format(names=_("、").join(known)) if known else _("该地址不接受查询参数")
    return Refusal("unknown_parameter", _("不认识的参数“{name}”").format(name=shown), field=shown, remedy=remedy)
