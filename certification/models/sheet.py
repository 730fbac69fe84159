"""Score sheets (评分表) as rows: groups of items with their maxima, the evidence looked at, and how scores are joined.

A sheet that a batch has been opened with no longer changes (services/sheets.py).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ItemLevel(models.TextChoices):
    """What an item is for: the basics that belong to every system, or what goes beyond them."""

    BASIC = "basic", _("基本项")
    ADVANCED = "advanced", _("提高项")


class ScoreSheet(models.Model):
    """A sheet. A score is a multiple of `step`; of the experts' totals `trim` are left out at each end, where at least
    `trim_from` experts scored; the mean is rounded half up to `decimals`; a spread of `spread_line` points is shown.
    """

    code = models.SlugField(_("代码"), max_length=40, primary_key=True)
    title = models.CharField(_("名称"), max_length=120)
    title_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    source = models.CharField(_("出处"), max_length=200)
    step = models.DecimalField(_("最小分值"), max_digits=6, decimal_places=2)
    trim = models.PositiveSmallIntegerField(_("两端各去掉的人数"), default=0)
    trim_from = models.PositiveSmallIntegerField(_("至少多少人评分才去掉"), default=0)
    decimals = models.PositiveSmallIntegerField(_("结果保留小数位"), default=2)
    pass_line = models.DecimalField(_("合格线"), max_digits=6, decimal_places=2)
    excellent_line = models.DecimalField(_("优秀线"), max_digits=6, decimal_places=2)
    spread_line = models.DecimalField(_("分歧提示线"), max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = _("评分表")
        verbose_name_plural = _("评分表")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(step__gt=0), name="sheet_step"),
            models.CheckConstraint(condition=Q(excellent_line__gte=F("pass_line")), name="sheet_lines"),
            models.CheckConstraint(condition=Q(decimals__lte=2), name="sheet_decimals"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return self.title

    @property
    def label_en(self) -> str:
        return self.title_en


class SheetItem(models.Model):
    """One item of a sheet (评分项)."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, verbose_name=_("评分表"), related_name="items")
    code = models.SlugField(_("代码"), max_length=20)
    group = models.CharField(_("分组"), max_length=60)
    group_en = models.CharField(_("英文分组"), max_length=80, blank=True)
    title = models.CharField(_("评分项"), max_length=120)
    title_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    maximum = models.DecimalField(_("最高分"), max_digits=6, decimal_places=2)
    evidence = models.CharField(_("查看的材料"), max_length=200, blank=True)
    level = models.CharField(_("级别"), max_length=10, choices=ItemLevel.choices, default=ItemLevel.BASIC)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = _("评分项")
        verbose_name_plural = _("评分项")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "code"], name="sheet_item_code"),
            models.CheckConstraint(condition=Q(maximum__gt=0), name="sheet_item_maximum"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return self.title

    @property
    def label_en(self) -> str:
        return self.title_en
