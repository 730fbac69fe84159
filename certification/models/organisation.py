"""Organisations (机构): bodies that certify and firms that advise, and which one advised which enterprise when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enterprises.models.periods import Period, PeriodQuerySet
from ledger.prepared import Day


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations (机构)."""

    def bodies(self, *, on: Day) -> "OrganisationQuerySet":
        """Certification bodies that were approved on a day."""
        lasting = Q(approved_to__isnull=True) | Q(approved_to__gte=on)
        return self.filter(lasting, is_body=True, approved_from__lte=on)

    def advisers(self) -> "OrganisationQuerySet":
        return self.filter(is_adviser=True)


class Organisation(models.Model):
    """A certification body (认证机构), an adviser (辅导机构), or both.

    `number_pattern`: how its certificates are numbered; # is a digit, @ a letter, everything else itself.
    """

    code = models.SlugField(_("代码"), max_length=30, primary_key=True)
    name = models.CharField(_("名称"), max_length=100, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    is_body = models.BooleanField(_("认证机构"), default=False)
    is_adviser = models.BooleanField(_("辅导机构"), default=False)
    number_pattern = models.CharField(
        _("证书编号规则"),
        max_length=60,
        blank=True,
        help_text=_("# 为数字，@ 为字母，其余照写；留空则只核对长度和字符"),
    )
    approved_from = models.DateField(_("批准起始日"), null=True, blank=True, help_text=_("作为认证机构的批准日期"))
    approved_to = models.DateField(_("批准截止日"), null=True, blank=True, help_text=_("仍在批准期内的留空"))
    note = models.CharField(_("批准文号或来源"), max_length=200, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("机构")
        verbose_name_plural = _("机构")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(is_body=True) | Q(is_adviser=True), name="organisation_does_something"),
            models.CheckConstraint(
                condition=Q(is_body=False) | Q(approved_from__isnull=False), name="organisation_body_approved"
            ),
            models.CheckConstraint(
                condition=Q(approved_to__isnull=True) | Q(approved_to__gte=F("approved_from")),
                name="organisation_approval_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Advising(Period):
    """An organisation advised an enterprise from a day to a day (辅导关系)."""

    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, verbose_name=_("企业"), related_name="advisings", db_index=False
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("机构"), related_name="advisings")
    ended_reason = models.CharField(_("结束原因"), max_length=200, blank=True)
    ended_salt = models.CharField(max_length=64, blank=True, editable=False)
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)

    objects = PeriodQuerySet["Advising"].as_manager()

    class Meta:
        verbose_name = _("辅导关系")
        verbose_name_plural = _("辅导关系")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "organisation", "valid_from"], name="advising_once_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="advising_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.valid_from}"
