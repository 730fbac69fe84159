"""Statutory divisions (区划) and reporting units (统计单元): two dated facts.

A division's unit is a row of its own with dates, since 常州经开区 reports six towns of 武进区 without being
a division itself.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .periods import PeriodQuerySet


class ReportingUnit(models.Model):
    """One of the units that report to the city (统计单元)."""

    code = models.CharField(_("代码"), max_length=20, primary_key=True)
    name_zh = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=60)
    order = models.PositiveSmallIntegerField(_("次序"))

    class Meta:
        verbose_name = _("统计单元")
        verbose_name_plural = _("统计单元")
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name_zh


class DivisionLevel(models.TextChoices):
    """Levels of the statutory division."""

    CITY = "city", _("市")
    DISTRICT = "district", _("辖市区")
    TOWNSHIP = "township", _("乡镇（街道）")


class Division(models.Model):
    """A statutory division (区划) by its code; `valid_from`/`valid_to` null: not stated by the source."""

    code = models.CharField(_("区划代码"), max_length=9, primary_key=True)
    name = models.CharField(_("名称"), max_length=40)
    level = models.CharField(_("级别"), max_length=10, choices=DivisionLevel.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("上级"), null=True, blank=True, related_name="children"
    )
    valid_from = models.DateField(_("起始日"), null=True, blank=True)
    valid_to = models.DateField(_("截止日"), null=True, blank=True)

    class Meta:
        verbose_name = _("区划")
        verbose_name_plural = _("区划")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class DivisionUnit(models.Model):
    """Through which unit a division reports, from when to when."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"), related_name="unit_periods")
    unit = models.ForeignKey(ReportingUnit, models.PROTECT, verbose_name=_("统计单元"), related_name="division_periods")
    valid_from = models.DateField(_("起始日"))
    valid_to = models.DateField(_("截止日"), null=True, blank=True)

    objects = PeriodQuerySet["DivisionUnit"].as_manager()

    class Meta:
        verbose_name = _("区划所属统计单元")
        verbose_name_plural = _("区划所属统计单元")
        constraints = [
            models.UniqueConstraint(fields=["division", "valid_from"], name="division_unit_from"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="division_unit_period",
                violation_error_message=_("截止日早于起始日"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division} → {self.unit}"
