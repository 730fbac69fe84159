"""The projection of the ledger that figures are read from. Derived; recount rebuilds all of it.

A Span says: from this day until that day this enterprise is inside this indicator's figure, in this unit.
Within one indicator the spans of an enterprise never overlap, so counting spans counts enterprises.
Totals are the spans' beginnings and ends, summed by month; for the month of the day that is asked for, by day.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .marks import SpanMark

MOST = 1_000_000_000  # SQLite would hold values of any kind, and could not add up some of them


class Aspect(models.TextChoices):
    """What a span is counted in."""

    COUNTED = "counted", _("累计")
    VALID = "valid", _("有效")
    BASE = "base", _("分母")


class Span(models.Model):
    """Days [start, stop) as `yyyymmdd`, during which an enterprise is inside a figure; stop null: still.

    Without constraints on what it refers to: a span is derived from rows that are never deleted and held
    against them by every recount, and checking two keys a span took half the time of folding an import.
    """

    indicator = models.CharField(max_length=50)
    aspect = models.CharField(max_length=8, choices=Aspect.choices)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    unit = models.CharField(max_length=20)
    start = models.IntegerField()
    stop = models.IntegerField(null=True)
    achievement = models.ForeignKey(
        "certification.Achievement", models.CASCADE, related_name="+", null=True, db_index=False, db_constraint=False
    )
    in_opening = models.BooleanField(default=False)
    mark = models.GeneratedField(
        expression=SpanMark("achievement", "enterprise", "start", "stop", "in_opening"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("计数区间")
        verbose_name_plural = _("计数区间")
        indexes = [
            # With all that a figure of a day, or a list behind it, asks of a span.
            models.Index(fields=["indicator", "aspect", "start", "id", "unit", "in_opening"], name="span_starts"),
            models.Index(
                fields=["indicator", "aspect", "stop", "unit", "in_opening"],
                name="span_stops",
                condition=models.Q(stop__isnull=False),
            ),
            models.Index(fields=["enterprise", "indicator"], name="span_enterprise"),
            # What a recount sums, in the order in which it sums.
            models.Index(fields=["indicator", "aspect", "unit", "mark", "start", "stop"], name="span_sums"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(aspect__in=Aspect.values), name="span_aspect"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.start}–{self.stop or ''}"


class Total(models.Model):
    """By how much a figure changed in a month in a unit."""

    indicator = models.CharField(_("指标"), max_length=50)
    unit = models.CharField(_("统计单元"), max_length=20)
    month = models.IntegerField(_("年月"))
    gained = models.IntegerField(_("计数增减"), default=0)
    in_opening = models.IntegerField(_("期初内增减"), default=0)
    valid = models.IntegerField(_("有效增减"), default=0)
    base = models.IntegerField(_("分母增减"), default=0)

    class Meta:
        verbose_name = _("汇总数")
        verbose_name_plural = _("汇总数")
        constraints = [models.UniqueConstraint(fields=["indicator", "unit", "month"], name="total_cell")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.unit} {self.month}"


class DayTotal(models.Model):
    """By how much a figure changed on a day (of the month) in a unit: a figure of any day then reads no span."""

    indicator = models.CharField(_("指标"), max_length=50)
    unit = models.CharField(_("统计单元"), max_length=20)
    month = models.IntegerField(_("年月"))
    day = models.SmallIntegerField(_("日"))
    gained = models.IntegerField(_("计数增减"), default=0)
    in_opening = models.IntegerField(_("期初内增减"), default=0)
    valid = models.IntegerField(_("有效增减"), default=0)
    base = models.IntegerField(_("分母增减"), default=0)

    class Meta:
        verbose_name = _("按日汇总数")
        verbose_name_plural = _("按日汇总数")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "month", "unit", "day"], name="day_total_cell"),
            models.CheckConstraint(
                condition=models.Q(
                    day__range=(-99, 99),
                    gained__range=(-MOST, MOST),
                    in_opening__range=(-MOST, MOST),
                    valid__range=(-MOST, MOST),
                    base__range=(-MOST, MOST),
                ),
                name="day_total_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.unit} {self.month}{self.day:02d}"


class TotalsCheckpoint(models.Model):
    """Up to which ledger number the totals have been folded: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(_("已计入的台账号"), default=0)
    definition = models.CharField(_("计数口径摘要"), max_length=64, blank=True)
    folded_at = models.DateTimeField(_("汇总时间"), null=True)
    recounted_at = models.DateTimeField(_("复核时间"), null=True)

    class Meta:
        verbose_name = _("汇总进度")
        verbose_name_plural = _("汇总进度")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_checkpoint")]

    def __str__(self) -> str:
        return f"#{self.number}"
