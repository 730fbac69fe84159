"""Query parameters: each one is declared once; lists, exports and the API's description read the same declaration."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from .errors import Refusal, Refused

# Tab and line ends are text; a lone surrogate is no character at all.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
SHOWN = 40
CODE = "[A-Za-z0-9._-]{1,60}"
# FORBIDDEN, as the API's description says it (there are no surrogates in an address).
PLAIN_TEXT = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$"
TEXT: dict[str, Any] = {"type": "string"}
BOOLEAN, DAY_SCHEMA = {"type": "boolean"}, {"type": "string", "format": "date"}
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Param:
    """One query parameter. `read` turns its text into a value or raises ValueError; `form` says what is right.

    `schema` is its JSON schema, `description` what the API's description says of it (in English).
    """

    name: str
    description: str
    read: Callable[[str], Any]
    form: Callable[[], str]
    schema: Mapping[str, Any] = field(default_factory=lambda: TEXT)
    choices: tuple[str, ...] = ()
    default: Any = None
    required: bool = False
    is_free_text: bool = False

    def refusal(self, given: str) -> Refusal:
        shown = given if len(given) <= SHOWN else given[:SHOWN] + "…"
        message = _("参数 {name} 的值“{value}”无效").format(name=self.name, value=FORBIDDEN.sub("?", shown))
        return Refusal("invalid", message, field=self.name, remedy=self.form())


def text(name: str, description: str, *, longest: int = 120) -> Param:
    def read(given: str) -> str:
        if len(given) > longest:
            raise ValueError(name)
        return given.strip()

    def form() -> str:
        return _("最多 {n} 个字，不含控制字符").format(n=longest)

    return Param(name, description, read, form, TEXT | {"maxLength": longest, "pattern": PLAIN_TEXT}, is_free_text=True)


def code(name: str, description: str) -> Param:
    """An identifier of the registry: letters, digits, dot, hyphen, underscore."""

    def read(given: str) -> str:
        if not re.fullmatch(CODE, given):
            raise ValueError(name)
        return given

    return Param(name, description, read, lambda: _("请使用本系统的代码"), TEXT | {"pattern": f"^{CODE}$"})


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

    return Param(name, description, read, lambda: _("请填 true 或 false"), schema=BOOLEAN)


def day(name: str, description: str) -> Param:
    def read(given: str) -> date:
        if not DAY.fullmatch(given):
            raise ValueError(name)
        return date.fromisoformat(given)

    return Param(name, description, read, lambda: _("请按 2020-12-31 的格式填写真实日期"), schema=DAY_SCHEMA)


def address(name: str, description: str) -> Param:
    """An IP address; without the zone of a link (`%eth0`), which no address that is kept has."""

    def read(given: str) -> str:
        found = ip_address(given)
        if getattr(found, "scope_id", None) is not None:
            raise ValueError(name)
        return str(found)

    schema = TEXT | {"anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}
    return Param(name, description, read, lambda: _("请填 IP 地址，如 192.0.2.7"), schema)


def key(name: str, description: str) -> Param:
    """The random number (UUID) under which something is kept."""
    schema = {"type": "string", "format": "uuid"}
    return Param(name, description, UUID, lambda: _("请填 UUID"), schema)


def number(name: str, description: str, *, most: int, default: int | None = None) -> Param:
    def read(given: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", given) or not 1 <= int(given) <= most:
            raise ValueError(name)
        return int(given)

    schema: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": most}
    if default is not None:
        schema["default"] = default
    return Param(
        name, description, read, lambda: _("请填 1 至 {most} 的整数").format(most=most), schema, default=default
    )


def needed(param: Param) -> Param:
    """The same parameter, without which there is no answer."""
    return replace(param, required=True)


def read_all(given: QueryDict, declared: Sequence[Param]) -> dict[str, Any]:
    """The values of all declared parameters; Refused names every unknown, doubled, wrong or missing one."""
    known = {param.name: param for param in declared}
    refusals = [_unknown(name, known) for name in given if name not in known]
    values: dict[str, Any] = {name: param.default for name, param in known.items()}
    for name, param in known.items():
        texts = given.getlist(name)
        if not texts:
            refusals += [_missing(param)] if param.required else []
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


def _missing(param: Param) -> Refusal:
    message = _("缺少参数 {name}").format(name=param.name)
    return Refusal("missing_parameter", message, field=param.name, remedy=param.form())


def _unknown(name: str, known: Mapping[str, Param]) -> Refusal:
    shown = FORBIDDEN.sub("?", name[:SHOWN])
    remedy = _("可用的参数：{names}").format(names=_("、").join(known)) if known else _("该地址不接受查询参数")
    return Refusal("unknown_parameter", _("不认识的参数“{name}”").format(name=shown), field=shown, remedy=remedy)
