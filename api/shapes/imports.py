"""Shapes of the import bench."""

from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from .base import Flag, Form, Shape, display
from .codes import EFFECTS, IMPORT_KINDS, IMPORT_STATES, JOB_STATES


class ImportRefusalShape(Shape):
    """Why a file could not be read, or why the last thing asked for was not done."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(allow_blank=True)
    remedy = serializers.CharField(allow_blank=True)


class ImportJobShape(Shape):
    """How far the worker is."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(JOB_STATES)
    state_display = display()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    message = serializers.CharField(allow_blank=True)


class ImportShape(Shape):
    """A file that was handed in. The numbers are of rows, as they were found at the last look at it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(IMPORT_KINDS)
    kind_display = display()
    filename = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes")
    sha256 = serializers.CharField()
    state = serializers.ChoiceField(IMPORT_STATES)
    state_display = display()
    dry_run = serializers.BooleanField(help_text="Whether it waits to be confirmed after the check")
    skip_bad_rows = serializers.BooleanField()
    rows = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField(help_text="Rows that end an achievement which is on record")
    unchanged = serializers.IntegerField(help_text="Rows that say what is on record already")
    repeated = serializers.IntegerField(help_text="Rows that repeat an earlier row of the file")
    bad_rows = serializers.IntegerField()
    bad_cells = serializers.IntegerField()
    remarks = serializers.ListField(child=serializers.CharField())
    refusals = ImportRefusalShape(many=True)
    uploaded_by = serializers.CharField(help_text="User name")
    uploaded_at = serializers.DateTimeField()
    checked_at = serializers.DateTimeField(allow_null=True)
    confirmed_by = serializers.CharField(allow_null=True, help_text="User name")
    applied_at = serializers.DateTimeField(allow_null=True)
    undone_by = serializers.CharField(allow_null=True, help_text="User name")
    undone_at = serializers.DateTimeField(allow_null=True)
    first_ledger = serializers.IntegerField(allow_null=True, help_text="First of the ledger's entries that it made")
    last_ledger = serializers.IntegerField(allow_null=True)
    job = ImportJobShape(allow_null=True)
    errors = serializers.URLField(help_text="Address of everything that is wrong, row by row")


class ImportErrorShape(Shape):
    """One thing wrong in a row; or, with `is_tie`, what depends on the row and stands against undoing the import."""

    line = serializers.IntegerField()
    column = serializers.CharField()
    value = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()
    is_tie = serializers.BooleanField()


class ImportRowShape(Shape):
    """Which row made which fact, and under which number of the ledger."""

    line = serializers.IntegerField()
    effect = serializers.ChoiceField(EFFECTS)
    effect_display = display()
    uscc = serializers.CharField()
    stage = serializers.CharField(allow_null=True)
    stage_display = display()
    effective_on = serializers.DateField(allow_null=True)
    ledger_number = serializers.IntegerField()


class ClosingLineShape(Shape):
    """Rows of one unit, stage and year, and what the registry holds of them."""

    reporting_unit = serializers.CharField(allow_null=True, help_text="null: not to be told from the row")
    reporting_unit_display = display()
    stage = serializers.CharField(allow_null=True)
    stage_display = display()
    year = serializers.IntegerField(allow_null=True)
    rows = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    repeated = serializers.IntegerField()
    bad = serializers.IntegerField()
    on_record = serializers.IntegerField(help_text="Facts on record that rows of the file made")
    ended = serializers.IntegerField(help_text="Endings on record that rows of the file made")
    agrees = serializers.BooleanField()


class ClosingShape(Shape):
    """The closing sheet."""

    agrees = serializers.BooleanField()
    is_compared = serializers.BooleanField(help_text="false: not applied, or undone; the registry's side is foreseen")
    lines = ClosingLineShape(many=True)
    total = ClosingLineShape()


class Said(serializers.BooleanField):
    """Yes or no, also in a form: what a form leaves out has its default, not no."""

    default_empty_html = empty


class ImportForm(Form):
    """A table. Without `dry_run=false` it is looked at only, and waits to be confirmed."""

    file = serializers.FileField(allow_empty_file=True, help_text=".csv (UTF-8, GB18030), .xlsx or .xls")
    kind = serializers.ChoiceField(IMPORT_KINDS)
    dry_run = Said(default=True)
    skip_bad_rows = Said(default=False, help_text="Take the good rows where others are bad")

    def composed(self, data: Any) -> Any:
        """Form data as they are: a file is no text."""
        return data


class ConfirmForm(Form):
    """Whether the good rows are taken although others are bad."""

    skip_bad_rows = Flag(default=False)
