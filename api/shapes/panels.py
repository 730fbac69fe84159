"""Shapes of batches, evaluations by experts, their scores and results."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from .applications import EvidenceShape
from .base import AnyValue, Flag, Form, Shape, Text, Whole, display
from .codes import (
    BATCH_ACTIONS,
    BATCH_STATES,
    EVALUATION_ACTIONS,
    EVALUATION_STATES,
    GRADES,
    ITEM_LEVELS,
    PAPER_KINDS,
    PAPER_STATES,
    STATUSES,
)


@extend_schema_field({"type": "number"})
class Points(AnyValue):
    """Points as they come in; what is no number, or none that may be given, is refused by the service."""

    def to_internal_value(self, data: Any) -> Any:
        return data


class ItemShape(Shape):
    """An item of a score sheet."""

    code = serializers.CharField()
    code_display = display()
    group = serializers.CharField()
    maximum = serializers.FloatField()
    points_step = serializers.FloatField(help_text="Points are multiples of it")
    evidence = serializers.CharField()
    level = serializers.ChoiceField(ITEM_LEVELS)
    level_display = display()


class SheetShape(Shape):
    """A score sheet, and how scores are joined: see `rule`."""

    code = serializers.CharField()
    code_display = display()
    source = serializers.CharField()
    points_step = serializers.FloatField(help_text="Points are multiples of it")
    trim = serializers.IntegerField(help_text="Totals left out at each end")
    trim_from = serializers.IntegerField(help_text="Only where at least so many experts scored")
    decimals = serializers.IntegerField(help_text="The mean is rounded half up to so many places")
    pass_line = serializers.FloatField()
    excellent_line = serializers.FloatField()
    spread_line = serializers.FloatField(help_text="From this spread on the experts disagree")
    items = ItemShape(many=True)


class EvaluationRowShape(Shape):
    """An evaluation in a list."""

    id = serializers.UUIDField()
    application = serializers.CharField()
    enterprise = serializers.CharField()
    enterprise_display = display()
    stage = serializers.CharField()
    stage_display = display()
    batch = serializers.CharField()
    sitting = serializers.IntegerField(help_text="2: again, after an appeal")
    expert = serializers.CharField(help_text="User name")
    expert_display = display()
    state = serializers.ChoiceField(EVALUATION_STATES)
    state_display = display()
    assigned_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    overdue = serializers.BooleanField()
    scored_at = serializers.DateTimeField(allow_null=True)


class SelfScoreShape(Shape):
    """What the enterprise gives itself for an item."""

    item = serializers.CharField()
    points = serializers.FloatField()
    remark = serializers.CharField()


class VisitShape(Shape):
    """A visit on the spot."""

    visited_on = serializers.DateField()
    visitors = serializers.CharField()
    findings = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class ResultItemShape(Shape):
    """One item of a result; the words are the experts', without names and in no order that tells who is who."""

    item = serializers.CharField()
    item_display = display()
    maximum = serializers.FloatField()
    own = serializers.FloatField(allow_null=True, help_text="The enterprise's own assessment")
    mean = serializers.FloatField(allow_null=True)
    points = serializers.ListField(child=serializers.FloatField())
    reasons = serializers.ListField(child=serializers.CharField())
    advice = serializers.ListField(child=serializers.CharField(), help_text="What to improve")


class MarkShape(Shape):
    """A finding as an expert marks it on an item of the sheet."""

    clause = serializers.CharField()
    text = serializers.CharField()
    severity = serializers.CharField(help_text="minor or major; empty while it is not chosen yet")
    module = serializers.CharField(help_text="Empty: the system as a whole")


class ResultFindingShape(MarkShape):
    """What is to be put right; `number`: of the finding on record, since the result was confirmed."""

    severity_display = display()
    number = serializers.CharField(allow_null=True)


class ResultShape(Shape):
    """What the scores of a sitting come to."""

    application = serializers.CharField()
    sitting = serializers.IntegerField()
    experts = serializers.IntegerField()
    total = serializers.FloatField()
    maximum = serializers.FloatField()
    spread = serializers.FloatField()
    disputed = serializers.BooleanField()
    grade = serializers.ChoiceField(GRADES)
    grade_display = display()
    passed = serializers.BooleanField()
    concluded_at = serializers.DateTimeField()
    stands = serializers.BooleanField(help_text="false: withdrawn, or evaluated again after an appeal")
    stands_display = display("Why it no longer stands; empty while it does")
    items = ResultItemShape(many=True)
    findings = ResultFindingShape(many=True, help_text="Of all experts, without names")


class EvaluationShape(EvaluationRowShape):
    """An evaluation with everything the expert looks at; `result` only when all experts of the sitting have scored."""

    fields = serializers.DictField(child=AnyValue())
    evidence = EvidenceShape(many=True)
    sheet = SheetShape()
    self_assessment = SelfScoreShape(many=True)
    visits = VisitShape(many=True)
    result = ResultShape(allow_null=True)


class ScoreShape(Shape):
    """Points for an item, with their reason."""

    item = serializers.CharField()
    item_display = display()
    points = serializers.FloatField()
    reason = serializers.CharField()
    advice = serializers.CharField()
    finding = MarkShape(allow_null=True)


class ScoresShape(Shape):
    """The scores of one expert; `sealed`: the caller may not read them yet."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(EVALUATION_STATES)
    state_display = display()
    sealed = serializers.BooleanField()
    done = serializers.IntegerField(help_text="Items with points")
    items = serializers.IntegerField(help_text="Items of the sheet")
    total = serializers.FloatField(allow_null=True)
    scores = ScoreShape(many=True)


class MarkForm(Form):
    """A finding on an item: the clause of the standard, what was found, how grave (minor, major), the module."""

    clause = Text(max_length=40, required=False, allow_blank=True, default="")
    text = Text(max_length=500, required=False, allow_blank=True, default="")
    severity = Text(max_length=5, required=False, allow_blank=True, default="")
    module = Text(max_length=20, required=False, allow_blank=True, default="")


class ScoreForm(Form):
    """Points for one item: from 0 to its maximum in steps of the sheet, and why."""

    points = Points()
    reason = Text(max_length=500, required=False, allow_blank=True, default="")
    advice = Text(max_length=500, required=False, allow_blank=True, default="")
    finding = MarkForm(required=False, allow_null=True, default=None)


class ScoresForm(Form):
    """The sheet by the codes of its items, as it is to be kept; `final`: handed in, once and for all."""

    scores = serializers.DictField(child=ScoreForm())
    final = Flag(required=False, default=False)


class SelfScoreForm(Form):
    """What the enterprise gives itself for one item."""

    points = Points()
    remark = Text(max_length=300, required=False, allow_blank=True, default="")


class SelfAssessmentForm(Form):
    """The enterprise's own assessment by the codes of the items, as it is to be kept."""

    scores = serializers.DictField(child=SelfScoreForm())


class SelfAssessmentShape(Shape):
    """The enterprise's own assessment; `sheet` is null while no batch is open."""

    application = serializers.CharField()
    sheet = SheetShape(allow_null=True)
    scores = SelfScoreShape(many=True)


class VisitForm(Form):
    """A visit to be put on record."""

    visited_on = serializers.DateField()
    visitors = Text(max_length=200)
    findings = Text(max_length=2000)


class EvaluationActionForm(Form):
    """`recuse`: the expert steps back (or the city takes an expert off), with the reason."""

    action = serializers.ChoiceField(EVALUATION_ACTIONS)
    comment = Text(max_length=300)


class NoticeShape(Shape):
    """A public notice of results."""

    number = serializers.CharField()
    published_at = serializers.DateTimeField()
    ends_on = serializers.DateField()
    appeal_until = serializers.DateField()
    applications = serializers.ListField(child=serializers.CharField())


class BatchRowShape(Shape):
    """A batch in a list. `seed_digest` is on record since the opening, the seed itself since the first draw."""

    code = serializers.CharField()
    title = serializers.CharField()
    stage = serializers.CharField()
    stage_display = display()
    opens_on = serializers.DateField()
    closes_on = serializers.DateField()
    sheet = serializers.CharField()
    sheet_display = display()
    experts = serializers.IntegerField()
    scoring_days = serializers.IntegerField()
    notice_days = serializers.IntegerField()
    appeal_days = serializers.IntegerField()
    state = serializers.ChoiceField(BATCH_STATES)
    state_display = display()
    seed_digest = serializers.CharField(allow_null=True)
    seed = serializers.CharField(allow_null=True)
    cancelled_for = serializers.CharField(allow_null=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    drawn_at = serializers.DateTimeField(allow_null=True)


class SeatShape(Shape):
    """An expert of an application, without scores."""

    evaluation = serializers.UUIDField()
    expert = serializers.CharField(help_text="User name")
    expert_display = display()
    sitting = serializers.IntegerField()
    state = serializers.ChoiceField(EVALUATION_STATES)
    state_display = display()
    due_on = serializers.DateField()
    overdue = serializers.BooleanField()


class IssuedPaperShape(Shape):
    """A certificate or letter in which an evaluation ended, and how far its file is."""

    number = serializers.CharField()
    kind = serializers.ChoiceField(PAPER_KINDS)
    kind_display = display()
    title = serializers.CharField()
    issued_on = serializers.DateField()
    state = serializers.ChoiceField(PAPER_STATES)
    state_display = display()
    tries = serializers.IntegerField()
    retried_at = serializers.DateTimeField(allow_null=True)


class BatchLineShape(Shape):
    """An application of a batch: who evaluates it, and what it came to."""

    application = serializers.CharField()
    enterprise = serializers.CharField()
    enterprise_display = display()
    status = serializers.ChoiceField(STATUSES)
    status_display = display()
    experts = SeatShape(many=True)
    total = serializers.FloatField(allow_null=True)
    spread = serializers.FloatField(allow_null=True)
    disputed = serializers.BooleanField(allow_null=True)
    grade = serializers.ChoiceField(GRADES, allow_null=True)
    grade_display = display()
    papers = IssuedPaperShape(many=True)


class BatchShape(BatchRowShape):
    """A batch with its applications, their experts and results, and its public notices."""

    allowed_actions = serializers.ListField(child=serializers.ChoiceField(BATCH_ACTIONS))
    applications = BatchLineShape(many=True)
    notices = NoticeShape(many=True)


class BatchForm(Form):
    """A new batch; the numbers are the rule's where they are not given, and never below them."""

    code = serializers.RegexField(r"^[A-Za-z0-9-]{1,20}$")
    title = Text(max_length=120)
    stage = Text(max_length=40)
    opens_on = serializers.DateField()
    closes_on = serializers.DateField()
    sheet = Text(max_length=40)
    experts = Whole(min_value=1, max_value=250, required=False)
    scoring_days = Whole(min_value=1, max_value=250, required=False)
    notice_days = Whole(min_value=1, max_value=250, required=False)
    appeal_days = Whole(min_value=1, max_value=250, required=False)


class BatchChangeForm(Form):
    """What is to be otherwise in a planned batch; the rest stays."""

    title = Text(max_length=120, required=False)
    opens_on = serializers.DateField(required=False)
    closes_on = serializers.DateField(required=False)
    sheet = Text(max_length=40, required=False)
    experts = Whole(min_value=1, max_value=250, required=False)
    scoring_days = Whole(min_value=1, max_value=250, required=False)
    notice_days = Whole(min_value=1, max_value=250, required=False)
    appeal_days = Whole(min_value=1, max_value=250, required=False)


class BatchActionForm(Form):
    """`open`, or `cancel` with the reason; `close` the window; once it is closed `score`: draw experts;
    `publish` all results with a notice; `recognise` after it; `retry` the papers whose file could not be made.
    """

    action = serializers.ChoiceField(BATCH_ACTIONS)
    comment = Text(max_length=2000, required=False, allow_blank=True, default="")
