"""Batches (批次): the window in which a stage is applied for, the sheet and days of its evaluation; notices (公示)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ..programmes import STAGES
from ..querysets_panel import BatchQuerySet, NoticeQuerySet
from ..wording import worded_later
from .rulebook import STAGE_CHOICES

PANEL_STAGES = [(code, worded_later((each.name_zh, each.name_en))) for code, each in STAGES.items() if each.has_panel]


class BatchState(models.TextChoices):
    """How far a batch is."""

    PLANNED = "planned", _("拟定")
    OPEN = "open", _("申报受理中")
    CLOSED = "closed", _("申报截止")
    FINISHED = "finished", _("已办结")
    CANCELLED = "cancelled", _("已取消")


class Batch(models.Model):
    """A batch. From its opening on its rules are fixed, and so is the seed of its draws: its SHA-256 is on record
    before anybody has applied, the seed itself is published with the first draw.
    """

    code = models.CharField(_("批次编号"), max_length=20, unique=True)
    title = models.CharField(_("名称"), max_length=120)
    stage = models.CharField(_("阶段"), max_length=40, choices=STAGE_CHOICES)
    opens_on = models.DateField(_("申报开始日"))
    closes_on = models.DateField(_("申报截止日"))
    sheet = models.ForeignKey("certification.ScoreSheet", models.PROTECT, verbose_name=_("评分表"))
    experts = models.PositiveSmallIntegerField(_("每件评审专家人数"))
    scoring_days = models.PositiveSmallIntegerField(_("评分时限（工作日）"))
    notice_days = models.PositiveSmallIntegerField(_("公示期（工作日）"))
    appeal_days = models.PositiveSmallIntegerField(_("申诉期（工作日）"))
    state = models.CharField(_("状态"), max_length=10, choices=BatchState.choices, default=BatchState.PLANNED)
    seed = models.CharField(_("抽签种子"), max_length=64, blank=True)
    cancelled_for = models.CharField(_("取消的理由"), max_length=300, blank=True)
    drawn_at = models.DateTimeField(_("首次抽取时间"), null=True, blank=True)
    opened_at = models.DateTimeField(_("开放时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("建立时间"))
    created_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("建立人"), related_name="+")

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("评审批次")
        verbose_name_plural = _("评审批次")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["stage"], condition=Q(state="open"), name="batch_one_open_a_stage"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="batch_window"),
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_state"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled"]) | ~Q(seed=""), name="batch_seed_from_opening"
            ),
            models.CheckConstraint(condition=Q(state="cancelled") ^ Q(cancelled_for=""), name="batch_cancelled_why"),
            models.UniqueConstraint(Lower("code"), name="batch_code_any_case"),
            models.CheckConstraint(condition=Q(experts__gte=1, notice_days__gte=1), name="batch_numbers"),
        ]

    def __str__(self) -> str:
        return self.code


class NoticeTerms(models.Model):
    """What the public notices of a stage say besides their lines (公示事项). `basis`, empty: that of the stage's rule.

    `supervision_phone`: of whoever supervises, not of whoever publishes; `phones_required`: no notice without both.
    """

    stage = models.CharField(_("阶段"), max_length=40, primary_key=True, choices=PANEL_STAGES)
    basis = models.CharField(_("公示依据"), max_length=200, blank=True, help_text=_("空：用该阶段规则的依据条款"))
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    supervision_phone = models.CharField(_("监督电话"), max_length=40, blank=True)
    phones_required = models.BooleanField(_("公示须载明电话"), default=True)

    class Meta:
        verbose_name = _("公示事项")
        verbose_name_plural = _("公示事项")
        ordering = ["stage"]

    def __str__(self) -> str:
        return str(self.get_stage_display())


class PublicNotice(models.Model):
    """A public notice (公示) of the results of a batch, confirmed at once; basis and phones as they were that day."""

    number = models.CharField(_("公示编号"), max_length=20, unique=True)
    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name=_("批次"), related_name="notices")
    published_at = models.DateTimeField(_("发布时间"))
    published_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("发布人"), related_name="+")
    ends_on = models.DateField(_("公示截止日"))
    appeal_until = models.DateField(_("申诉截止日"))
    basis = models.CharField(_("公示依据"), max_length=200, blank=True)
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    supervision_phone = models.CharField(_("监督电话"), max_length=40, blank=True)
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("公示")
        verbose_name_plural = _("公示")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number


class NoticeLine(models.Model):
    """One result in a notice. The public reads those that passed; the others are told in person.

    Of a ranked batch: `place` and weighted `points`, and `is_in`, which decides instead of the pass line.
    """

    notice = models.ForeignKey(PublicNotice, models.PROTECT, verbose_name=_("公示"), related_name="lines")
    application = models.ForeignKey(
        "certification.Application", models.PROTECT, verbose_name=_("申报"), related_name="notice_lines"
    )
    result = models.OneToOneField(
        "certification.PanelResult", models.PROTECT, verbose_name=_("评审结果"), related_name="notice_line"
    )
    place = models.PositiveIntegerField(_("名次"), null=True, blank=True)
    points = models.DecimalField(_("加权总分"), max_digits=6, decimal_places=2, null=True, blank=True)
    is_in = models.BooleanField(_("入围"), null=True, blank=True)

    class Meta:
        verbose_name = _("公示内容")
        verbose_name_plural = _("公示内容")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "application"], name="notice_line_once"),
            models.CheckConstraint(
                condition=Q(place__isnull=True, points__isnull=True, is_in__isnull=True)
                | Q(place__isnull=False, points__isnull=False, is_in__isnull=False),
                name="notice_line_ranked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.application}"

    @property
    def passed(self) -> bool:
        """Whether it is to be granted: by its place where the batch is ranked, else by the pass line."""
        return self.result.passed if self.is_in is None else self.is_in
