"""The experts who evaluate (评审专家): in which fields, and whom they work for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExpertField(models.Model):
    """A field of expertise (专业领域), and the industries (GB/T 4754, beginnings of codes) that it covers."""

    code = models.SlugField(_("代码"), max_length=20, primary_key=True)
    name_zh = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=60)
    industries = models.JSONField(_("行业代码前缀"), default=list, blank=True)

    class Meta:
        verbose_name = _("专业领域")
        verbose_name_plural = _("专业领域")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_zh


class Expert(models.Model):
    """What is known of an expert for the draw. `group`: credit codes of companies of the employer's group."""

    account = models.OneToOneField(
        "enterprises.Account", models.PROTECT, verbose_name=_("账户"), primary_key=True, related_name="expert"
    )
    fields = models.JSONField(_("专业领域"), default=list, blank=True)
    employer = models.CharField(_("工作单位"), max_length=120)
    employer_uscc = models.CharField(_("工作单位统一社会信用代码"), max_length=18, blank=True)
    organisation = models.ForeignKey(
        "certification.Organisation",
        models.PROTECT,
        verbose_name=_("工作单位为辅导或认证机构的，请选择"),
        null=True,
        blank=True,
        related_name="+",
    )
    group = models.JSONField(_("所属集团成员企业的统一社会信用代码"), default=list, blank=True)
    is_available = models.BooleanField(_("可参加抽取"), default=True)

    class Meta:
        verbose_name = _("评审专家")
        verbose_name_plural = _("评审专家")
        ordering = ["account"]

    def __str__(self) -> str:
        return str(self.account)
