"""Achievements (认定事实): the dated facts that every figure is counted from.

An achievement keeps the reporting unit and the high-tech status of its own day; ending it never changes
when it began. Rows are written by services/achievements.py and the import only, each with its ledger
entry.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..querysets import AchievementQuerySet
from .rulebook import STAGE_CHOICES
from .ymd import YearMonthDay


class EndReason(models.TextChoices):
    """Why an achievement ended; domain rules: annulled is as if it never was, revoked stops counting."""

    EXPIRED = "expired", _("过期失效")
    WITHDRAWN = "withdrawn", _("注销")
    REVOKED = "revoked", _("撤销")
    ANNULLED = "annulled", _("录入错误")


# Nearly every achievement is the only one of its enterprise and stage: nothing else bears on when it counts, and a
# recount counts it straight from an index (certification/totals/plain.py has the same words in SQL).
PLAIN = Q(is_first=True) & ~Q(ended_reason="annulled") & (Q(ended_on__isnull=True) | Q(ended_on__gt=F("effective_on")))
SPECIAL = ~Q(ended_reason="annulled") & (
    Q(is_first__isnull=True) | Q(ended_reason="revoked") | Q(ended_on=F("effective_on"))
)


class Achievement(models.Model):
    """An enterprise reached a stage on a day."""

    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, verbose_name=_("企业"), related_name="achievements", db_index=False
    )
    stage = models.CharField(_("阶段"), max_length=40, choices=STAGE_CHOICES)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    # True for at most one of an enterprise and stage, null for the others and for what has not been looked at yet:
    # an enterprise without any null one has one achievement of the stage. No part of the fact.
    is_first = models.BooleanField(null=True, editable=False)
    effective_on = models.DateField(_("取得日期"))
    effective_ymd = models.GeneratedField(
        expression=YearMonthDay("effective_on"), output_field=models.IntegerField(), db_persist=True
    )
    ended_on = models.DateField(_("终止日期"), null=True, blank=True)
    ended_ymd = models.GeneratedField(
        expression=YearMonthDay("ended_on"), output_field=models.IntegerField(), db_persist=True
    )
    ended_reason = models.CharField(_("终止原因"), max_length=10, choices=EndReason.choices, blank=True)
    ended_ground = models.CharField(_("终止依据和理由"), max_length=300, blank=True)
    ended_salt = models.CharField(max_length=64, blank=True, editable=False)
    ended_recorded_at = models.DateTimeField(_("终止记载时间"), null=True, blank=True)
    reporting_unit = models.ForeignKey(
        "enterprises.ReportingUnit", models.PROTECT, verbose_name=_("统计单元"), related_name="+", db_index=False
    )
    township = models.ForeignKey(
        "enterprises.Division", models.PROTECT, verbose_name=_("所在区划"), related_name="+", db_index=False
    )
    was_high_tech = models.BooleanField(_("当日为高新技术企业"), default=False)
    certificate_number = models.CharField(_("证书编号"), max_length=60, blank=True)
    route = models.CharField(_("途径"), max_length=20, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    application = models.OneToOneField(
        "certification.Application",
        models.PROTECT,
        verbose_name=_("申报"),
        null=True,
        blank=True,
        related_name="achievement",
    )
    recorded_at = models.DateTimeField(_("记载时间"))
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)

    objects = AchievementQuerySet.as_manager()

    class Meta:
        verbose_name = _("认定事实")
        verbose_name_plural = _("认定事实")
        ordering = ["effective_on", "id"]
        indexes = [
            models.Index(
                fields=["stage", "enterprise", "effective_ymd", "id"], condition=PLAIN, name="achievement_plain"
            ),
            models.Index(
                *("stage", "reporting_unit", F("effective_ymd") / 100, "effective_ymd", "enterprise", "was_high_tech"),
                F("id"),
                condition=PLAIN,
                name="achievement_starts",
            ),
            models.Index(
                *("stage", "reporting_unit", F("ended_ymd") / 100, "ended_ymd", "enterprise", "was_high_tech"),
                F("id"),
                condition=PLAIN & Q(ended_on__isnull=False),
                name="achievement_stops",
            ),
            models.Index(
                fields=[
                    *("stage", "is_first", "ended_reason", "reporting_unit", "ended_ymd", "effective_ymd"),
                    *("enterprise", "was_high_tech", "id"),
                ],
                condition=SPECIAL,
                name="achievement_special",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "stage", "is_first"], name="achievement_first"),
            models.CheckConstraint(
                condition=Q(is_first__isnull=True) | Q(is_first__in=[True]), name="achievement_first_once"
            ),
            models.UniqueConstraint(
                fields=["enterprise", "stage", "effective_on"],
                condition=~models.Q(ended_reason="annulled"),
                name="achievement_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "stage", "round"],
                condition=models.Q(application__isnull=False, ended_reason=""),
                name="achievement_round_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True, ended_reason="")
                | models.Q(ended_on__isnull=False, ended_reason__in=EndReason.values),
                name="achievement_end_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gte=models.F("effective_on"))
                | models.Q(ended_reason="annulled"),
                name="achievement_end_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.effective_on}"
