"""The shape of a problem (RFC 9457)."""

from rest_framework import serializers


class ReasonShape(serializers.Serializer):
    """One reason of a refusal."""

    field = serializers.CharField(help_text="The input concerned, dotted; empty if it is the request as a whole")
    code = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField(required=False, help_text="What to do about it")
    rule = serializers.CharField(required=False, help_text="The passage that it follows from")
    possible_on = serializers.DateField(required=False, help_text="The first day on which it becomes possible")


class ProblemShape(serializers.Serializer):
    """Why something was not done; every refusal has this shape."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = ReasonShape(many=True, required=False)
