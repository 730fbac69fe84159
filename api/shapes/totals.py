"""Shapes of plans, indicators and figures."""

from rest_framework import serializers

from .base import AnyValue, Shape, display
from .codes import COMPARATORS, FIGURE_SOURCES, FIGURE_STATUSES, INDICATOR_KINDS, JOB_STATES


class PlanShape(Shape):
    """A five-year plan."""

    code = serializers.CharField()
    code_display = display()
    source = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    is_closed = serializers.BooleanField()


class IndicatorShape(Shape):
    """An indicator as it is defined on a day."""

    indicator = serializers.CharField()
    name = serializers.CharField()
    category = serializers.CharField()
    unit = serializers.CharField()
    kind = serializers.ChoiceField(INDICATOR_KINDS)
    kind_display = display()
    comparator = serializers.ChoiceField(COMPARATORS)
    comparator_display = display()
    target = serializers.FloatField()
    target_max = serializers.FloatField(allow_null=True)
    source = serializers.CharField(help_text="Passage of the plan")
    in_headline_table = serializers.BooleanField()
    computed_from = serializers.ChoiceField(FIGURE_SOURCES)
    computed_from_display = display()
    opening = serializers.FloatField(allow_null=True)
    opening_on = serializers.DateField(allow_null=True)
    opening_source = serializers.CharField()
    reporter = serializers.CharField()
    note = serializers.CharField()
    version = serializers.IntegerField()
    in_force_from = serializers.DateField()


class OutcomeShape(Shape):
    """A row of a plan's outcome table: the rate computed (half up) beside the rate that the source prints."""

    order = serializers.IntegerField()
    category = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    target = serializers.FloatField(allow_null=True)
    actual = serializers.FloatField()
    completion_rate = serializers.IntegerField(allow_null=True, help_text="Per cent")
    printed_rate = serializers.CharField()
    differs = serializers.BooleanField(help_text="Whether the printed rate is not the computed one")
    note = serializers.CharField()


class UnitFigureShape(Shape):
    """A figure's part in one reporting unit; the opening balance has no parts."""

    reporting_unit = serializers.CharField()
    reporting_unit_display = display()
    gained = serializers.IntegerField()
    value = serializers.FloatField()
    valid_now = serializers.IntegerField()


class FigureShape(Shape):
    """An indicator on a day. Quantities are JSON numbers in `unit`, rates are per cent.

    `value` = `opening` + `gained`, except for a ratio, whose `gained` is its numerator. Narrowed to a
    reporting unit there is no opening balance. Null: nothing is known.
    """

    indicator = serializers.CharField()
    name = serializers.CharField()
    category = serializers.CharField()
    unit = serializers.CharField()
    kind = serializers.ChoiceField(INDICATOR_KINDS)
    kind_display = display()
    opening = serializers.FloatField(allow_null=True)
    opening_on = serializers.DateField(allow_null=True)
    gained = serializers.IntegerField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    valid_now = serializers.IntegerField(allow_null=True)
    target = serializers.FloatField()
    target_max = serializers.FloatField(allow_null=True)
    comparator = serializers.ChoiceField(COMPARATORS)
    comparator_display = display()
    completion_rate = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(FIGURE_STATUSES)
    status_display = display()
    projected = serializers.FloatField(allow_null=True, help_text="At the plan's end, at the pace since its start")
    source = serializers.CharField(help_text="Passage of the plan")
    computed_from = serializers.ChoiceField(FIGURE_SOURCES)
    computed_from_display = display()
    note = serializers.CharField()
    as_of = serializers.DateField()
    units = UnitFigureShape(many=True, help_text="For those who may read the monitor; otherwise empty")


class PointShape(Shape):
    """A month's end."""

    month = serializers.CharField()
    on = serializers.DateField()
    value = serializers.FloatField(allow_null=True)
    valid_now = serializers.IntegerField(allow_null=True)
    planned = serializers.FloatField(allow_null=True)


class SeriesShape(Shape):
    """A figure by month with the planned line."""

    indicator = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    plan = serializers.CharField()
    plan_display = display()
    as_of = serializers.DateField()
    reporting_unit = serializers.CharField(allow_null=True)
    reporting_unit_display = display()
    points = PointShape(many=True)


class CountedShape(Shape):
    """An enterprise inside a figure, since when, and the ledger entry of the achievement that counts."""

    enterprise = serializers.CharField()
    enterprise_display = display()
    reporting_unit = serializers.CharField(help_text="On the day of the achievement")
    reporting_unit_display = display()
    counted_from = serializers.DateField()
    stage = serializers.CharField(allow_null=True)
    stage_display = serializers.CharField(allow_null=True)
    effective_on = serializers.DateField(allow_null=True)
    certificate_number = serializers.CharField(allow_null=True)
    ledger_number = serializers.IntegerField(allow_null=True)


class QueuedShape(Shape):
    """The job that was queued."""

    job = serializers.UUIDField()


class JobShape(Shape):
    """A piece of work that someone asked for."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    kind_display = display()
    state = serializers.ChoiceField(JOB_STATES)
    state_display = display()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    message = serializers.CharField()
    result = AnyValue()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
