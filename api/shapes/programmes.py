"""Shapes of programmes: what each stage asks for, by the rulebook in force."""

from rest_framework import serializers

from .base import Shape, display
from .codes import EVIDENCE_GROUPS, FIELD_KINDS, GATE_CODES, LEVELS, PROGRAMMES


class FieldNeedShape(Shape):
    """A form field. Limits of numbers are decimal strings."""

    code = serializers.CharField()
    code_display = display()
    kind = serializers.ChoiceField(FIELD_KINDS)
    kind_display = display()
    required = serializers.BooleanField()
    choices = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    minimum = serializers.CharField(allow_null=True)
    maximum = serializers.CharField(allow_null=True)
    max_length = serializers.IntegerField()
    unit = serializers.CharField()
    help_text = serializers.CharField()


class EvidenceNeedShape(Shape):
    """A paper that is asked for."""

    code = serializers.CharField()
    code_display = display()
    group = serializers.ChoiceField(EVIDENCE_GROUPS)
    group_display = display()
    required = serializers.BooleanField()
    basis = serializers.CharField()
    help_text = serializers.CharField()


class RouteStepShape(Shape):
    """A level of the review with its time limits in working days."""

    level = serializers.ChoiceField(LEVELS)
    level_display = display()
    accept_days = serializers.IntegerField()
    decide_days = serializers.IntegerField()
    correction_days = serializers.IntegerField(
        allow_null=True, help_text="Within how many a returned application is to be submitted again; null: no limit"
    )


class WaitShape(Shape):
    """A stage that must have been reached, and the months since."""

    after_stage = serializers.CharField()
    after_stage_display = display()
    months = serializers.IntegerField()
    basis = serializers.CharField()


class ModuleShape(Shape):
    """A module of the standard's menu."""

    code = serializers.CharField()
    code_display = display()
    chapter = serializers.CharField()
    obligatory = serializers.BooleanField()


class EditionShape(Shape):
    """An edition of the standard and the days on which it holds."""

    code = serializers.CharField()
    code_display = display()
    in_force_from = serializers.DateField()
    in_force_to = serializers.DateField(allow_null=True)
    minimum_chosen_modules = serializers.IntegerField()
    modules = ModuleShape(many=True)


class RulebookShape(Shape):
    """The rules of a year and the days on which they hold."""

    year = serializers.IntegerField()
    title = serializers.CharField()
    basis = serializers.CharField()
    in_force_from = serializers.DateField()
    in_force_to = serializers.DateField(allow_null=True)
    frozen = serializers.BooleanField()


class GateShape(Shape):
    """A condition of submission."""

    code = serializers.ChoiceField(GATE_CODES)
    code_display = display()


class StageShape(Shape):
    """A stage with what it asks for; `rulebook` is null and the lists are empty where no rule is in force."""

    code = serializers.CharField()
    code_display = display()
    applied_for = serializers.BooleanField(help_text="Whether enterprises apply for it online")
    is_open = serializers.BooleanField(help_text="Whether applications are taken on the day")
    basis = serializers.CharField()
    guidance = serializers.CharField()
    rulebook = RulebookShape(allow_null=True)
    edition = EditionShape(allow_null=True)
    fields = FieldNeedShape(many=True)
    evidence = EvidenceNeedShape(many=True)
    route = RouteStepShape(many=True)
    waits = WaitShape(many=True)
    gates = GateShape(many=True)


class ProgrammeRowShape(Shape):
    """A programme and the codes of its stages."""

    code = serializers.ChoiceField(PROGRAMMES)
    code_display = display()
    stages = serializers.ListField(child=serializers.CharField())
    stages_display = serializers.ListField(child=serializers.CharField())


class ProgrammeShape(Shape):
    """A programme with everything its stages ask for on a day."""

    code = serializers.ChoiceField(PROGRAMMES)
    code_display = display()
    on = serializers.DateField()
    stages = StageShape(many=True)
