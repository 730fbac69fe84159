"""Shapes of the inputs of eligibility: credit checks, how credit stands, the files kept with such facts."""

from rest_framework import serializers

from .base import Form, Shape, Text, display
from .codes import CREDIT_RESULTS, CREDIT_STANDINGS, INPUT_STATES


class InputPaperShape(Shape):
    """A file kept with a fact."""

    id = serializers.UUIDField()
    filename = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes")
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    ledger_number = serializers.IntegerField()


class FactRowShape(Shape):
    """What every recorded fact says of itself."""

    number = serializers.IntegerField(help_text="Number of the ledger entry that recorded it")
    enterprise = serializers.CharField(help_text="Credit code")
    enterprise_display = display("Name of the enterprise")
    state = serializers.ChoiceField(INPUT_STATES, help_text="How the fact stands on the day asked for")
    state_display = display()
    recorded_at = serializers.DateTimeField()
    annulled_at = serializers.DateTimeField(allow_null=True, help_text="Recorded in error: as if it never was")
    annulled_ground = serializers.CharField(allow_blank=True)


class FactShape(FactRowShape):
    """A fact with everything on record."""

    replaces = serializers.IntegerField(allow_null=True, help_text="Number of the fact that it corrects")
    replaced_by = serializers.IntegerField(allow_null=True, help_text="Number of the fact that corrects it")
    papers = InputPaperShape(many=True)


class CreditCheckRowShape(FactRowShape):
    """A credit check."""

    source = serializers.CharField()
    source_display = display()
    result = serializers.ChoiceField(CREDIT_RESULTS)
    result_display = display()
    ground = serializers.CharField(allow_blank=True, help_text="The adverse record")
    checked_on = serializers.DateField()
    valid_until = serializers.DateField(help_text="The last day on which the result is good")


class CreditCheckShape(CreditCheckRowShape, FactShape):
    """A credit check with everything on record."""


class CreditShape(Shape):
    """How the credit of an enterprise stands on a day."""

    enterprise = serializers.CharField(help_text="Credit code")
    enterprise_display = display("Name of the enterprise")
    on = serializers.DateField()
    standing = serializers.ChoiceField(CREDIT_STANDINGS)
    standing_display = display()
    valid_until = serializers.DateField(allow_null=True, help_text="The last day of this standing, as things are")
    lacking = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the needed sources without a good clear result"
    )


class CreditSourceShape(Shape):
    """Where credit is looked up."""

    code = serializers.CharField()
    name = serializers.CharField()
    valid_months = serializers.IntegerField(help_text="How long a result is good unless it says otherwise")
    is_needed = serializers.BooleanField()
    is_active = serializers.BooleanField()


class PriorityRowShape(FactRowShape):
    """A priority."""

    kind = serializers.CharField()
    kind_display = display()
    value = serializers.CharField(allow_blank=True, help_text="What the kind asks for, e.g. which industry chain")
    document = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="The last day; null: no end is set")
    ended_on = serializers.DateField(allow_null=True, help_text="Its last day, where it ended before its time")
    ended_ground = serializers.CharField(allow_blank=True)


class PriorityShape(PriorityRowShape, FactShape):
    """A priority with everything on record."""


class PriorityKindShape(Shape):
    """A kind of priority."""

    code = serializers.CharField()
    name = serializers.CharField()
    needs_value = serializers.BooleanField()
    values = serializers.ListField(child=serializers.CharField(), help_text="What the value may be; none: any text")
    is_active = serializers.BooleanField()


class HeldPriorityShape(Shape):
    """A priority that an enterprise has on a day; high-tech status is one, its value the number of the certificate."""

    kind = serializers.CharField()
    kind_display = display()
    value = serializers.CharField(allow_blank=True)
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True, help_text="The last day as known; null: no end is set")


class PriorityForm(Form):
    """A priority as its document gives it. What is missing or cannot be is refused all at once."""

    kind = Text(max_length=60, allow_blank=True)
    value = Text(max_length=200, required=False, allow_blank=True)
    document = Text(max_length=200, allow_blank=True)
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(required=False, allow_null=True)


class NewPriorityForm(PriorityForm):
    """A priority of an enterprise."""

    enterprise = Text(max_length=60, help_text="Credit code")


class PriorityCorrectionForm(PriorityForm):
    """The whole priority as it ought to be, and why what is on record is annulled."""

    annulment = Text(max_length=500, allow_blank=True, help_text="Why")


class PriorityEndForm(Form):
    """The early end of a priority."""

    last_day = serializers.DateField()
    annulment = Text(max_length=500, allow_blank=True, help_text="Why")


class CreditCheckForm(Form):
    """A look-up as it was made. What is missing or cannot be is refused all at once."""

    source = Text(max_length=60, allow_blank=True)
    result = Text(max_length=20, allow_blank=True)
    ground = Text(max_length=1000, required=False, allow_blank=True)
    checked_on = serializers.DateField()
    valid_until = serializers.DateField(required=False, allow_null=True, help_text="Without it the source's months")


class NewCreditCheckForm(CreditCheckForm):
    """A look-up of an enterprise."""

    enterprise = Text(max_length=60, help_text="Credit code")


class CreditCorrectionForm(CreditCheckForm):
    """The whole check as it ought to be, and why what is on record is annulled."""

    annulment = Text(max_length=500, allow_blank=True, help_text="Why")


class AnnulmentForm(Form):
    """Why what was recorded never was."""

    annulment = Text(max_length=500, allow_blank=True, help_text="Why")
