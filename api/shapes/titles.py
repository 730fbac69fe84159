"""Shapes of titles: the document, the re-examinations, the guidance of a year."""

from rest_framework import serializers

from .base import Flag, Form, Shape, Text, display
from .codes import TITLE_ENDINGS, TITLE_LEVELS, TITLE_STAGES, TITLE_STANDINGS


class TitleRowShape(Shape):
    """A title and how it stands today; what a document says is empty where none is on record."""

    number = serializers.IntegerField(help_text="Number of the ledger entry that recorded the title")
    enterprise = serializers.CharField(help_text="Credit code")
    enterprise_display = display("Name of the enterprise")
    stage = serializers.ChoiceField(TITLE_STAGES)
    stage_display = display()
    effective_on = serializers.DateField()
    reporting_unit = serializers.CharField(help_text="Of the day of the title")
    reporting_unit_display = display()
    document = serializers.CharField(allow_blank=True, help_text="Number of the document")
    issued_by = serializers.CharField(allow_blank=True)
    level = serializers.ChoiceField(TITLE_LEVELS, allow_blank=True)
    level_display = display()
    valid_until = serializers.DateField(allow_null=True, help_text="The last day; null: no end is set")
    reexamination_due_on = serializers.DateField(allow_null=True)
    days_left = serializers.IntegerField(allow_null=True, help_text="Until the re-examination; below zero: overdue")
    standing = serializers.ChoiceField(TITLE_STANDINGS)
    standing_display = display()
    ended_on = serializers.DateField(allow_null=True)


class ReexaminationShape(Shape):
    """A re-examination that was held."""

    due_on = serializers.DateField()
    examined_on = serializers.DateField()
    passed = serializers.BooleanField()
    words = serializers.CharField()
    document = serializers.CharField(allow_blank=True)
    valid_until = serializers.DateField(allow_null=True)
    reexamine_on = serializers.DateField(allow_null=True)
    ledger_number = serializers.IntegerField()


class GuidanceShape(Shape):
    """A step of the guidance of a year."""

    on = serializers.DateField()
    by = serializers.CharField()
    done = serializers.CharField()
    achieved = serializers.CharField(allow_blank=True)
    organisation = serializers.CharField(allow_null=True, help_text="Code of the adviser that was recommended")
    organisation_display = display()
    ledger_number = serializers.IntegerField()


class TitleShape(TitleRowShape):
    """A title with everything on record."""

    document_number = serializers.IntegerField(
        allow_null=True, help_text="Number of the ledger entry of the document; null: none is on record"
    )
    ended_ground = serializers.CharField(allow_blank=True)
    reexaminations = ReexaminationShape(many=True)
    guidance = GuidanceShape(many=True)


class TitleForm(Form):
    """A title as its document gives it. What is missing or cannot be is refused all at once."""

    stage = Text(max_length=60, allow_blank=True)
    effective_on = serializers.DateField()
    document = Text(max_length=200, allow_blank=True)
    issued_by = Text(max_length=200, allow_blank=True)
    level = Text(max_length=20, allow_blank=True)
    valid_until = serializers.DateField(required=False, allow_null=True)
    reexamine_on = serializers.DateField(required=False, allow_null=True, help_text="Without it the kind's interval")


class NewTitleForm(TitleForm):
    """A title of an enterprise."""

    enterprise = Text(max_length=60, help_text="Credit code")


class TitleCorrectionForm(TitleForm):
    """The whole title as it ought to be, and why what is on record is annulled."""

    ground = Text(max_length=500, allow_blank=True)


class TitleEndForm(Form):
    """How and when a title ended, with ground and reason."""

    reason = serializers.ChoiceField(TITLE_ENDINGS)
    ended_on = serializers.DateField()
    ground = Text(max_length=500, allow_blank=True)


class ReexaminationForm(Form):
    """What a re-examination came to; failed, the title is revoked with it."""

    passed = Flag()
    examined_on = serializers.DateField()
    words = Text(max_length=500, allow_blank=True)
    document = Text(max_length=200, required=False, allow_blank=True)
    valid_until = serializers.DateField(required=False, allow_null=True)
    reexamine_on = serializers.DateField(required=False, allow_null=True, help_text="Without it the kind's interval")


class GuidanceForm(Form):
    """A step of guidance."""

    on = serializers.DateField()
    by = Text(max_length=300, allow_blank=True)
    done = Text(max_length=3000, allow_blank=True)
    achieved = Text(max_length=3000, required=False, allow_blank=True)
    organisation = Text(max_length=30, required=False, allow_blank=True, help_text="Code of an adviser")
