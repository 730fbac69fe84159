"""What belongs to a title (称号) beside its achievement: the document, re-examinations, the guidance of a year.

The achievement says that an enterprise has a title and since when; how the title stands on a day follows from these
rows (title_life.py). Rows are added by services only, each with its ledger entry, and never changed: what was wrong is
annulled with its achievement and recorded anew.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..programmes import STAGES, TITLES
from ..wording import worded_later

TITLE_CHOICES = [(code, worded_later((STAGES[code].name_zh, STAGES[code].name_en))) for code in TITLES]


class TitleLevel(models.TextChoices):
    """Who gives a title."""

    NATIONAL = "national", _("国家级")
    PROVINCIAL = "provincial", _("省级")
    CITY = "city", _("市级")


class TitleTerms(models.Model):
    """After how many months a kind of title is re-examined (称号复核规则); none: it is not."""

    stage = models.CharField(_("称号"), max_length=40, primary_key=True, choices=TITLE_CHOICES)
    reexamine_months = models.PositiveSmallIntegerField(
        _("复核间隔（月）"), null=True, blank=True, help_text=_("不复核的留空")
    )
    basis = models.CharField(_("依据"), max_length=200)

    class Meta:
        verbose_name = _("称号复核规则")
        verbose_name_plural = _("称号复核规则")
        ordering = ["stage"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reexamine_months__isnull=True) | Q(reexamine_months__gte=1), name="title_terms_months"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_stage_display())


class Recorded(models.Model):
    """Base of what is recorded of a title: by whom, when, under which entry."""

    recorded_at = models.DateTimeField(_("记录时间"))
    recorded_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("记录人"), related_name="+")
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)

    class Meta:
        abstract = True


class TitleDocument(Recorded):
    """The document that a title rests on, its level, its period, and the day of its first re-examination."""

    achievement = models.OneToOneField(
        "certification.Achievement", models.PROTECT, verbose_name=_("认定事实"), related_name="title"
    )
    document = models.CharField(_("文号"), max_length=80)
    issued_by = models.CharField(_("发文机关"), max_length=80)
    level = models.CharField(_("级别"), max_length=10, choices=TitleLevel.choices)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    reexamine_on = models.DateField(_("首次复核日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("称号文件")
        verbose_name_plural = _("称号文件")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(reexamine_on__isnull=True)
                | Q(reexamine_on__lte=F("valid_until")),
                name="title_reexamined_in_period",
            )
        ]

    def __str__(self) -> str:
        return self.document


class Reexamination(Recorded):
    """A re-examination (复核) that was held. Passed, it opens the next period; failed, the title is revoked with it."""

    achievement = models.ForeignKey(
        "certification.Achievement", models.PROTECT, verbose_name=_("认定事实"), related_name="reexaminations"
    )
    due_on = models.DateField(_("应复核日期"))
    examined_on = models.DateField(_("复核日期"))
    passed = models.BooleanField(_("通过"))
    document = models.CharField(_("复核文号"), max_length=80, blank=True)
    words = models.TextField(_("复核意见"), max_length=300)
    valid_until = models.DateField(_("新的有效期至"), null=True, blank=True)
    reexamine_on = models.DateField(_("下次复核日期"), null=True, blank=True)
    salt = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("称号复核")
        verbose_name_plural = _("称号复核")
        ordering = ["examined_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["achievement", "due_on"], name="reexamination_once"),
            models.UniqueConstraint(
                fields=["achievement"], condition=Q(passed=False), name="reexamination_failed_once"
            ),
            models.CheckConstraint(
                condition=Q(passed=True) | Q(valid_until__isnull=True, reexamine_on__isnull=True),
                name="reexamination_failed_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.achievement} {self.examined_on}"


class Guidance(Recorded):
    """A step of the guidance of a year (培育指导): a visit, an adviser recommended, what was achieved."""

    achievement = models.ForeignKey(
        "certification.Achievement", models.PROTECT, verbose_name=_("认定事实"), related_name="guidance"
    )
    on = models.DateField(_("指导日期"))
    by = models.CharField(_("指导人员"), max_length=200)
    done = models.TextField(_("指导内容"), max_length=2000)
    achieved = models.TextField(_("取得成效"), max_length=2000, blank=True)
    organisation = models.ForeignKey(
        "certification.Organisation",
        models.PROTECT,
        verbose_name=_("推介的服务机构"),
        null=True,
        blank=True,
        related_name="+",
    )
    salt = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("培育指导记录")
        verbose_name_plural = _("培育指导记录")
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.achievement} {self.on}"
