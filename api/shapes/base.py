"""What shapes are built from."""

import unicodedata
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class Shape(serializers.Serializer):
    """A shape of an answer."""


class Form(serializers.Serializer):
    """A shape of a request: unknown keys are refused, text is NFC."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            strange = [key for key in data if key not in self.fields]
            if strange:
                message = _("不认识的字段")
                raise serializers.ValidationError({key: [message] for key in strange}, code="unknown_field")
            data = self.composed(data)
        return super().to_internal_value(data)

    def composed(self, data: Any) -> Any:
        return nfc(data)


class Text(serializers.CharField):
    """A text of a request. A number is no text: a credit code sent as one would have lost digits unnoticed."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Whole(serializers.IntegerField):
    """A whole number of a request, not a text that reads like one."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Flag(serializers.BooleanField):
    """true or false, nothing that reads like it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


@extend_schema_field({})
class AnyValue(serializers.JSONField):
    """Any JSON value, null included (`allow_null` would describe null as fitting twice, which fits nowhere)."""

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return (True, None) if data is None else super().validate_empty_values(data)


class Nothing(Form):
    """An empty body."""


def nfc(value: Any) -> Any:
    """`value` with every string in Unicode normal form C."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [nfc(item) for item in value]
    if isinstance(value, dict):
        return {nfc(key): nfc(item) for key, item in value.items()}
    return value


def display(text: str = "") -> serializers.CharField:
    """The wording beside a code."""
    return serializers.CharField(help_text=text or "Wording of the code beside it, for people")


@cache
def page_of(item: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The shape of a page of these."""
    name = item.__name__.removesuffix("Shape")
    return type(
        f"{name}PageShape",
        (Shape,),
        {
            "__doc__": f"A page of {name}.",
            "next": serializers.URLField(allow_null=True, help_text="Address of the next page"),
            "previous": serializers.URLField(allow_null=True, help_text="Address of the page before"),
            "results": item(many=True),
            "count": serializers.IntegerField(required=False, help_text="Rows of the whole list, with `count=exact`"),
        },
    )
