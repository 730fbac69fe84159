"""Shapes of divisions and reporting units."""

from rest_framework import serializers

from .base import Shape, display
from .codes import DIVISION_LEVELS


class ReportingUnitShape(Shape):
    """A unit that reports to the city."""

    code = serializers.CharField()
    code_display = display()
    order = serializers.IntegerField()
    valid_from = serializers.DateField(allow_null=True, help_text="Since when a division reports through it")
    valid_to = serializers.DateField(allow_null=True)


class UnitPeriodShape(Shape):
    """Through which unit a division reports, from when to when."""

    reporting_unit = serializers.CharField()
    reporting_unit_display = display()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


class DivisionShape(Shape):
    """A statutory division; a date that the source does not state is null."""

    code = serializers.CharField()
    code_display = display()
    level = serializers.ChoiceField(DIVISION_LEVELS)
    level_display = display()
    parent = serializers.CharField(allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    reporting_units = UnitPeriodShape(many=True)
