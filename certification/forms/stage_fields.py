"""The form of a stage, generated from the fields of its rule. Reads what was typed; judges nothing."""

import re
from collections.abc import Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from ..gates import FieldNeed
from ..values import as_kept, half_width
from ..wording import in_words, named
from .refusable import RefusableForm, Typed


class StageFieldsForm(RefusableForm):
    """One input per field of the rule; empty ones are kept as empty, since a draft may be incomplete."""

    needs_version = True

    def __init__(self, needs: tuple[FieldNeed, ...], *args: Any, kept: Mapping[str, Any] | None = None) -> None:
        initial = {need.code: (kept or {}).get(need.code) for need in needs}
        super().__init__(*args, initial=initial)
        self.needs = needs
        for need in needs:
            self.fields[need.code] = _field_of(need)

    def agrees_with(self, kept: Mapping[str, Any]) -> bool:
        """Whether what was typed is what is kept already: the same page sent twice."""
        is_stale = self.status is HTTPStatus.CONFLICT
        return is_stale and all(kept.get(code) == value for code, value in self.values().items())

    def values(self) -> dict[str, Any]:
        """The typed values as the rule's kinds keep them; what cannot be read stays as typed, to be refused."""
        return {need.code: read(need, self.cleaned_data.get(need.code)) for need in self.needs}


class Ticked(forms.BooleanField):
    """A tick box; whether it must be ticked is the service's to say."""

    def validate(self, value: Any) -> None:
        """Nothing is asked here."""


def _field_of(need: FieldNeed) -> forms.Field:
    hint = _("；").join(filter(None, [in_words(need.help_text), limits(need)]))
    said: dict[str, Any] = {"label": _label(need), "help_text": hint, "required": need.required}
    match need.kind:
        case "boolean":
            return Ticked(**said)
        case "choice":
            choices = [(code, in_words(name)) for code, name in need.choices]
            return Typed(widget=forms.Select(choices=[("", _("请选择")), *choices]), **said)
        case "textarea":
            return Typed(widget=forms.Textarea(attrs={"rows": 4}), **said)
        case "date":
            return Typed(widget=forms.DateInput(attrs={"type": "date"}), **said)
        case "integer" | "decimal":
            mode = "numeric" if need.kind == "integer" else "decimal"
            return Typed(widget=forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"}), **said)
    return Typed(**said)


def _label(need: FieldNeed) -> str:
    label = named(need)
    return _("%(label)s（%(unit)s）") % {"label": label, "unit": in_words(need.unit)} if need.unit else label


def limits(need: FieldNeed) -> str:
    """The limits of a field in words, before anyone has to run into them."""
    if need.kind in ("text", "textarea"):
        is_said = str(need.max_length) in need.help_text
        return "" if is_said else _("最多 %(count)d 字") % {"count": need.max_length}
    if need.kind not in ("integer", "decimal"):
        return ""
    words = [_("整数")] if need.kind == "integer" else []
    if need.minimum is not None:
        words.append(_("不小于 %(least)s") % {"least": _plain(need.minimum)})
    if need.maximum is not None:
        words.append(_("不大于 %(most)s") % {"most": _plain(need.maximum)})
    return _("，").join(words)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def read(need: FieldNeed, typed: Any) -> Any:
    """What was typed, as the field keeps it; a day may be typed as 2026年3月1日 or 2026/3/1."""
    if need.kind == "boolean":
        return bool(typed)
    text = str(typed or "")
    return as_kept(need.kind, _with_hyphens(text) if need.kind == "date" else text)


def _with_hyphens(text: str) -> str:
    found = _TYPED_DAY.fullmatch(half_width(text))
    return "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else text


_TYPED_DAY = re.compile(r"([0-9]{4})[年/.-]([0-9]{1,2})[月/.-]([0-9]{1,2})日?")


class AnyOf(forms.MultipleChoiceField):
    """The ticked codes, whatever they are: the service knows the menu."""

    def valid_value(self, value: Any) -> bool:
        return True


class ModulesForm(RefusableForm):
    """The chosen modules; the menu itself is drawn from the rule."""

    needs_version = True
    modules = AnyOf(required=False)

    @property
    def ticked(self) -> list[str]:
        """The codes that were sent, whatever became of them."""
        return list(self["modules"].value() or [])
