"""Shapes of the ledger."""

from rest_framework import serializers

from .base import Shape, display
from .codes import VERBS


class EntryShape(Shape):
    """An entry of the ledger."""

    number = serializers.IntegerField()
    at = serializers.DateTimeField(help_text="UTC, as it is hashed")
    actor = serializers.CharField()
    role = serializers.CharField()
    verb = serializers.ChoiceField(VERBS)
    verb_display = display()
    subject = serializers.CharField()
    enterprise = serializers.CharField(allow_null=True)
    enterprise_seq = serializers.IntegerField(allow_null=True)
    payload = serializers.DictField(child=serializers.JSONField())
    supersedes = serializers.IntegerField(allow_null=True)
    prev = serializers.CharField()
    hash = serializers.CharField()


class FaultShape(Shape):
    """A place where the ledger, or a fact held against it, does not fit."""

    number = serializers.IntegerField()
    reason = serializers.CharField()


class VerificationShape(Shape):
    """Result of walking the ledger: its first fault, or up to 20 facts that differ from their entries."""

    ok = serializers.BooleanField()
    checked = serializers.IntegerField()
    faults = FaultShape(many=True)
