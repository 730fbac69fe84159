"""What an enterprise says of itself each year (年度数据): patents, people, spending; the items are rows.

Every save is a version of its own with its entry in the ledger; none is ever changed. Which version an application
rested on follows from the moment of its submission.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class FigureItem(models.Model):
    """One item of the yearly figures (年度数据项), and what is plausible of it.

    `most`: what it can be at all; `part_of`: the item that it is a part of; `swing`: by how
    many times it may differ from last year's before that is to be explained.
    """

    code = models.CharField(_("代码"), max_length=40, primary_key=True)
    place = models.PositiveSmallIntegerField(_("次序"))
    group_zh = models.CharField(_("分组"), max_length=40)
    group_en = models.CharField(_("英文分组"), max_length=60, blank=True)
    name_zh = models.CharField(_("名称"), max_length=60, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    unit = models.CharField(_("单位"), max_length=20)
    decimals = models.PositiveSmallIntegerField(_("小数位数"), default=0, help_text=_("整数填 0，最多 4"))
    most = models.DecimalField(_("最大值"), max_digits=18, decimal_places=4, null=True, blank=True)
    part_of = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("是其中一部分的项"), null=True, blank=True, related_name="+"
    )
    swing = models.DecimalField(
        _("与上年相差倍数"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("超过上年的几倍或不足几分之一时须说明；留空则不比较"),
    )
    is_active = models.BooleanField(_("启用"), default=True)
    basis = models.CharField(_("依据"), max_length=200)

    class Meta:
        verbose_name = _("年度数据项")
        verbose_name_plural = _("年度数据项")
        ordering = ["place", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(decimals__lte=4), name="figure_item_decimals"),
            models.CheckConstraint(condition=Q(most__isnull=True) | Q(most__gte=0), name="figure_item_most"),
            models.CheckConstraint(condition=Q(swing__isnull=True) | Q(swing__gt=1), name="figure_item_swing"),
            models.CheckConstraint(condition=Q(part_of__isnull=True) | ~Q(part_of=F("code")), name="figure_item_part"),
        ]

    def __str__(self) -> str:
        return self.name_zh


class YearFigures(models.Model):
    """The figures of one enterprise and year in one version (年度数据); `why`: why one that was used is changed."""

    enterprise = models.ForeignKey("enterprises.Enterprise", models.PROTECT, verbose_name=_("企业"))
    year = models.PositiveSmallIntegerField(_("年度"))
    version = models.PositiveIntegerField(_("版本"))
    is_latest = models.BooleanField(_("最新版本"), null=True)
    why = models.CharField(_("变更理由"), max_length=300, blank=True)
    stated_at = models.DateTimeField(_("填报时间"))
    stated_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("填报人"), related_name="+")
    salt = models.CharField(max_length=64, editable=False)
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)

    class Meta:
        verbose_name = _("年度数据")
        verbose_name_plural = _("年度数据")
        ordering = ["-year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "year", "version"], name="figures_version_once"),
            models.UniqueConstraint(fields=["enterprise", "year", "is_latest"], name="figures_one_latest"),
            models.CheckConstraint(condition=Q(is_latest=True) | Q(is_latest__isnull=True), name="figures_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.year} ({self.version})"


class FigureValue(models.Model):
    """One item of a version; `explained`: why it differs so much from last year's."""

    figures = models.ForeignKey(YearFigures, models.PROTECT, verbose_name=_("年度数据"), related_name="values")
    item = models.ForeignKey(FigureItem, models.PROTECT, verbose_name=_("数据项"), related_name="+")
    value = models.DecimalField(_("数值"), max_digits=18, decimal_places=4)
    explained = models.CharField(_("与上年差异说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("数据项的值")
        verbose_name_plural = _("数据项的值")
        ordering = ["item__place", "item"]
        constraints = [
            models.UniqueConstraint(fields=["figures", "item"], name="figure_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="figure_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.value}"
