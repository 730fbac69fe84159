"""Shapes of findings (不符合项)."""

from rest_framework import serializers

from .applications import UPLOAD_LIMITS
from .base import Form, Shape, Text, display
from .codes import FINDING_STATUSES, SEVERITIES


class FindingAnswerShape(Shape):
    """What the enterprise did about a finding; `refused_for` is empty unless that was not accepted."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    filename = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    at = serializers.DateTimeField()
    url = serializers.CharField(help_text="Path of the file itself")
    ledger_number = serializers.IntegerField()
    refused_at = serializers.DateTimeField(allow_null=True)
    refused_for = serializers.CharField()


class FindingShape(Shape):
    """A finding of one round; open ones are carried into the next."""

    number = serializers.CharField()
    enterprise = serializers.CharField()
    enterprise_display = display()
    application = serializers.CharField(help_text="In whose round it was raised")
    stage = serializers.CharField()
    stage_display = display()
    round = serializers.IntegerField()
    module = serializers.CharField(help_text="Empty: the system as a whole")
    clause = serializers.CharField()
    text = serializers.CharField()
    severity = serializers.ChoiceField(SEVERITIES)
    severity_display = display()
    status = serializers.ChoiceField(FINDING_STATUSES)
    status_display = display()
    due_on = serializers.DateField()
    raised_at = serializers.DateTimeField()
    ledger_number = serializers.IntegerField()
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_in = serializers.CharField(allow_null=True, help_text="Application of the later round it was closed in")
    closing_reason = serializers.CharField()
    answers = FindingAnswerShape(many=True)


class RoundFindingsShape(Shape):
    """The findings that an application's round is about."""

    raised = FindingShape(many=True, help_text="In this round")
    carried = FindingShape(many=True, help_text="From earlier rounds; open ones stand in the way of the approval")


class FindingForm(Form):
    """A new finding."""

    module = Text(max_length=20, required=False, allow_blank=True)
    clause = Text(max_length=40)
    text = Text(max_length=2000)
    severity = serializers.ChoiceField(SEVERITIES)
    due_on = serializers.DateField()


class FindingAnswerForm(Form):
    """What was done about it, with one file as evidence."""

    text = Text(max_length=2000)
    file = serializers.FileField(allow_empty_file=True, help_text=UPLOAD_LIMITS)

    def composed(self, data: object) -> object:
        """Form data as they are: a file is no text."""
        return data


class FindingActionForm(Form):
    """`close`: what was done was verified; `refuse`: the enterprise has to go on."""

    action = serializers.ChoiceField(["close", "refuse"])
    reason = Text(max_length=2000)
