"""Findings (不符合项): what a review or an evaluation found wanting in a round, how it was put right, who closed it.

Only services/findings.py and services/proposals.py write them. What people wrote is never in the ledger, which keeps
salted digests of it.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import FindingAnswerQuerySet, FindingQuerySet


class Severity(models.TextChoices):
    """How grave a finding is."""

    MINOR = "minor", _("一般")
    MAJOR = "major", _("严重")


class FindingStatus(models.TextChoices):
    """Where a finding stands: with the enterprise, with the reviewers, closed; or dropped with the result behind it."""

    OPEN = "open", _("待整改")
    ANSWERED = "answered", _("待核实")
    CLOSED = "closed", _("已关闭")
    DROPPED = "dropped", _("已撤销")


ENDED = (FindingStatus.CLOSED.value, FindingStatus.DROPPED.value)


class Finding(models.Model):
    """A finding of one round. One that is open when the next round is applied for is carried into it.

    `closed_in` is the application of the later round in which it was closed, where there was one. `evaluation` is the
    code of the experts' sitting that found it; empty: a reviewer did.
    """

    number = models.CharField(_("不符合项编号"), max_length=20, unique=True)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, verbose_name=_("企业"), related_name="findings"
    )
    application = models.ForeignKey(
        "certification.Application", models.PROTECT, verbose_name=_("申报"), related_name="findings"
    )
    round = models.PositiveSmallIntegerField(_("轮次"))
    evaluation = models.CharField(_("评价编号"), max_length=40, blank=True)
    module = models.CharField(_("模块"), max_length=20, blank=True)
    clause = models.CharField(_("条款"), max_length=40)
    text = models.TextField(_("不符合事实"))
    severity = models.CharField(_("严重程度"), max_length=5, choices=Severity.choices)
    due_on = models.DateField(_("整改期限"))
    status = models.CharField(_("状态"), max_length=8, choices=FindingStatus.choices, default=FindingStatus.OPEN.value)
    raised_at = models.DateTimeField(_("提出时间"))
    raised_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("提出人"), related_name="+")
    salt = models.CharField(max_length=64, editable=False)
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)
    closed_by = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("关闭人"), null=True, blank=True, related_name="+"
    )
    closed_in = models.ForeignKey(
        "certification.Application",
        models.PROTECT,
        verbose_name=_("关闭时的申报"),
        null=True,
        blank=True,
        related_name="+",
    )
    closing_reason = models.TextField(_("关闭理由"), blank=True)
    closing_salt = models.CharField(max_length=64, blank=True, editable=False)
    closing_number = models.BigIntegerField(_("关闭的台账号"), null=True, blank=True, unique=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("不符合项")
        verbose_name_plural = _("不符合项")
        ordering = ["-id"]
        indexes = [models.Index(fields=["enterprise", "status", "round"], name="finding_open")]
        constraints = [
            models.CheckConstraint(condition=models.Q(round__gte=1), name="finding_round"),
            models.CheckConstraint(condition=models.Q(status__in=FindingStatus.values), name="finding_status"),
            models.CheckConstraint(condition=models.Q(severity__in=Severity.values), name="finding_severity"),
            models.CheckConstraint(
                condition=models.Q(status__in=ENDED, closed_at__isnull=False, closing_number__isnull=False)
                | (~models.Q(status__in=ENDED) & models.Q(closed_at__isnull=True, closing_number__isnull=True)),
                name="finding_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ProposedFinding(models.Model):
    """What an expert marks as a finding on an item of the sheet; sealed as the scores are.

    Nothing of the enterprise's until the result is confirmed: then services/proposals.py puts it on record.
    """

    evaluation = models.ForeignKey(
        "certification.Evaluation", models.PROTECT, verbose_name=_("专家评审"), related_name="proposals"
    )
    item = models.ForeignKey("certification.SheetItem", models.PROTECT, verbose_name=_("评分项"))
    module = models.CharField(_("模块"), max_length=20, blank=True)
    clause = models.CharField(_("条款"), max_length=40, blank=True)
    severity = models.CharField(_("严重程度"), max_length=5, choices=Severity.choices, blank=True)
    text = models.CharField(_("不符合事实"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("拟提不符合项")
        verbose_name_plural = _("拟提不符合项")
        ordering = ["item__order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "item"], name="proposed_finding_once_an_item"),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation} {self.item}: {self.clause}"


class FindingAnswer(models.Model):
    """What an enterprise did about a finding (整改答复), with one file as evidence; a reviewer may not accept it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, verbose_name=_("不符合项"), related_name="answers")
    text = models.TextField(_("整改措施"))
    filename = models.CharField(_("文件名"), max_length=200)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("提交人"), related_name="+")
    salt = models.CharField(max_length=64, editable=False)
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)
    refused_at = models.DateTimeField(_("退回时间"), null=True, blank=True)
    refused_by = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("退回人"), null=True, blank=True, related_name="+"
    )
    refused_for = models.TextField(_("退回理由"), blank=True)
    refused_salt = models.CharField(max_length=64, blank=True, editable=False)
    refused_number = models.BigIntegerField(_("退回的台账号"), null=True, blank=True, unique=True)

    objects = FindingAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("整改答复")
        verbose_name_plural = _("整改答复")
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.finding} {self.filename}"
