"""Shapes of histories: what was changed, and what one submission says otherwise than another."""

from rest_framework import serializers

from .base import Shape, display
from .codes import CHANNELS, PARTS


class WhenceShape(Shape):
    """Who changed something, when, and from where."""

    at = serializers.DateTimeField()
    actor_display = serializers.CharField(help_text="A colleague's name; empty for applicants, who see the office")
    role_display = serializers.CharField()
    channel = serializers.ChoiceField(CHANNELS, allow_blank=True, help_text="Empty: before this was kept")
    channel_display = display()
    address = serializers.CharField(allow_null=True, help_text="Network address, for those who may see it")


class EnterpriseEditShape(WhenceShape):
    """A change of one field of an enterprise's file; values in words, empty for nothing."""

    field = serializers.CharField()
    field_display = display()
    before = serializers.CharField()
    after = serializers.CharField()
    ledger_number = serializers.IntegerField()


class ApplicationEditShape(WhenceShape):
    """An edit of one thing of an application; the same person's edits in a row are one, `times` how many."""

    part = serializers.ChoiceField(PARTS)
    part_display = display()
    item = serializers.CharField(help_text="Code of the field or paper requirement; empty for the modules")
    item_display = display()
    before = serializers.CharField()
    after = serializers.CharField()
    times = serializers.IntegerField()
    first_at = serializers.DateTimeField()
    round = serializers.IntegerField(help_text="How many submissions came before")


class SubmissionShape(Shape):
    """One submission."""

    number = serializers.IntegerField(help_text="1 for the first")
    at = serializers.DateTimeField()


class FieldDifferenceShape(Shape):
    """A field that says something else; values in words."""

    field = serializers.CharField()
    field_display = display()
    before = serializers.CharField()
    after = serializers.CharField()


class ChosenModuleShape(Shape):
    """A module of the menu, chosen in one of two submissions only."""

    code = serializers.CharField()
    title = serializers.CharField()


class PaperDifferenceShape(Shape):
    """A paper requirement whose files differ."""

    requirement = serializers.CharField()
    requirement_display = display()
    taken_off = serializers.ListField(child=serializers.CharField(), help_text="File names")
    added = serializers.ListField(child=serializers.CharField(), help_text="File names")


class ComparisonShape(Shape):
    """Two submissions; `earlier` is null when there are no two."""

    submissions = SubmissionShape(many=True)
    earlier = SubmissionShape(allow_null=True)
    later = SubmissionShape(allow_null=True)
    fields = FieldDifferenceShape(many=True)
    modules_added = ChosenModuleShape(many=True)
    modules_dropped = ChosenModuleShape(many=True)
    evidence = PaperDifferenceShape(many=True)
