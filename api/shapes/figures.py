"""Shapes of the yearly figures."""

from rest_framework import serializers

from .base import Form, Shape, Text, Whole, display


class FigureItemShape(Shape):
    """An item of the yearly figures, and what is plausible of it."""

    code = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField()
    unit = serializers.CharField()
    decimals = serializers.IntegerField(help_text="Decimal places; 0: a whole number")
    most = serializers.DecimalField(18, 4, allow_null=True, help_text="What it can be at all")
    part_of = serializers.CharField(allow_null=True, help_text="Code of the item that it is a part of")
    swing = serializers.DecimalField(
        6, 2, allow_null=True, help_text="By how many times it may differ from last year's without an explanation"
    )
    is_active = serializers.BooleanField()


class FigureRowShape(Shape):
    """One item of one version."""

    number = serializers.IntegerField(help_text="Number of the ledger entry of the version")
    enterprise = serializers.CharField(help_text="Credit code")
    enterprise_display = display("Name of the enterprise")
    year = serializers.IntegerField()
    version = serializers.IntegerField()
    is_latest = serializers.BooleanField()
    item = serializers.CharField()
    item_display = display()
    value = serializers.DecimalField(18, 4)
    unit = serializers.CharField()
    explained = serializers.CharField(allow_blank=True)


class FigureLineShape(Shape):
    """One item of a year, with last year's; null: not stated."""

    item = serializers.CharField()
    item_display = display()
    unit = serializers.CharField()
    value = serializers.DecimalField(18, 4, allow_null=True)
    before = serializers.DecimalField(18, 4, allow_null=True)
    explained = serializers.CharField(allow_blank=True)


class FiguresVersionShape(Shape):
    """A version of a year."""

    version = serializers.IntegerField()
    number = serializers.IntegerField(help_text="Number of its ledger entry")
    stated_at = serializers.DateTimeField()
    why = serializers.CharField(allow_blank=True)


class YearFiguresShape(Shape):
    """The figures of a year in force; version 0: nothing is stated yet."""

    enterprise = serializers.CharField(help_text="Credit code")
    enterprise_display = display("Name of the enterprise")
    year = serializers.IntegerField()
    version = serializers.IntegerField()
    used_by = serializers.CharField(
        allow_blank=True, help_text="Number of a submitted application that rests on them: a change must say why"
    )
    figures = FigureLineShape(many=True)
    versions = FiguresVersionShape(many=True)


class YearFiguresForm(Form):
    """The whole year. What cannot be is refused all at once; then what is to be explained."""

    version = Whole(min_value=0, help_text="The version that was looked at; 0: there was none")
    values = serializers.DictField(child=Text(max_length=60, allow_blank=True), help_text="Numbers as text, by item")
    explained = serializers.DictField(
        child=Text(max_length=400, allow_blank=True), required=False, help_text="Why so different from last year's"
    )
    why = Text(max_length=500, required=False, allow_blank=True, help_text="Why what was used is changed")
