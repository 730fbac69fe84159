"""Shapes of messages."""

from rest_framework import serializers

from .base import Shape, display
from .codes import MESSAGE_KINDS


class NotificationShape(Shape):
    """Something that the caller was told."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(MESSAGE_KINDS)
    kind_display = display()
    title = serializers.CharField(help_text="In the language of the answer")
    text = serializers.CharField(help_text="In the language of the answer; may be empty")
    about = serializers.CharField(allow_null=True, help_text="What it is about, e.g. `application:SQ2026000001`")
    page = serializers.CharField(allow_null=True, help_text="The page that it opens, if the caller still sees it")
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class ReadShape(Shape):
    """How many messages were marked as read."""

    read = serializers.IntegerField()
