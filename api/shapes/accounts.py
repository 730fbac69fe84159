"""Shapes of logging in."""

from typing import Any

from rest_framework import serializers

from .base import Form, Shape, Text


class CredentialsForm(Form):
    """A user name and a password."""

    username = Text(max_length=64)
    password = Text(max_length=256, trim_whitespace=False)
    otp = Text(max_length=20, required=False, help_text="Code of the second step or a recovery code, if one is set up")

    def composed(self, data: Any) -> Any:
        """A password is compared as it was typed."""
        return data


class TokenShape(Shape):
    """An access token; it is shown this once."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()
