"""What an enterprise's eligibility rests on: credit checks (信用核查) and the files kept with such facts.

A row is added by services only, with its ledger entry, and what it says never changes. What was recorded in error is
annulled on a ground, as if it never was, and recorded anew; the row that stands in its place names it.
"""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CreditResult(models.TextChoices):
    """What a check came to."""

    CLEAR = "clear", _("未见不良记录")
    ADVERSE = "adverse", _("有不良记录")


class CreditSource(models.Model):
    """Where credit is looked up (信用核查渠道), and for how many months a result is good unless it says otherwise."""

    code = models.CharField(_("代码"), max_length=40, primary_key=True)
    name_zh = models.CharField(_("名称"), max_length=60, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    valid_months = models.PositiveSmallIntegerField(_("默认有效期（月）"))
    is_needed = models.BooleanField(
        _("必须核查"), default=True, help_text=_("没有这一渠道的有效结果，不算通过信用核查")
    )
    is_active = models.BooleanField(_("启用"), default=True)
    basis = models.CharField(_("依据"), max_length=200)

    class Meta:
        verbose_name = _("信用核查渠道")
        verbose_name_plural = _("信用核查渠道")
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=Q(valid_months__gte=1), name="credit_source_months")]

    def __str__(self) -> str:
        return self.name_zh


class InputFact(models.Model):
    """Base of a dated fact of an enterprise: by whom recorded and under which entry, and whether it was annulled."""

    enterprise = models.ForeignKey("enterprises.Enterprise", models.PROTECT, verbose_name=_("企业"))
    replaces = models.OneToOneField(
        "self", models.PROTECT, verbose_name=_("更正的记录"), null=True, blank=True, related_name="replaced_by"
    )
    recorded_at = models.DateTimeField(_("记录时间"))
    recorded_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("记录人"), related_name="+")
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)
    salt = models.CharField(max_length=64, editable=False)
    annulled_at = models.DateTimeField(_("注销时间"), null=True, blank=True)
    annulled_by = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("注销人"), null=True, blank=True, related_name="+"
    )
    annulled_ground = models.CharField(_("注销理由"), max_length=300, blank=True)
    annulled_salt = models.CharField(max_length=64, blank=True, editable=False)
    annulled_number = models.BigIntegerField(_("注销台账号"), null=True, blank=True, unique=True)

    class Meta:
        abstract = True

    @property
    def is_annulled(self) -> bool:
        return self.annulled_at is not None


class CreditCheck(InputFact):
    """One look-up of an enterprise's credit: where, on which day, what it came to, and until when that is good."""

    source = models.ForeignKey(CreditSource, models.PROTECT, verbose_name=_("核查渠道"), related_name="+")
    result = models.CharField(_("核查结果"), max_length=10, choices=CreditResult.choices)
    ground = models.CharField(_("不良记录"), max_length=300, blank=True)
    checked_on = models.DateField(_("核查日期"))
    valid_until = models.DateField(_("结果有效期至"))

    class Meta:
        verbose_name = _("信用核查")
        verbose_name_plural = _("信用核查")
        ordering = ["-checked_on", "-id"]
        indexes = [models.Index(fields=["enterprise", "checked_on"], name="credit_of_enterprise")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "source", "checked_on"],
                condition=Q(annulled_at__isnull=True),
                name="credit_once_a_day",
            ),
            models.CheckConstraint(condition=Q(valid_until__gte=F("checked_on")), name="credit_period"),
            models.CheckConstraint(
                condition=Q(result="clear", ground="") | (Q(result="adverse") & ~Q(ground="")),
                name="credit_adverse_has_ground",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.source_id} {self.checked_on}"

    @property
    def day(self) -> date:
        """The day that it is a fact of."""
        return self.checked_on


class InputPaper(models.Model):
    """Base of a file kept with a fact: a document, a screenshot. Its bytes lie under its key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    filename = models.CharField(_("文件名"), max_length=120)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("上传人"), related_name="+")
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.filename


class CreditPaper(InputPaper):
    """The document or screenshot of a credit check."""

    fact = models.ForeignKey(CreditCheck, models.PROTECT, verbose_name=_("信用核查"), related_name="papers")

    class Meta:
        verbose_name = _("信用核查附件")
        verbose_name_plural = _("信用核查附件")
        ordering = ["uploaded_at", "id"]


class PriorityKind(models.Model):
    """A kind of priority (优先标识种类). `values`: what its value may be, one a line; none given: any text."""

    code = models.CharField(_("代码"), max_length=40, primary_key=True)
    name_zh = models.CharField(_("名称"), max_length=60, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    needs_value = models.BooleanField(_("须填内容"), default=False, help_text=_("例如属于哪条产业链"))
    values = models.TextField(_("可选内容"), max_length=2000, blank=True, help_text=_("每行一项；留空则可自由填写"))
    is_active = models.BooleanField(_("启用"), default=True)
    basis = models.CharField(_("依据"), max_length=200)

    class Meta:
        verbose_name = _("优先标识种类")
        verbose_name_plural = _("优先标识种类")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(needs_value=True) | Q(values=""), name="priority_kind_values")
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def choices(self) -> tuple[str, ...]:
        """What the value may be; empty: any text."""
        return tuple(line.strip() for line in self.values.splitlines() if line.strip())


class Priority(InputFact):
    """A priority mark (优先标识) of an enterprise with its days; `ended_on`: its last day, where it ended early."""

    kind = models.ForeignKey(PriorityKind, models.PROTECT, verbose_name=_("种类"), related_name="+")
    value = models.CharField(_("内容"), max_length=60, blank=True)
    valid_from = models.DateField(_("起始日"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    document = models.CharField(_("认定文件"), max_length=80)
    ended_on = models.DateField(_("提前终止日"), null=True, blank=True)
    ended_ground = models.CharField(_("终止理由"), max_length=300, blank=True)
    ended_salt = models.CharField(max_length=64, blank=True, editable=False)
    ended_at = models.DateTimeField(_("终止记录时间"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("终止记录人"), null=True, blank=True, related_name="+"
    )
    ended_number = models.BigIntegerField(_("终止台账号"), null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("优先标识")
        verbose_name_plural = _("优先标识")
        ordering = ["-valid_from", "-id"]
        indexes = [models.Index(fields=["enterprise", "valid_from"], name="priority_of_enterprise")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind", "value", "valid_from"],
                condition=Q(annulled_at__isnull=True),
                name="priority_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="priority_period"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("valid_from")), name="priority_ended_in_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.kind_id} {self.valid_from}"

    @property
    def day(self) -> date:
        """The day that it is a fact of."""
        return self.valid_from


class PriorityPaper(InputPaper):
    """The document of a priority."""

    fact = models.ForeignKey(Priority, models.PROTECT, verbose_name=_("优先标识"), related_name="papers")

    class Meta:
        verbose_name = _("优先标识附件")
        verbose_name_plural = _("优先标识附件")
        ordering = ["uploaded_at", "id"]
