"""Shapes of ranked batches: terms, late entries, ranking and settings, recommendations."""

from decimal import Decimal

from rest_framework import serializers

from certification.selection.eligibility import Kind
from certification.selection.robustness import Left
from certification.selection.settings import MOST_QUOTA
from certification.selection.simulation import Why

from .base import AnyValue, Flag, Form, Shape, Text, Whole, display

KINDS, WHYS, LEFTS = [str(kind) for kind in Kind], [str(why) for why in Why], [str(left) for left in Left]


def _texts() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField())


class RuleShape(Shape):
    """A rule of eligibility; one that is not required is only answered."""

    kind = serializers.ChoiceField(KINDS)
    kind_display = display()
    stages = _texts()
    stages_display = _texts()
    required = serializers.BooleanField()
    basis = serializers.CharField()


class SettingShape(Shape):
    """Weights in percent by item, cut-off, quotas; null: no such limit. `edge`: how near the line is on the edge."""

    weights = serializers.DictField(child=serializers.FloatField())
    cut_off = serializers.FloatField(allow_null=True)
    quota = serializers.IntegerField(allow_null=True)
    unit_quotas = serializers.DictField(child=serializers.IntegerField())
    edge = serializers.FloatField()


class TermsContentShape(SettingShape):
    """Terms: the setting, who may apply, how many a unit may recommend, how ties are broken."""

    eligibility = RuleShape(many=True)
    recommended = serializers.DictField(child=serializers.IntegerField())
    ties = _texts()


class TermsVersionShape(TermsContentShape):
    """A version of the terms."""

    version = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    made_by_display = display()
    reason = serializers.CharField()


class TermsShape(Shape):
    """The terms in force, and all their versions."""

    batch = serializers.CharField()
    current = TermsContentShape(allow_null=True)
    versions = TermsVersionShape(many=True)


class LateEntryShape(Shape):
    """A late entry."""

    enterprise = serializers.CharField()
    enterprise_display = display()
    until = serializers.DateField()
    reason = serializers.CharField()
    granted_at = serializers.DateTimeField()


class ShiftShape(Shape):
    """Where a candidate would be without one expert, criterion or weight."""

    left = serializers.ChoiceField(LEFTS)
    left_display = display()
    code = serializers.CharField()
    place = serializers.IntegerField()
    is_in = serializers.BooleanField()


class EndShape(Shape):
    """What becomes of a candidate in a setting."""

    place = serializers.IntegerField()
    total = serializers.FloatField()
    why = serializers.ChoiceField(WHYS)
    why_display = display()
    edge = serializers.BooleanField()


class CandidateShape(Shape):
    """A candidate in its place by the terms in force; `ends` in the order of the settings."""

    application = serializers.CharField()
    enterprise_display = display()
    unit = serializers.CharField()
    unit_display = display()
    place = serializers.IntegerField()
    total = serializers.FloatField(help_text="Weighted, of 100")
    used = serializers.IntegerField(help_text="How many experts' totals are in the mean")
    tie = serializers.CharField(help_text="The rule that puts it after the one before it; empty: no tie")
    best = serializers.IntegerField()
    worst = serializers.IntegerField()
    firm = serializers.BooleanField(help_text="In or out, whatever one thing is left out")
    hangs_on = serializers.ListField(child=serializers.CharField(), help_text="Experts whose sheet alone decides")
    shifts = ShiftShape(many=True)
    ends = EndShape(many=True)


class TriedShape(SettingShape):
    """A setting and what it comes to; the first one, without `id`, is what the terms in force say."""

    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    count = serializers.IntegerField(help_text="How many are in")
    mix = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))


class RankingShape(Shape):
    """The latest frozen copy in its places; `contested`: candidates whose end differs between settings."""

    copy_digest = serializers.CharField()
    frozen_at = serializers.DateTimeField()
    sealed_setting = serializers.IntegerField(allow_null=True)
    contested = serializers.IntegerField()
    settings = TriedShape(many=True)
    candidates = CandidateShape(many=True)


class RecommendationShape(Shape):
    """Numbers of applications of the unit: sent on, ranked, and not ranked; `quota` null: as many as it likes."""

    batch = serializers.CharField()
    quota = serializers.IntegerField(allow_null=True)
    sent = _texts()
    ranked = _texts()
    unranked = _texts()


class PublicCandidateShape(Shape):
    """A candidate of the frozen copy, by number alone: scores by expert code and item, figures that break ties."""

    application = serializers.CharField()
    submitted = serializers.CharField()
    scores = serializers.DictField(child=serializers.DictField(child=serializers.CharField()))
    facts = serializers.DictField(child=serializers.CharField())
    unit = serializers.CharField()
    barred = serializers.CharField(help_text="Why it cannot be in; empty: nothing bars it")


class PublicPlaceShape(Shape):
    """A line of the notice."""

    application = serializers.CharField()
    place = serializers.IntegerField()
    total = serializers.CharField()
    is_in = serializers.BooleanField()


class PublicRankingShape(Shape):
    """Everything by which the ranking of a notice is repeated: docs/repeat_selection.py. Numbers are texts, exact."""

    copy_digest = serializers.CharField()
    sealed_in = serializers.IntegerField(allow_null=True, help_text="Ledger entry of the seal")
    setting = AnyValue()
    maxima = serializers.DictField(child=serializers.CharField())
    trim = serializers.IntegerField()
    trim_from = serializers.IntegerField()
    decimals = serializers.IntegerField()
    ties = _texts()
    candidates = PublicCandidateShape(many=True)
    places = PublicPlaceShape(many=True)


def _points() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=7, decimal_places=2)


def _quotas() -> serializers.DictField:
    return serializers.DictField(child=Whole(min_value=0, max_value=MOST_QUOTA), required=False, default=dict)


class SettingFields(Form):
    """A setting: weights in percent that add up to 100; null or left out: no such limit."""

    weights = serializers.DictField(child=_points())
    cut_off = serializers.DecimalField(max_digits=7, decimal_places=2, required=False, allow_null=True, default=None)
    quota = Whole(min_value=0, max_value=MOST_QUOTA, required=False, allow_null=True, default=None)
    unit_quotas = _quotas()
    edge = serializers.DecimalField(max_digits=7, decimal_places=2, required=False, default=Decimal(0))


class RuleForm(Form):
    """A rule of eligibility."""

    kind = serializers.ChoiceField(KINDS)
    stages = serializers.ListField(child=Text(max_length=40), required=False, default=list)
    required = Flag(required=False, default=True)
    basis = Text(max_length=200, required=False, allow_blank=True, default="")


class TermsForm(SettingFields):
    """Terms; `ties`: item:CODE, fact:CODE, spread, earlier, and lot at the end."""

    eligibility = RuleForm(many=True)
    recommended = _quotas()
    ties = serializers.ListField(child=Text(max_length=60))
    reason = Text(max_length=300, required=False, allow_blank=True, default="")


class LateEntryForm(Form):
    """An enterprise that may still apply."""

    enterprise = Text(max_length=18)
    until = serializers.DateField()
    reason = Text(max_length=300)


class SettingForm(SettingFields):
    """A setting to be kept, under a name."""

    name = Text(max_length=60)


class SealForm(Form):
    """The setting that is to decide."""

    setting = Whole(min_value=1)
    reason = Text(max_length=300, required=False, allow_blank=True, default="")


class RecommendationForm(Form):
    """Numbers of applications, the first one first."""

    ranked = serializers.ListField(child=Text(max_length=20))
