"""Shapes of moves of several applications at once."""

from django.conf import settings
from rest_framework import serializers

from certification.services.bulk import Ending

from .base import Form, Shape, Text, Whole, display
from .codes import BULK_ACTION_CODES, STATUSES
from .problem import ProblemShape

ENDINGS = list(Ending)


class ChosenForm(Form):
    """One application; with `version`, only as it was read."""

    number = Text(max_length=20)
    version = Whole(min_value=1, max_value=2**31 - 1, required=False)


class BulkActionForm(Form):
    """One move for several applications. A return needs a comment, which is kept with each of them."""

    action = serializers.ChoiceField(BULK_ACTION_CODES)
    comment = Text(max_length=2000, required=False, allow_blank=True)
    applications = serializers.ListField(child=ChosenForm(), min_length=1, max_length=settings.BULK_MAX_APPLICATIONS)


class BulkOutcomeShape(Shape):
    """What became of one application."""

    number = serializers.CharField()
    outcome = serializers.ChoiceField(ENDINGS)
    outcome_display = display()
    status = serializers.ChoiceField(STATUSES, allow_null=True, help_text="As it stands now; null for one not in sight")
    status_display = display()
    version = serializers.IntegerField(allow_null=True)
    problem = ProblemShape(allow_null=True, help_text="Why not; null where the move is made")


class BulkResultShape(Shape):
    """The outcomes, in the order asked; `done` counts those whose move is made, now or before."""

    done = serializers.IntegerField()
    left = serializers.IntegerField()
    results = BulkOutcomeShape(many=True)
