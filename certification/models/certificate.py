"""Third-party certificates (第三方认证证书): what a body issued, what happened to it since, and who looked it up.

A certificate holds what stands on it and no status: that follows from its events (certificate_life.py). Rows are
written by services/certificates.py and services/certificate_events.py only, each with its ledger entry.
"""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from enterprises.models.whence import Whence
from ledger.prepared import Day

from ..certificate_checks import is_tidy, tidy_number
from ..certificate_life import EVENTS, LIVING, Kind, Standing
from ..wording import worded_later

EVENT_CHOICES = [(event.kind.value, worded_later((event.name_zh, event.name_en))) for event in EVENTS.values()]


_TURNS = [kind.value for kind, event in EVENTS.items() if event.target]
_ENDS = {
    kind.value: event.target.value
    for kind, event in EVENTS.items()
    if event.target and event.target not in LIVING and kind is not Kind.ANNUL
}


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Third-party certificates (证书)."""

    def visible_to(self, account: Any) -> Self:
        """Those of the enterprises in sight."""
        return self.filter(enterprise__in=Enterprise.objects.visible_to(account).order_by())

    def standing(self, *, on: Day) -> Self:
        """With `standing` on a day: in SQL what certificate_life.py says of it."""
        happened = CertificateEvent.objects.filter(certificate=OuterRef("pk"), on__lte=on, is_corrected=False)
        last = happened.filter(kind__in=_TURNS).order_by("-on", "-pk").values("kind")[:1]
        return self.annotate(_last=Subquery(last)).annotate(
            standing=Case(
                When(is_annulled=True, then=Value(Standing.ANNULLED.value)),
                When(issued_on__gt=on, then=Value(Standing.NOT_YET.value)),
                *(When(_last=kind, then=Value(target)) for kind, target in _ENDS.items()),
                When(expires_on__lt=on, then=Value(Standing.EXPIRED.value)),
                When(_last=Kind.SUSPEND.value, then=Value(Standing.SUSPENDED.value)),
                default=Value(Standing.VALID.value),
            )
        )

    def with_last_audit(self, *, on: Day) -> Self:
        """With `last_audit`: the day by a day from which the next surveillance is counted (surveillance_due)."""
        counted = [Kind.SURVEILLANCE.value, Kind.CONVERT.value]
        audits = CertificateEvent.objects.filter(
            certificate=OuterRef("pk"), on__lte=on, is_corrected=False, kind__in=counted
        )
        return self.annotate(last_audit=Coalesce(Subquery(audits.order_by("-on").values("on")[:1]), F("issued_on")))

    def numbered(self, number: str, *, body: str = "") -> Self:
        """Those of this number, whichever body's unless one is named; what was recorded in error last."""
        plain = tidy_number(number) if is_tidy(number) else ""
        found = self.filter(number=plain).order_by("is_annulled", "-pk")
        return found.filter(body=body) if body and is_tidy(body) else found

    def with_file(self) -> Self:
        """With what a list row shows, in one query."""
        return self.select_related("enterprise__reporting_unit", "body", "achievement")


class EditionTerms(models.Model):
    """What an edition of the standard asks of certificates (版本认证规则): validity, surveillance, conversion."""

    edition = models.CharField(_("标准版本"), max_length=20, primary_key=True)
    system_months = models.PositiveSmallIntegerField(_("发证前体系至少运行（月）"))
    term_months = models.PositiveSmallIntegerField(_("证书有效期（月）"))
    surveillance_months = models.PositiveSmallIntegerField(_("监督审核间隔（月）"))
    applications_from = models.DateField(_("受理认证申请起始日"), null=True, blank=True)
    applications_until = models.DateField(_("受理认证申请截止日"), null=True, blank=True)
    convert_by = models.DateField(_("换版截止日"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=200)

    class Meta:
        verbose_name = _("版本认证规则")
        verbose_name_plural = _("版本认证规则")
        ordering = ["edition"]
        constraints = [
            models.CheckConstraint(
                condition=Q(applications_until__isnull=True) | Q(applications_until__gte=F("applications_from")),
                name="terms_applications_order",
            ),
            models.CheckConstraint(
                condition=Q(term_months__gte=1) & Q(surveillance_months__gte=1), name="terms_months"
            ),
        ]

    def __str__(self) -> str:
        return self.edition


class Route(models.TextChoices):
    """How the enterprise came to be certified."""

    DIRECT = "direct", _("直接认证")
    TRANSITION = "transition", _("过渡认证")


class Certificate(models.Model):
    """A certificate as it was issued (证书). `expires_on` is its last day."""

    number = models.CharField(_("证书编号"), max_length=60)
    body = models.ForeignKey(
        "certification.Organisation", models.PROTECT, verbose_name=_("认证机构"), related_name="certificates"
    )
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, verbose_name=_("企业"), related_name="certificates"
    )
    achievement = models.OneToOneField(
        "certification.Achievement", models.PROTECT, verbose_name=_("认定事实"), related_name="certificate"
    )
    replaces = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("接续的证书"), null=True, blank=True, related_name="replaced_by"
    )
    holder = models.CharField(_("持证人"), max_length=120)
    holder_reason = models.CharField(_("持证人与企业名称不一致的理由"), max_length=200, blank=True)
    holder_address = models.CharField(_("证书地址"), max_length=200)
    scope_management = models.CharField(_("管理方面"), max_length=200)
    scope_links = models.CharField(_("业务环节"), max_length=200)
    edition = models.CharField(_("标准版本"), max_length=20)
    route = models.CharField(_("途径"), max_length=12, choices=Route.choices)
    system_since = models.DateField(_("体系运行起始日"))
    applied_on = models.DateField(_("认证申请日"))
    issued_on = models.DateField(_("发证日期"))
    expires_on = models.DateField(_("有效期至"))
    is_annulled = models.BooleanField(_("录入错误"), default=False)
    recorded_at = models.DateTimeField(_("记载时间"))
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("证书")
        verbose_name_plural = _("证书")
        ordering = ["-issued_on", "-id"]
        indexes = [
            models.Index(fields=["enterprise", "-issued_on"], name="certificate_enterprise"),
            models.Index(fields=["number"], name="certificate_number"),
            models.Index(fields=["expires_on"], name="certificate_expiry"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "number"], condition=Q(is_annulled=False), name="certificate_number_once"
            ),
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(is_annulled=False), name="certificate_followed_once"
            ),
            models.CheckConstraint(condition=Q(expires_on__gt=F("issued_on")), name="certificate_expires_after"),
            models.CheckConstraint(condition=Q(applied_on__lte=F("issued_on")), name="certificate_applied_before"),
            models.CheckConstraint(condition=Q(system_since__lte=F("issued_on")), name="certificate_system_before"),
        ]

    def __str__(self) -> str:
        return self.number


class CertificateEvent(Whence):
    """Something that happened to a certificate (证书事项); rows are added, and what they say is never changed.

    One that was recorded in error stays, is marked and no longer bears on anything; `corrects` names it.
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, verbose_name=_("证书"), related_name="events")
    kind = models.CharField(_("事项"), max_length=12, choices=EVENT_CHOICES)
    on = models.DateField(_("发生日期"))
    edition = models.CharField(_("换用版本"), max_length=20, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, verbose_name=_("更正的事项"), null=True, related_name="corrected_by"
    )
    is_corrected = models.BooleanField(_("已更正"), default=False)
    reason = models.CharField(_("依据和理由"), max_length=300)
    salt = models.CharField(max_length=64, editable=False)
    actor = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("操作人"), related_name="+")
    at = models.DateTimeField(_("时间"))
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)

    class Meta:
        verbose_name = _("证书事项")
        verbose_name_plural = _("证书事项")
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.CONVERT.value) & ~Q(edition="") | ~Q(kind=Kind.CONVERT.value) & Q(edition=""),
                name="certificate_event_edition",
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(kind__in=list(_ENDS), is_corrected=False),
                name="certificate_ends_once",
            ),
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(kind=Kind.ANNUL.value), name="certificate_annulled_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.CORRECT.value, corrects__isnull=False)
                | ~Q(kind=Kind.CORRECT.value) & Q(corrects__isnull=True),
                name="certificate_event_corrects",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class FileKind(models.TextChoices):
    """What a file of a certificate is."""

    SCAN = "scan", _("证书扫描件")
    LOOKUP = "lookup", _("查询截图")


class CertificateFile(models.Model):
    """A file kept with a certificate: its scan, or the screenshot of a look-up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate = models.ForeignKey(Certificate, models.PROTECT, verbose_name=_("证书"), related_name="files")
    kind = models.CharField(_("类别"), max_length=8, choices=FileKind.choices)
    filename = models.CharField(_("文件名"), max_length=200)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("上传人"), related_name="+")
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)

    class Meta:
        verbose_name = _("证书文件")
        verbose_name_plural = _("证书文件")
        ordering = ["uploaded_at"]

    def __str__(self) -> str:
        return self.filename


class LookupResult(models.TextChoices):
    """What the national look-up said."""

    MATCHES = "matches", _("与登记一致")
    DIFFERS = "differs", _("与登记不一致")
    NOT_FOUND = "not_found", _("查无此证")


class LookupCheck(models.Model):
    """Somebody held a certificate against the national look-up (查询核对)."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, verbose_name=_("证书"), related_name="lookups")
    result = models.CharField(_("查询结果"), max_length=10, choices=LookupResult.choices)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    salt = models.CharField(max_length=64, editable=False)
    screenshot = models.OneToOneField(CertificateFile, models.PROTECT, verbose_name=_("查询截图"), related_name="+")
    actor = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("查询人"), related_name="+")
    at = models.DateTimeField(_("查询时间"))

    class Meta:
        verbose_name = _("查询核对")
        verbose_name_plural = _("查询核对")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.certificate} {self.get_result_display()}"
