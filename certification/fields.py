"""A form field of a stage, and what is wrong with a value in it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from enterprises.language import _, in_words, named

from .errors import Refusal
from .values import MOST_DIGITS, is_day, is_plain_number


@dataclass(frozen=True, slots=True)
class FieldNeed:
    """A form field of the stage. `kind`: text, textarea, integer, decimal, date, choice, boolean."""

    code: str
    label: str
    kind: str
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int = 500
    unit: str = ""
    help_text: str = ""
    label_en: str = ""
    is_past: bool = False


def ahead_refusals(need: FieldNeed, value: Any, *, on: date) -> list[Refusal]:
    """Of a field that tells what has been done: its day is not ahead."""
    if not (need.is_past and need.kind == "date" and is_day(str(value)) and date.fromisoformat(str(value)) > on):
        return []
    message = _about(need, _("“%(label)s”%(day)s 晚于提交日，完成后方可申报"), day=value)
    possible = date.fromisoformat(str(value))
    remedy = _("请于 %(day)s 起提交，或更正日期") % {"day": possible}
    return [Refusal("day_ahead", message, field=need.code, remedy=remedy, possible_on=possible)]


def field_refusals(need: FieldNeed, value: Any) -> list[Refusal]:
    """What is wrong with one field's value; an absent optional one is fine."""
    if value in (None, ""):
        return [_field(need, "field_missing", _about(need, _("请填写“%(label)s”")))] if need.required else []
    message = _CHECKS[need.kind](need, value)
    return [_field(need, "field_invalid", message)] if message else []


def kept_in_words(need: FieldNeed, value: Any) -> str:
    """A kept value as it is read: the name of a choice, yes or no, a number with its unit."""
    if value is None or value == "":
        return ""
    if need.kind == "boolean":
        return _("是") if value else _("否")
    if need.kind == "choice":
        return in_words(dict(need.choices).get(str(value), str(value)))
    return f"{value} {in_words(need.unit)}".strip()


def unknown_field(code: str) -> Refusal:
    return Refusal("unknown_field", _("字段“%(field)s”不属于本申报") % {"field": code}, field=code)


def _field(need: FieldNeed, code: str, message: str) -> Refusal:
    return Refusal(code, message, field=need.code, remedy=in_words(need.help_text))


def _about(need: FieldNeed, message: str, **said: Any) -> str:
    return message % {"label": named(need), **said}


def _text(need: FieldNeed, value: Any) -> str:
    if not isinstance(value, str):
        return _about(need, _("“%(label)s”应为文字"))
    if len(value) <= need.max_length:
        return ""
    return _about(need, _("“%(label)s”最多 %(limit)s 字，现 %(count)s 字"), limit=need.max_length, count=len(value))


def _number(need: FieldNeed, value: Any) -> str:
    text = str(value)
    if isinstance(value, bool | float) or not is_plain_number(text):
        return _no_number(need, value)
    if need.kind == "integer" and "." in text:
        return _about(need, _("“%(label)s”应为整数，现为“%(value)s”"), value=value)
    return _range(need, Decimal(text)) or (_no_number(need, value) if len(text) > MOST_DIGITS else "")


def _no_number(need: FieldNeed, value: Any) -> str:
    return _about(need, _("“%(label)s”应为数字，现为“%(value)s”"), value=value)


def _range(need: FieldNeed, number: Decimal) -> str:
    if need.minimum is not None and number < need.minimum:
        return _about(need, _("“%(label)s”不得小于 %(amount)s"), amount=_amount(need, need.minimum))
    if need.maximum is not None and number > need.maximum:
        return _about(need, _("“%(label)s”不得大于 %(amount)s"), amount=_amount(need, need.maximum))
    return ""


def _amount(need: FieldNeed, number: Decimal) -> str:
    plain = f"{number.normalize():f}"
    return _("%(number)s%(unit)s") % {"number": plain, "unit": in_words(need.unit)} if need.unit else plain


def _day(need: FieldNeed, value: Any) -> str:
    if is_day(str(value)):
        return ""
    return _about(need, _("“%(label)s”应为日期（如 2026-03-01），现为“%(value)s”"), value=value)


def _choice(need: FieldNeed, value: Any) -> str:
    names = dict(need.choices)
    if isinstance(value, str) and value in names:
        return ""
    return _about(need, _("“%(label)s”应为%(choices)s之一"), choices=_("、").join(map(in_words, names.values())))


def _boolean(need: FieldNeed, value: Any) -> str:
    if not isinstance(value, bool):
        return _about(need, _("“%(label)s”应为是或否"))
    return "" if value or not need.required else _about(need, _("“%(label)s”须勾选"))


_CHECKS: dict[str, Callable[[FieldNeed, Any], str]] = {
    "text": _text,
    "textarea": _text,
    "integer": _number,
    "decimal": _number,
    "date": _day,
    "choice": _choice,
    "boolean": _boolean,
}
