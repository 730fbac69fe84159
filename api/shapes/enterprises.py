"""Shapes of enterprises."""

from rest_framework import serializers

from certification.selection.eligibility import Kind

from .base import Flag, Form, Shape, Text, display
from .codes import COVER_STATES, TIERS, TIMELINE_KINDS

KINDS = [str(kind) for kind in Kind]


class EnterpriseRowShape(Shape):
    """An enterprise in a list."""

    id = serializers.IntegerField(help_text="Order of registration")
    uscc = serializers.CharField()
    name = serializers.CharField()
    township = serializers.CharField()
    township_display = display()
    reporting_unit = serializers.CharField()
    reporting_unit_display = display()
    industry = serializers.CharField()
    established_on = serializers.DateField(allow_null=True)
    has_rd_institution = serializers.BooleanField()
    innovation_tier = serializers.ChoiceField(TIERS)
    innovation_tier_display = display()
    is_high_tech = serializers.BooleanField(help_text="Today")
    is_demo = serializers.BooleanField(help_text="Synthetic demo data")
    version = serializers.IntegerField()


class NamePeriodShape(Shape):
    """A name and its days."""

    name = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


class PlacePeriodShape(Shape):
    """A place and its days."""

    township = serializers.CharField()
    township_display = display()
    reporting_unit = serializers.CharField()
    reporting_unit_display = display()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


class HighTechPeriodShape(Shape):
    """A high-tech enterprise certificate and its days."""

    certificate = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


class AchievementShape(Shape):
    """A stage that was reached; place and high-tech status are those of the day."""

    stage = serializers.CharField()
    stage_display = display()
    round = serializers.IntegerField()
    effective_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    ended_reason = serializers.CharField()
    ended_reason_display = display()
    reporting_unit = serializers.CharField()
    reporting_unit_display = display()
    was_high_tech = serializers.BooleanField()
    certificate_number = serializers.CharField()
    ledger_number = serializers.IntegerField()


class MissingShape(Shape):
    """Something that stands in the way, and what to do about it."""

    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField(required=False)
    rule = serializers.CharField(required=False)
    possible_on = serializers.DateField(required=False)


class PaperShape(Shape):
    """A paper that a stage asks for, and how many files are on file for it."""

    requirement = serializers.CharField()
    requirement_display = display()
    required = serializers.BooleanField()
    files = serializers.IntegerField()


class ConditionShape(Shape):
    """A condition of the batch that a stage is applied for in, met or not, and on what the answer rests."""

    kind = serializers.ChoiceField(KINDS)
    kind_display = display()
    is_met = serializers.BooleanField()
    is_required = serializers.BooleanField(help_text="false: only told, bars nobody")
    message = serializers.CharField()
    remedy = serializers.CharField(help_text="Empty where it is met")
    basis = serializers.CharField()


class OutlookShape(Shape):
    """A stage as it stands for the enterprise: reached, open, and what is missing for it."""

    stage = serializers.CharField()
    stage_display = display()
    round = serializers.IntegerField(help_text="The round that is applied for, or would be")
    reached_on = serializers.DateField(allow_null=True, help_text="Of the first round")
    is_open = serializers.BooleanField(help_text="Whether an application can be started now")
    possible_on = serializers.DateField(allow_null=True)
    application = serializers.CharField(allow_null=True, help_text="Number of the open application")
    missing = MissingShape(many=True)
    conditions = ConditionShape(many=True)
    papers = PaperShape(many=True)


class CoveredModuleShape(Shape):
    """A module, and the rounds that implemented it and in which it was evaluated."""

    code = serializers.CharField()
    code_display = display()
    chapter = serializers.CharField()
    obligatory = serializers.BooleanField()
    state = serializers.ChoiceField(COVER_STATES)
    state_display = display()
    implemented = serializers.ListField(child=serializers.IntegerField())
    evaluated = serializers.ListField(child=serializers.IntegerField())


class CoverageShape(Shape):
    """The menu of an edition, as the enterprise's rounds of implementation have taken it in."""

    edition = serializers.CharField()
    edition_display = display()
    is_current = serializers.BooleanField(help_text="Whether applications are made under this edition now")
    is_whole = serializers.BooleanField(help_text="Whether the rounds together cover every module")
    untold = serializers.ListField(
        child=serializers.IntegerField(), help_text="Rounds on record without their modules (imported)"
    )
    modules = CoveredModuleShape(many=True)


class EnterpriseShape(EnterpriseRowShape):
    """The file of one enterprise. Contact data are masked except for the enterprise itself."""

    uscc_override_reason = serializers.CharField()
    contact_name = serializers.CharField()
    contact_phone = serializers.CharField()
    registered_at = serializers.DateTimeField()
    names = NamePeriodShape(many=True)
    places = PlacePeriodShape(many=True)
    high_tech_periods = HighTechPeriodShape(many=True)
    achievements = AchievementShape(many=True)
    outlook = OutlookShape(many=True)
    coverage = CoverageShape(many=True)


class TimelineEventShape(Shape):
    """A dated fact; `ledger_number` 0 where it has no entry of its own."""

    on = serializers.DateField()
    kind = serializers.ChoiceField(TIMELINE_KINDS)
    kind_display = display()
    title = serializers.CharField()
    detail = serializers.CharField()
    ledger_number = serializers.IntegerField()


class EnterpriseFields(Form):
    """What both registration and change take."""

    industry = Text(max_length=6, required=False, allow_blank=True)
    established_on = serializers.DateField(required=False)
    has_rd_institution = Flag(required=False)
    innovation_tier = serializers.ChoiceField(TIERS, required=False)
    contact_name = Text(max_length=40, required=False, allow_blank=True)
    contact_phone = Text(max_length=30, required=False, allow_blank=True)


class RegistrationForm(EnterpriseFields):
    """A new enterprise. `township`: 9-digit code (a district's 6 digits where it is not known)."""

    uscc = Text(max_length=60)
    name = Text(max_length=120)
    township = Text(max_length=12)
    uscc_override_reason = Text(max_length=200, required=False, allow_blank=True)


class HighTechForm(Form):
    """A high-tech enterprise certificate to be added."""

    certificate = Text(max_length=20, allow_blank=True)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()


class EnterpriseChangeForm(EnterpriseFields):
    """What is to change; `name` and `township` hold from `since` (default: today) on.

    Where only the district was known, a township within it completes the place: without `since`, or with the
    day on which that place begins, no move is recorded.
    """

    name = Text(max_length=120, required=False)
    township = Text(max_length=12, required=False)
    since = serializers.DateField(required=False)
    high_tech = HighTechForm(required=False)
