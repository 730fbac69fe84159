"""Shapes of the audit trail."""

from rest_framework import serializers

from .base import Shape, display
from .codes import EVENT_KINDS, ROLES


class EventShape(Shape):
    """An event: a login, good or failed, a logout, a refused request, an export, a changed setting or account."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(EVENT_KINDS)
    kind_display = display()
    account = serializers.CharField(allow_null=True, help_text="User name; null: nobody was signed in")
    role = serializers.ChoiceField(ROLES, allow_null=True)
    role_display = display()
    address = serializers.CharField(allow_null=True, help_text="Where the request came from")
    method = serializers.CharField()
    path = serializers.CharField(help_text="Without its query")
    status = serializers.IntegerField(allow_null=True, help_text="Of the answer")
    request_id = serializers.CharField()
    detail = serializers.DictField(
        child=serializers.JSONField(), help_text="What it was about: codes and numbers, e.g. list, format, rows"
    )
