"""Shapes of public notices."""

from rest_framework import serializers

from .base import Shape, display
from .codes import GRADES
from .selection import PublicRankingShape


class PublicNoticeRowShape(Shape):
    """A public notice of the results of a batch."""

    number = serializers.CharField()
    batch = serializers.CharField()
    title = serializers.CharField(help_text="Of the batch")
    stage = serializers.CharField()
    stage_display = display()
    published_at = serializers.DateTimeField()
    ends_on = serializers.DateField()
    appeal_until = serializers.DateField()
    ledger_number = serializers.IntegerField()


class PassedShape(Shape):
    """A result that passed; `stands` is false when it was withdrawn, or evaluated again after an appeal."""

    application = serializers.CharField()
    enterprise = serializers.CharField()
    enterprise_display = display()
    total = serializers.FloatField()
    place = serializers.IntegerField(allow_null=True, help_text="Of a ranked batch")
    grade = serializers.ChoiceField(GRADES)
    grade_display = display()
    stands = serializers.BooleanField()


class DrawnExpertShape(Shape):
    """An expert of the pool, by code."""

    code = serializers.CharField()
    fields = serializers.ListField(child=serializers.CharField(), allow_null=True)
    barred = serializers.BooleanField()
    place = serializers.IntegerField(allow_null=True, help_text="In the order of the call; null: not called")


class DrawShape(Shape):
    """One draw: who was in the pool, who was barred, in which order the others were called."""

    application = serializers.CharField()
    sitting = serializers.IntegerField(help_text="2: again, after an appeal")
    ledger_number = serializers.IntegerField()
    field = serializers.CharField()
    experts = DrawnExpertShape(many=True)
    order = serializers.ListField(child=serializers.CharField())
    drawn = serializers.ListField(child=serializers.CharField())


class PublicNoticeShape(PublicNoticeRowShape):
    """A notice with the results that passed, and everything by which its draws are repeated: docs/repeat_draw.py."""

    basis = serializers.CharField()
    notice_days = serializers.IntegerField(help_text="Length of the notice in working days")
    phone = serializers.CharField(allow_blank=True, help_text="Of the bureau; empty: not said in the notice")
    supervision_phone = serializers.CharField(allow_blank=True, help_text="Of whoever supervises; empty: not said")
    passed = PassedShape(many=True)
    seed = serializers.CharField()
    seed_digest = serializers.CharField(help_text="SHA-256 of the seed, as lower-case hexadecimal")
    seed_committed_in = serializers.IntegerField(allow_null=True, help_text="Ledger entry that holds the digest")
    seed_published_in = serializers.IntegerField(allow_null=True, help_text="Ledger entry that publishes the seed")
    draws = DrawShape(many=True)
    ranking = PublicRankingShape(allow_null=True, help_text="Of a ranked batch")
