"""Plans and their indicators (规划与指标), as versioned records; and the outcome table of a closed plan."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import IndicatorVersionQuerySet
from .rulebook import STAGE_CHOICES


class Plan(models.Model):
    """A five-year plan (规划)."""

    code = models.CharField(_("代码"), max_length=20, primary_key=True)
    title = models.CharField(_("名称"), max_length=120)
    title_en = models.CharField(_("英文名称"), max_length=160)
    source = models.CharField(_("来源文件"), max_length=200)
    starts_on = models.DateField(_("起始日"))
    ends_on = models.DateField(_("截止日"))
    at_risk_below = models.DecimalField(
        _("低于计划线的比例视为有风险"),
        max_digits=4,
        decimal_places=2,
        default=Decimal("0.80"),
        help_text=_("实际值÷计划线低于此比例为“有风险”，不低于此比例而未达计划线为“滞后”"),
    )
    is_closed = models.BooleanField(_("已结束"), default=False)

    class Meta:
        verbose_name = _("规划")
        verbose_name_plural = _("规划")
        ordering = ["starts_on"]

    def __str__(self) -> str:
        return self.title


class OutcomeRow(models.Model):
    """A row of a plan's printed outcome table; its completion rate is computed, never copied."""

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name=_("规划"), related_name="outcome_rows")
    order = models.PositiveSmallIntegerField(_("次序"))
    category = models.CharField(_("类别"), max_length=40)
    name = models.CharField(_("指标"), max_length=80)
    target = models.DecimalField(_("目标"), max_digits=16, decimal_places=2, null=True, blank=True)
    actual = models.DecimalField(_("完成"), max_digits=16, decimal_places=2)
    unit = models.CharField(_("单位"), max_length=10)
    printed_rate = models.CharField(_("原表印刷的完成率"), max_length=10, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("规划完成情况")
        verbose_name_plural = _("规划完成情况")
        ordering = ["plan", "order"]
        constraints = [models.UniqueConstraint(fields=["plan", "order"], name="outcome_order")]

    def __str__(self) -> str:
        return self.name


class IndicatorKind(models.TextChoices):
    """How a figure behaves over time."""

    CUMULATIVE = "cumulative", _("累计")
    LEVEL = "level", _("时点")
    ANNUAL = "annual", _("年度")
    RATIO = "ratio", _("比率")
    ANNUAL_RATIO = "annual_ratio", _("年增长率")


class Comparator(models.TextChoices):
    """How a value is held against its target."""

    AT_LEAST = ">=", "≥"
    MORE_THAN = ">", ">"
    RANGE = "range", _("区间")


class ComputedFrom(models.TextChoices):
    """Where a figure comes from."""

    REGISTRY = "registry", _("本系统")
    REPORTED = "reported", _("填报")


class Reading(models.TextChoices):
    """How the registry counts a computed indicator; `none` where it keeps no such register yet."""

    NONE = "none", _("无")
    ENTERPRISES = "enterprises", _("企业数（首次取得，累计）")
    YEARLY = "yearly", _("当年取得的企业数")
    COVERAGE = "coverage", _("高新技术企业中已取得的比例")


class Indicator(models.Model):
    """An indicator of a plan (指标); what it says at a time is its version."""

    plan = models.ForeignKey(Plan, models.PROTECT, verbose_name=_("规划"), related_name="indicators")
    code = models.SlugField(_("代码"), max_length=50)
    order = models.PositiveSmallIntegerField(_("次序"))

    class Meta:
        verbose_name = _("指标")
        verbose_name_plural = _("指标")
        ordering = ["plan", "order"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="indicator_code")]

    def __str__(self) -> str:
        return self.code


class IndicatorVersion(models.Model):
    """What an indicator means from a day on: reading, comparator, unit, opening balance, target, passage."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, verbose_name=_("指标"), related_name="versions")
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    in_force_from = models.DateField(_("启用日"))
    category = models.CharField(_("类别"), max_length=40)
    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160)
    kind = models.CharField(_("性质"), max_length=12, choices=IndicatorKind.choices)
    comparator = models.CharField(_("比较"), max_length=6, choices=Comparator.choices)
    target = models.DecimalField(_("目标"), max_digits=16, decimal_places=2)
    target_max = models.DecimalField(_("目标上限"), max_digits=16, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=10)
    passage = models.CharField(_("规划出处"), max_length=120)
    in_headline_table = models.BooleanField(_("列入表二"), default=False)
    computed_from = models.CharField(_("数据来源"), max_length=10, choices=ComputedFrom.choices)
    reading = models.CharField(_("计数口径"), max_length=12, choices=Reading.choices, default=Reading.NONE)
    stage = models.CharField(_("计数阶段"), max_length=40, choices=STAGE_CHOICES, blank=True)
    high_tech_only = models.BooleanField(_("仅计当日为高新技术企业的"), default=False)
    opening = models.DecimalField(_("期初数"), max_digits=16, decimal_places=2, null=True, blank=True)
    opening_on = models.DateField(_("期初日"), null=True, blank=True)
    opening_source = models.CharField(_("期初数出处"), max_length=200, blank=True)
    reporter = models.CharField(_("报送单位"), max_length=60, blank=True)
    note = models.CharField(_("口径说明"), max_length=300, blank=True)

    objects = IndicatorVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("指标版本")
        verbose_name_plural = _("指标版本")
        ordering = ["indicator", "version"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "version"], name="indicator_version"),
            models.CheckConstraint(
                condition=models.Q(opening__isnull=True, opening_on__isnull=True)
                | models.Q(opening__isnull=False, opening_on__isnull=False),
                name="opening_has_date",
            ),
            models.CheckConstraint(condition=models.Q(target__gt=0), name="target_positive"),
            models.CheckConstraint(
                condition=models.Q(target_max__isnull=True) | models.Q(target_max__gte=models.F("target")),
                name="target_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name
