"""Shapes of saved filters."""

from rest_framework import serializers

from .base import Flag, Form, Shape, Text, display
from .codes import FILTERED_LISTS


class SavedFilterShape(Shape):
    """A filter of the caller's own."""

    id = serializers.CharField()
    list = serializers.ChoiceField(FILTERED_LISTS)
    list_display = display()
    name = serializers.CharField()
    query = serializers.DictField(child=serializers.CharField(), help_text="Parameters of the list's page")
    position = serializers.IntegerField()
    is_default = serializers.BooleanField()


class SavedFilterForm(Form):
    """A new filter; unknown parameters of the list are refused."""

    list = serializers.ChoiceField(FILTERED_LISTS)
    name = Text(max_length=60)
    query = serializers.DictField(child=serializers.CharField(max_length=120), required=False)
    is_default = Flag(required=False)


class SavedFilterChangeForm(Form):
    """What is to change; what is not given stays."""

    name = Text(max_length=60, required=False)
    query = serializers.DictField(child=serializers.CharField(max_length=120), required=False)
    is_default = Flag(required=False)
