"""Evaluations (评审): which expert scores which application, the scores with their reasons, and what they come to.

An application sits before a panel once, after a granted appeal again: `sitting` counts that. Until all experts of a
sitting have scored, each sees their own scores only.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..querysets_panel import EvaluationQuerySet


class EvaluationState(models.TextChoices):
    """How far an expert is; released: the application was withdrawn before the sheet was handed in."""

    ASSIGNED = "assigned", _("待评分")
    SCORED = "scored", _("已评分")
    RECUSED = "recused", _("已回避")
    RELEASED = "released", _("已解除")


class Evaluation(models.Model):
    """One expert's evaluation of one application. `place`: the expert's place in the draw."""

    key = models.UUIDField(_("标识"), default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        "certification.Application", models.PROTECT, verbose_name=_("申报"), related_name="evaluations"
    )
    sitting = models.PositiveSmallIntegerField(_("评审次"), default=1)
    expert = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("专家"), related_name="evaluations"
    )
    place = models.PositiveSmallIntegerField(_("抽取次序"))
    state = models.CharField(
        _("状态"), max_length=10, choices=EvaluationState.choices, default=EvaluationState.ASSIGNED
    )
    assigned_at = models.DateTimeField(_("指派时间"))
    due_on = models.DateField(_("评分期限"))
    scored_at = models.DateTimeField(_("评分时间"), null=True, blank=True)
    recused_at = models.DateTimeField(_("回避时间"), null=True, blank=True)
    recused_for = models.CharField(_("回避理由"), max_length=300, blank=True)
    salt = models.CharField(_("摘要盐值"), max_length=64)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("专家评审")
        verbose_name_plural = _("专家评审")
        ordering = ["id"]
        indexes = [models.Index(fields=["expert", "state", "due_on"], name="evaluation_worklist")]
        constraints = [
            models.UniqueConstraint(fields=["application", "expert"], name="evaluation_once_an_expert"),
            models.UniqueConstraint(fields=["application", "sitting", "place"], name="evaluation_place"),
            models.CheckConstraint(
                condition=Q(state="scored", scored_at__isnull=False) | ~Q(state="scored") & Q(scored_at__isnull=True),
                name="evaluation_scored_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.place}"


class Score(models.Model):
    """An expert's points for one item, and why. Kept as typed until the expert hands the sheet in."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, verbose_name=_("专家评审"), related_name="scores")
    item = models.ForeignKey("certification.SheetItem", models.PROTECT, verbose_name=_("评分项"))
    points = models.DecimalField(_("得分"), max_digits=6, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    advice = models.CharField(_("改进建议"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("评分")
        verbose_name_plural = _("评分")
        ordering = ["item__order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "item"], name="score_once_an_item"),
            models.CheckConstraint(condition=Q(points__isnull=True) | Q(points__gte=0), name="score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation} {self.item}: {self.points}"


class Grade(models.TextChoices):
    """What a result comes to."""

    EXCELLENT = "excellent", _("优秀")
    QUALIFIED = "qualified", _("合格")
    FAILED = "failed", _("不合格")


class PanelResult(models.Model):
    """What the scores of a sitting come to: the mean by the sheet's rule, and how far the experts were apart."""

    application = models.ForeignKey(
        "certification.Application", models.PROTECT, verbose_name=_("申报"), related_name="panel_results"
    )
    sitting = models.PositiveSmallIntegerField(_("评审次"))
    total = models.DecimalField(_("总分"), max_digits=6, decimal_places=2)
    spread = models.DecimalField(_("分歧（最高与最低之差）"), max_digits=6, decimal_places=2)
    is_disputed = models.BooleanField(_("分歧较大"))
    grade = models.CharField(_("等次"), max_length=10, choices=Grade.choices)
    passed = models.BooleanField(_("达到合格线"))
    concluded_at = models.DateTimeField(_("形成时间"))

    class Meta:
        verbose_name = _("评审结果")
        verbose_name_plural = _("评审结果")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "sitting"], name="panel_result_once"),
            models.CheckConstraint(
                condition=Q(passed=True, grade__in=["excellent", "qualified"]) | Q(passed=False, grade="failed"),
                name="panel_result_grade",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.total}"


class SelfScore(models.Model):
    """What the enterprise gives itself for an item (自评), beside which the experts' scores are read."""

    application = models.ForeignKey(
        "certification.Application", models.PROTECT, verbose_name=_("申报"), related_name="self_scores"
    )
    item = models.ForeignKey("certification.SheetItem", models.PROTECT, verbose_name=_("评分项"))
    points = models.DecimalField(_("自评分"), max_digits=6, decimal_places=2)
    remark = models.CharField(_("自评说明"), max_length=300, blank=True)
    salt = models.CharField(_("摘要盐值"), max_length=64)

    class Meta:
        verbose_name = _("企业自评")
        verbose_name_plural = _("企业自评")
        ordering = ["item__order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "item"], name="self_score_once"),
            models.CheckConstraint(condition=Q(points__gte=0), name="self_score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.item}: {self.points}"


class SiteVisit(models.Model):
    """A visit on the spot (现场核查): when, by whom, what was seen."""

    application = models.ForeignKey(
        "certification.Application", models.PROTECT, verbose_name=_("申报"), related_name="visits"
    )
    visited_on = models.DateField(_("核查日期"))
    visitors = models.CharField(_("核查人员"), max_length=200)
    findings = models.TextField(_("核查情况"), max_length=2000)
    salt = models.CharField(_("摘要盐值"), max_length=64)
    recorded_at = models.DateTimeField(_("记录时间"))
    recorded_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("记录人"), related_name="+")

    class Meta:
        verbose_name = _("现场核查记录")
        verbose_name_plural = _("现场核查记录")
        ordering = ["visited_on", "id"]

    def __str__(self) -> str:
        return f"{self.application} {self.visited_on}"
