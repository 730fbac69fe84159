"""One file per enterprise (一企一档): identity, names, places and qualifications, each with its dates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import EnterpriseQuerySet
from .encrypted import EncryptedTextField
from .periods import Period, PeriodQuerySet
from .whence import Whence


class InnovationTier(models.TextChoices):
    """The city's 十百千 programme."""

    NONE = "none", _("未列入")
    LEADING = "leading", _("领军企业")
    LISTING = "listing", _("上市培育企业")
    HIGH_TECH = "high_tech", _("高新技术培育企业")


class Enterprise(models.Model):
    """An enterprise (企业). Current name and place are copies of the dated rows in force today."""

    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    uscc_override_reason = models.CharField(_("校验位不符的确认理由"), max_length=200, blank=True)
    name = models.CharField(_("企业名称"), max_length=120)
    township = models.ForeignKey(
        "enterprises.Division", models.PROTECT, verbose_name=_("所在区划"), related_name="enterprises"
    )
    reporting_unit = models.ForeignKey(
        "enterprises.ReportingUnit", models.PROTECT, verbose_name=_("统计单元"), related_name="enterprises"
    )
    industry = models.CharField(_("行业代码（GB/T 4754）"), max_length=6, blank=True)
    established_on = models.DateField(_("成立日期"), null=True, blank=True)
    has_rd_institution = models.BooleanField(_("有自主研发机构"), default=False)
    innovation_tier = models.CharField(
        _("十百千"), max_length=12, choices=InnovationTier.choices, default=InnovationTier.NONE
    )
    contact_name = EncryptedTextField(_("联系人"), blank=True)
    contact_phone = EncryptedTextField(_("联系电话"), blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    registered_at = models.DateTimeField(_("登记时间"))
    version = models.PositiveIntegerField(_("版本"), default=1)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("企业")
        verbose_name_plural = _("企业")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["reporting_unit", "id"], name="enterprise_unit"),
            models.Index(fields=["township", "id"], name="enterprise_township"),
            models.Index(fields=["innovation_tier", "id"], name="enterprise_innovation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(innovation_tier__in=InnovationTier.values), name="enterprise_tier"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EnterpriseName(Period):
    """A name and the days on which it was the enterprise's name."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, verbose_name=_("企业"), related_name="names")
    name = models.CharField(_("名称"), max_length=120)

    objects = PeriodQuerySet["EnterpriseName"].as_manager()

    class Meta:
        verbose_name = _("企业名称")
        verbose_name_plural = _("企业名称")
        ordering = ["valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "valid_from"], name="enterprise_name_from"),
            models.UniqueConstraint(
                fields=["enterprise"], condition=models.Q(valid_to__isnull=True), name="enterprise_one_name_now"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EnterpriseLocation(Period):
    """A place and the days on which the enterprise was there; the unit is kept as of those days."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, verbose_name=_("企业"), related_name="locations")
    township = models.ForeignKey("enterprises.Division", models.PROTECT, verbose_name=_("所在区划"))
    reporting_unit = models.ForeignKey("enterprises.ReportingUnit", models.PROTECT, verbose_name=_("统计单元"))

    objects = PeriodQuerySet["EnterpriseLocation"].as_manager()

    class Meta:
        verbose_name = _("企业所在地")
        verbose_name_plural = _("企业所在地")
        ordering = ["valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "valid_from"], name="enterprise_location_from"),
            models.UniqueConstraint(
                fields=["enterprise"], condition=models.Q(valid_to__isnull=True), name="enterprise_one_place_now"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.township} {self.valid_from}"


class HighTechPeriod(Period):
    """A high-tech enterprise certificate (高新技术企业证书) and its days; a rename keeps number and expiry."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, verbose_name=_("企业"), related_name="high_tech_periods")
    certificate = models.CharField(_("证书编号"), max_length=20, blank=True)

    objects = PeriodQuerySet["HighTechPeriod"].as_manager()

    class Meta:
        verbose_name = _("高新技术企业资格")
        verbose_name_plural = _("高新技术企业资格")
        ordering = ["valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "valid_from"], name="high_tech_from"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="high_tech_period",
            ),
        ]

    def __str__(self) -> str:
        return self.certificate or str(self.valid_from)


class EnterpriseChange(Whence):
    """Before and after of one field (变更记录), who and from where, with the ledger entry that records it."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, verbose_name=_("企业"), related_name="changes")
    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("操作人"), null=True, blank=True)
    field = models.CharField(_("字段"), max_length=40)
    before = models.CharField(_("变更前"), max_length=200, blank=True)
    after = models.CharField(_("变更后"), max_length=200, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    ledger_number = models.BigIntegerField(_("台账号"))

    class Meta:
        verbose_name = _("变更记录")
        verbose_name_plural = _("变更记录")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"


class EnterpriseSearch(models.Model):
    """What an enterprise is found by: all its names, their initials and its code, in search form."""

    enterprise = models.OneToOneField(
        Enterprise, models.CASCADE, primary_key=True, related_name="search_row", verbose_name=_("企业")
    )
    text = models.TextField(_("检索文本"))

    class Meta:
        verbose_name = _("检索文本")
        verbose_name_plural = _("检索文本")

    def __str__(self) -> str:
        return self.text[:40]
