"""Shapes of applications, their evidence and their moves."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from certification.papers.uploads import megabytes

from .base import AnyValue, Form, Shape, Text, Whole, display
from .codes import ACTING_ROLES, ACTION_CODES, CHANNELS, LEVELS, ROLES, STATUSES
from .enterprises import MissingShape

UPLOAD_LIMITS = (
    f"At most {megabytes(settings.EVIDENCE_MAX_BYTES)} MB; at most {settings.EVIDENCE_MAX_FILES} files for one paper"
)


class StepShape(Shape):
    """Where an application stands: whose turn it is, and until when."""

    level = serializers.ChoiceField(LEVELS)
    level_display = display()
    role = serializers.ChoiceField(ROLES)
    role_display = display()
    due_on = serializers.DateField(allow_null=True, help_text="Null while the clock stands with the applicant")
    overdue = serializers.BooleanField()
    correct_by = serializers.DateField(
        allow_null=True,
        help_text="Of a returned application, the last day for its correction; after it the application is treated "
        "as withdrawn. Null: it is not returned, or its rule sets no limit",
    )


class ApplicationRowShape(Shape):
    """An application in a list."""

    number = serializers.CharField()
    enterprise = serializers.CharField()
    enterprise_display = display()
    programme = serializers.CharField()
    programme_display = display()
    stage = serializers.CharField()
    stage_display = display()
    edition = serializers.CharField(allow_null=True)
    edition_display = display()
    round = serializers.IntegerField()
    batch = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(STATUSES)
    status_display = display()
    step = StepShape(allow_null=True)
    township = serializers.CharField()
    township_display = display()
    reporting_unit = serializers.CharField()
    reporting_unit_display = display()
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class EvidenceShape(Shape):
    """A file on file."""

    id = serializers.UUIDField()
    requirement = serializers.CharField()
    requirement_display = display()
    filename = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    url = serializers.CharField(help_text="Path of the file itself")


class DefectShape(Shape):
    """One point to be corrected."""

    clause = serializers.CharField()
    text = serializers.CharField()


class MoveShape(Shape):
    """A move that was made."""

    action = serializers.ChoiceField(ACTION_CODES)
    action_display = display()
    level = serializers.CharField(help_text="Empty where the application stood at no level")
    level_display = display()
    from_status = serializers.ChoiceField(STATUSES)
    from_status_display = display()
    to_status = serializers.ChoiceField(STATUSES)
    to_status_display = display()
    role = serializers.ChoiceField(ACTING_ROLES, help_text="system: made by the registry itself")
    role_display = display()
    at = serializers.DateTimeField()
    comment = serializers.CharField()
    defects = DefectShape(many=True)
    correct_by = serializers.DateField(
        allow_null=True, help_text="Of a return, the last day for the correction; of a lapse, the day that had passed"
    )
    ledger_number = serializers.IntegerField()
    channel = serializers.ChoiceField(CHANNELS, allow_blank=True, help_text="Empty: before this was kept")
    channel_display = display()


class ApplicationShape(ApplicationRowShape):
    """An application with everything on file, what it lacks, and what the caller may do with it."""

    fields = serializers.DictField(child=AnyValue())
    modules = serializers.ListField(child=serializers.CharField())
    modules_display = serializers.ListField(child=serializers.CharField())
    evidence = EvidenceShape(many=True)
    missing = MissingShape(many=True, help_text="What submission would still refuse; empty once submitted")
    allowed_actions = serializers.ListField(child=serializers.ChoiceField(ACTION_CODES))
    allowed_actions_display = serializers.ListField(child=serializers.CharField())
    history = MoveShape(many=True)


class ContentForm(Form):
    """What is filled in. Keys of `fields` are the codes of the stage's form; a draft may be incomplete."""

    fields = serializers.DictField(child=AnyValue(), required=False)
    modules = serializers.ListField(
        child=Text(max_length=20), max_length=100, required=False, help_text="Codes of the menu"
    )


class ApplicationForm(ContentForm):
    """A new draft."""

    enterprise = Text(max_length=60, help_text="Credit code")
    stage = Text(max_length=40)
    round = Whole(
        min_value=1, max_value=100, required=False, help_text="The round that is next; without it, that one is taken"
    )
    batch = Text(max_length=0, required=False, allow_null=True, help_text="No stage has batches yet")


class DefectForm(Form):
    """One point to be corrected, by clause."""

    clause = Text(max_length=100)
    text = Text(max_length=500)


class ActionForm(Form):
    """A move to be made. `return` and `reject` need a comment; a return names all defects at once.

    `lapse` is the city's, of a returned application whose last day for the correction has passed.
    """

    action = serializers.ChoiceField(ACTION_CODES)
    comment = Text(max_length=2000, required=False, allow_blank=True)
    defects = serializers.ListField(child=DefectForm(), max_length=50, required=False)


class UploadForm(Form):
    """A file for one of the papers that the stage asks for."""

    requirement = Text(max_length=40)
    file = serializers.FileField(allow_empty_file=True, help_text=UPLOAD_LIMITS)

    def composed(self, data: Any) -> Any:
        """Form data as they are: a file is no text."""
        return data
