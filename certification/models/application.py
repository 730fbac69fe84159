"""Applications (申报), the levels they pass, and the decisions taken on them.

Only services/door.py writes a status; the database keeps at most one effective decision per application
and turn, whatever two people press at once.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from enterprises.models.whence import Whence

from ..querysets import ApplicationQuerySet
from ..stages import ACTIONS, OPEN_STATUSES, STATUS_NAMES, Status
from ..wording import worded_later
from .rulebook import LEVEL_CHOICES, STAGE_CHOICES

STATUS_CHOICES = [(status.value, worded_later(STATUS_NAMES[status])) for status in Status]


class NumberSeries(models.Model):
    """The last number given in a series of a year."""

    series = models.CharField(_("序列"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(_("最后编号"), default=0)

    class Meta:
        verbose_name = _("编号序列")
        verbose_name_plural = _("编号序列")
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="series_year")]

    def __str__(self) -> str:
        return f"{self.series}{self.year}: {self.last}"


class Application(models.Model):
    """An enterprise's application for a stage.

    `correct_by`: while it is returned, the last day on which it may be submitted again, as the enterprise was told;
    it does not move with the calendar. Null: it is not returned, or its rule sets no limit.
    """

    number = models.CharField(_("申报编号"), max_length=20, unique=True)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, verbose_name=_("企业"), related_name="applications"
    )
    stage = models.CharField(_("阶段"), max_length=40, choices=STAGE_CHOICES)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    rule = models.ForeignKey("certification.StageRule", models.PROTECT, verbose_name=_("适用规则"))
    batch = models.ForeignKey(
        "certification.Batch",
        models.PROTECT,
        verbose_name=_("批次"),
        null=True,
        blank=True,
        related_name="applications",
    )
    status = models.CharField(_("状态"), max_length=12, choices=STATUS_CHOICES, default=Status.DRAFT.value)
    turn = models.PositiveSmallIntegerField(_("流转次序"), default=0)
    level = models.CharField(_("当前层级"), max_length=12, choices=LEVEL_CHOICES, blank=True)
    township = models.ForeignKey("enterprises.Division", models.PROTECT, verbose_name=_("受理区划"), related_name="+")
    reporting_unit = models.ForeignKey(
        "enterprises.ReportingUnit", models.PROTECT, verbose_name=_("统计单元"), related_name="+"
    )
    fields = models.JSONField(_("填报内容"), default=dict, blank=True)
    modules = models.JSONField(_("所选模块"), default=list, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    created_at = models.DateTimeField(_("建立时间"))
    created_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("填报人"), related_name="+")
    submitted_at = models.DateTimeField(_("首次提交时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    due_on = models.DateField(_("办理期限"), null=True, blank=True)
    correct_by = models.DateField(_("补正期限"), null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报")
        verbose_name_plural = _("申报")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["status", "level", "due_on"], name="application_queue"),
            models.Index(fields=["township", "status"], name="application_township"),
            models.Index(fields=["reporting_unit", "status"], name="application_unit"),
            models.Index(
                fields=["correct_by"], condition=models.Q(correct_by__isnull=False), name="application_correction"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "stage"],
                condition=models.Q(status__in=[status.value for status in OPEN_STATUSES]),
                name="application_one_open",
            ),
            models.CheckConstraint(condition=models.Q(round__gte=1), name="application_round"),
            models.CheckConstraint(
                condition=models.Q(correct_by__isnull=True) | models.Q(status=Status.RETURNED.value),
                name="application_correct_by",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[status.value for status in Status]), name="application_status"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ApplicationStep(models.Model):
    """One stay of an application at one level, with its clock.

    `due_on` is counted in working days: from submission until accepted, then from acceptance; while the
    application is with the applicant the clock stands (`clock_from` null) and `used_days` keeps what had
    passed.
    """

    application = models.ForeignKey(Application, models.CASCADE, verbose_name=_("申报"), related_name="steps")
    turn = models.PositiveSmallIntegerField(_("流转次序"))
    level = models.CharField(_("层级"), max_length=12, choices=LEVEL_CHOICES)
    entered_at = models.DateTimeField(_("到达时间"))
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    clock_from = models.DateField(_("计时起日"), null=True, blank=True)
    used_days = models.PositiveSmallIntegerField(_("已用工作日"), default=0)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    closed_at = models.DateTimeField(_("离开时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("审核环节")
        verbose_name_plural = _("审核环节")
        ordering = ["turn"]
        constraints = [
            models.UniqueConstraint(fields=["application", "turn"], name="step_turn"),
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(closed_at__isnull=True), name="step_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.get_level_display()}"


class Decision(Whence):
    """A move that someone made (办理记录), with comment and defects; the ledger keeps its digest.

    `actor`: null where the registry itself made it. `correct_by`: of a return, the last day for the correction; of a
    lapse, the day that had passed.
    """

    application = models.ForeignKey(Application, models.PROTECT, verbose_name=_("申报"), related_name="decisions")
    turn = models.PositiveSmallIntegerField(_("流转次序"))
    level = models.CharField(_("层级"), max_length=12, choices=LEVEL_CHOICES, blank=True)
    action = models.CharField(_("动作"), max_length=20, choices=[(action, action) for action in ACTIONS])
    decides = models.BooleanField(_("为决定"), default=False)
    from_status = models.CharField(_("原状态"), max_length=12, choices=STATUS_CHOICES)
    to_status = models.CharField(_("新状态"), max_length=12, choices=STATUS_CHOICES)
    actor = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("操作人"), related_name="decisions", null=True
    )
    role = models.CharField(_("角色"), max_length=32)
    at = models.DateTimeField(_("时间"))
    comment = models.TextField(_("意见"), blank=True)
    defects = models.JSONField(_("补正事项"), default=list, blank=True)
    correct_by = models.DateField(_("补正期限"), null=True, blank=True)
    snapshot = models.JSONField(_("当时内容"), default=dict, blank=True)
    salt = models.CharField(_("摘要盐值"), max_length=64, blank=True)
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)

    class Meta:
        verbose_name = _("办理记录")
        verbose_name_plural = _("办理记录")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "turn"], condition=models.Q(decides=True), name="decision_once_a_turn"
            ),
            # The registry itself acts under its own role, and nobody else does.
            models.CheckConstraint(
                condition=models.Q(actor__isnull=True, role="system")
                | (models.Q(actor__isnull=False) & ~models.Q(role="system")),
                name="decision_actor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.action}"
