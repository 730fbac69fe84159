"""What a ranked batch goes by and is decided by: its terms with their versions, late entries, the recommendations of
reporting units, frozen copies, the settings that were tried on them, and the one that was sealed.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BatchTerms(models.Model):
    """A version of a batch's terms (批次规则); `content` as certification/selection/terms.py keeps it."""

    batch = models.ForeignKey("certification.Batch", models.PROTECT, verbose_name=_("批次"), related_name="terms")
    version = models.PositiveSmallIntegerField(_("版本"))
    content = models.JSONField(_("规则内容"))
    reason = models.CharField(_("变更理由"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("设定时间"))
    made_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("设定人"), related_name="+")

    class Meta:
        verbose_name = _("批次规则")
        verbose_name_plural = _("批次规则")
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["batch", "version"], name="batch_terms_version")]

    def __str__(self) -> str:
        return f"{self.batch} v{self.version}"


class LateEntry(models.Model):
    """An enterprise that may still apply after the window (逾期申报特许): granted by whom, why, until when."""

    batch = models.ForeignKey(
        "certification.Batch", models.PROTECT, verbose_name=_("批次"), related_name="late_entries"
    )
    enterprise = models.ForeignKey("enterprises.Enterprise", models.PROTECT, verbose_name=_("企业"), related_name="+")
    reason = models.CharField(_("理由"), max_length=300)
    until = models.DateField(_("准予申报至"))
    granted_at = models.DateTimeField(_("准予时间"))
    granted_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("准予人"), related_name="+")

    class Meta:
        verbose_name = _("逾期申报特许")
        verbose_name_plural = _("逾期申报特许")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["batch", "enterprise"], name="late_entry_once")]

    def __str__(self) -> str:
        return f"{self.batch} {self.enterprise}"


class Recommended(models.Model):
    """An application's place in the ranked recommendation of its reporting unit (推荐排序)."""

    batch = models.ForeignKey("certification.Batch", models.PROTECT, verbose_name=_("批次"), related_name="recommended")
    unit = models.ForeignKey(
        "enterprises.ReportingUnit", models.PROTECT, verbose_name=_("统计单元"), related_name="+", db_index=False
    )
    application = models.OneToOneField(
        "certification.Application", models.PROTECT, verbose_name=_("申报"), related_name="recommended"
    )
    rank = models.PositiveSmallIntegerField(_("推荐次序"))
    ranked_at = models.DateTimeField(_("排序时间"))
    ranked_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("排序人"), related_name="+")

    class Meta:
        verbose_name = _("推荐排序")
        verbose_name_plural = _("推荐排序")
        ordering = ["unit", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "unit", "rank"], name="recommended_rank"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="recommended_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.rank}"


class FrozenCopy(models.Model):
    """The candidates of a batch with scores and facts of a moment (冻结副本); `digest` is on record."""

    batch = models.ForeignKey("certification.Batch", models.PROTECT, verbose_name=_("批次"), related_name="copies")
    content = models.JSONField(_("内容"))
    digest = models.CharField(_("内容摘要"), max_length=64)
    made_at = models.DateTimeField(_("冻结时间"))
    made_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("冻结人"), related_name="+")

    class Meta:
        verbose_name = _("冻结副本")
        verbose_name_plural = _("冻结副本")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.batch} {self.digest[:8]}"


class TriedSetting(models.Model):
    """A setting that was tried on a frozen copy, and kept (模拟方案)."""

    copy = models.ForeignKey(FrozenCopy, models.PROTECT, verbose_name=_("冻结副本"), related_name="settings")
    name = models.CharField(_("方案名称"), max_length=60)
    content = models.JSONField(_("内容"))
    kept_at = models.DateTimeField(_("保存时间"))
    kept_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("保存人"), related_name="+")

    class Meta:
        verbose_name = _("模拟方案")
        verbose_name_plural = _("模拟方案")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["copy", "name"], name="tried_setting_name")]

    def __str__(self) -> str:
        return self.name


class Seal(models.Model):
    """The setting by which a batch is decided (封存方案): one a batch, on record before names are shown to anybody.

    `chosen`: the numbers of the applications that are in, in the order of their places; `salt`: of its commitment.
    """

    batch = models.OneToOneField("certification.Batch", models.PROTECT, verbose_name=_("批次"), related_name="seal")
    setting = models.OneToOneField(TriedSetting, models.PROTECT, verbose_name=_("模拟方案"), related_name="seal")
    chosen = models.JSONField(_("入围申报"))
    salt = models.CharField(_("摘要盐值"), max_length=64)
    sealed_at = models.DateTimeField(_("封存时间"))
    sealed_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("封存人"), related_name="+")

    class Meta:
        verbose_name = _("封存方案")
        verbose_name_plural = _("封存方案")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.batch} {self.setting}"
