"""The rules of a year (规则年度) as rows: fields, papers, route, waits and time limits of each stage.

Editable in the admin until the first application is submitted under it; from then on frozen
(services/rulebooks.py), and next year's rules are a new rulebook.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..stages import LEVEL_NAMES, STAGES, Level
from ..wording import worded_later

STAGE_CHOICES = [(stage.code, worded_later((stage.name_zh, stage.name_en))) for stage in STAGES.values()]
LEVEL_CHOICES = [(level.value, worded_later(LEVEL_NAMES[level])) for level in Level]


class Edition(models.Model):
    """An edition of the standard (标准版本) with its menu of modules."""

    code = models.CharField(_("版本"), max_length=20, primary_key=True)
    title = models.CharField(_("标准名称"), max_length=120)
    in_force_from = models.DateField(_("实施日"))
    in_force_to = models.DateField(_("废止日"), null=True, blank=True)
    minimum_chosen_modules = models.PositiveSmallIntegerField(_("至少选择的模块数"), default=1)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("标准版本")
        verbose_name_plural = _("标准版本")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ModuleItem(models.Model):
    """One module of an edition's menu (模块)."""

    edition = models.ForeignKey(Edition, models.CASCADE, verbose_name=_("标准版本"), related_name="modules")
    code = models.CharField(_("代码"), max_length=20)
    chapter = models.CharField(_("条款"), max_length=10)
    title = models.CharField(_("名称"), max_length=60)
    title_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    obligatory = models.BooleanField(_("必选"), default=False)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = _("模块")
        verbose_name_plural = _("模块")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="module_code")]

    def __str__(self) -> str:
        return f"{self.chapter} {self.title}"


class Rulebook(models.Model):
    """The rules in force from a day to a day, with the document they rest on."""

    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("名称"), max_length=120)
    basis = models.TextField(_("依据"))
    in_force_from = models.DateField(_("启用日"))
    in_force_to = models.DateField(_("停用日"), null=True, blank=True)
    frozen_at = models.DateTimeField(_("冻结时间"), null=True, blank=True, editable=False)
    digest = models.CharField(_("冻结内容摘要"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("规则年度")
        verbose_name_plural = _("规则年度")
        ordering = ["-in_force_from"]
        constraints = [
            models.UniqueConstraint(fields=["in_force_from"], name="rulebook_from"),
            models.CheckConstraint(
                condition=models.Q(in_force_to__isnull=True) | models.Q(in_force_to__gte=models.F("in_force_from")),
                name="rulebook_period",
                violation_error_message=_("停用日早于启用日"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None


class StageRule(models.Model):
    """What one stage asks for under one rulebook."""

    rulebook = models.ForeignKey(Rulebook, models.CASCADE, verbose_name=_("规则年度"), related_name="stage_rules")
    stage = models.CharField(_("阶段"), max_length=40, choices=STAGE_CHOICES)
    basis = models.CharField(_("依据条款"), max_length=200)
    guidance = models.TextField(_("申报说明"), blank=True)
    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name=_("标准版本"), null=True, blank=True)

    class Meta:
        verbose_name = _("阶段规则")
        verbose_name_plural = _("阶段规则")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["rulebook", "stage"], name="stage_rule_once")]

    def __str__(self) -> str:
        return f"{self.rulebook} · {self.get_stage_display()}"


class RouteStep(models.Model):
    """A level of the route with its promised time limits (承诺时限) in working days.

    `correction_days`: within how many working days after a return by this level the application is to be submitted
    again (补正期限); empty: without a limit.
    """

    rule = models.ForeignKey(StageRule, models.CASCADE, verbose_name=_("阶段规则"), related_name="route")
    order = models.PositiveSmallIntegerField(_("次序"))
    level = models.CharField(_("层级"), max_length=12, choices=LEVEL_CHOICES)
    accept_days = models.PositiveSmallIntegerField(_("受理时限（工作日）"))
    decide_days = models.PositiveSmallIntegerField(_("办理时限（工作日）"))
    correction_days = models.PositiveSmallIntegerField(
        _("补正期限（工作日）"), null=True, blank=True, help_text=_("空：不设期限")
    )

    class Meta:
        verbose_name = _("审核层级")
        verbose_name_plural = _("审核层级")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "order"], name="route_order"),
            models.UniqueConstraint(fields=["rule", "level"], name="route_level"),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_level_display()}"


class WaitRule(models.Model):
    """Another stage that must have been reached, and the months that must have passed since."""

    rule = models.ForeignKey(StageRule, models.CASCADE, verbose_name=_("阶段规则"), related_name="waits")
    after_stage = models.CharField(_("须先取得的阶段"), max_length=40, choices=STAGE_CHOICES)
    months = models.PositiveSmallIntegerField(_("满多少个月"))
    basis = models.CharField(_("依据条款"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("等待期")
        verbose_name_plural = _("等待期")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["rule", "after_stage"], name="wait_once")]

    def __str__(self) -> str:
        return f"{self.get_after_stage_display()} + {self.months}"


class PanelRule(models.Model):
    """What a rule asks of a stage's panel of experts, and of the notice of its results; days are working days.

    `correction_days`: within what time the findings of an evaluation are to be put right; empty: settings say.
    """

    rule = models.ForeignKey(StageRule, models.CASCADE, verbose_name=_("阶段规则"), related_name="panel")
    least_experts = models.PositiveSmallIntegerField(_("评审专家至少人数"))
    scoring_days = models.PositiveSmallIntegerField(_("评分时限（工作日）"))
    notice_days = models.PositiveSmallIntegerField(_("公示期（工作日）"))
    appeal_days = models.PositiveSmallIntegerField(_("申诉期（工作日）"))
    correction_days = models.PositiveSmallIntegerField(_("不符合项整改期限（工作日）"), null=True, blank=True)
    basis = models.CharField(_("依据条款"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("专家评审规则")
        verbose_name_plural = _("专家评审规则")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["rule"], name="panel_rule_once")]

    def __str__(self) -> str:
        return f"{self.rule} · {self.least_experts}"


class FieldKind(models.TextChoices):
    """Kinds of form fields."""

    TEXT = "text", _("单行文字")
    TEXTAREA = "textarea", _("多行文字")
    INTEGER = "integer", _("整数")
    DECIMAL = "decimal", _("数值")
    DATE = "date", _("日期")
    CHOICE = "choice", _("单选")
    BOOLEAN = "boolean", _("勾选")


class FieldRule(models.Model):
    """A field of the application form."""

    rule = models.ForeignKey(StageRule, models.CASCADE, verbose_name=_("阶段规则"), related_name="fields")
    code = models.SlugField(_("代码"), max_length=40)
    label = models.CharField(_("名称"), max_length=60)
    label_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    kind = models.CharField(_("类型"), max_length=10, choices=FieldKind.choices)
    required = models.BooleanField(_("必填"), default=True)
    choices = models.JSONField(_("选项 [[代码, 名称], …]"), default=list, blank=True)
    minimum = models.DecimalField(_("最小值"), max_digits=18, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField(_("最大值"), max_digits=18, decimal_places=4, null=True, blank=True)
    max_length = models.PositiveSmallIntegerField(_("最多字数"), default=500)
    unit = models.CharField(_("单位"), max_length=10, blank=True)
    help_text = models.CharField(_("填写说明"), max_length=200, blank=True)
    is_past = models.BooleanField(_("日期不得晚于提交日"), default=False)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = _("表单字段")
        verbose_name_plural = _("表单字段")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["rule", "code"], name="field_code")]

    def __str__(self) -> str:
        return self.label


class EvidenceGroup(models.TextChoices):
    """What a paper shows: the commitment, or one of 四落实."""

    COMMITMENT = "commitment", _("承诺书")
    LEADERSHIP = "leadership", _("领导落实")
    INSTITUTION = "institution", _("机构落实")
    PERSONNEL = "personnel", _("人员落实")
    FUNDING = "funding", _("经费落实")
    OTHER = "other", _("其他材料")


class EvidenceRule(models.Model):
    """A paper to upload (佐证材料)."""

    rule = models.ForeignKey(StageRule, models.CASCADE, verbose_name=_("阶段规则"), related_name="evidence")
    code = models.SlugField(_("代码"), max_length=40)
    label = models.CharField(_("名称"), max_length=80)
    label_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    group = models.CharField(_("类别"), max_length=12, choices=EvidenceGroup.choices, default=EvidenceGroup.OTHER)
    required = models.BooleanField(_("必交"), default=True)
    basis = models.CharField(_("依据条款"), max_length=200, blank=True)
    help_text = models.CharField(_("说明"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = _("材料要求")
        verbose_name_plural = _("材料要求")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["rule", "code"], name="evidence_code")]

    def __str__(self) -> str:
        return self.label
