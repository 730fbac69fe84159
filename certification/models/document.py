"""The bureau's own papers (文书): certificates and letters, in which words they are issued, and what became of them.

Number, code and words are given in the transaction of the decision (services/documents.py); the file is made after it
by the worker (services/rendering.py). How a paper stands on a day is computed (document_life.py), never kept.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..document_life import Event
from ..paperwork import KIND_NAMES, Kind
from ..querysets import DocumentQuerySet
from ..wording import worded_later
from .rulebook import LEVEL_CHOICES

DOCUMENT_KINDS = [(kind.value, worded_later(KIND_NAMES[kind])) for kind in Kind]
EVENT_CHOICES = [
    (Event.SUSPENDED.value, _("暂停")),
    (Event.RESTORED.value, _("恢复")),
    (Event.REVOKED.value, _("撤销")),
    (Event.SUPERSEDED.value, _("换发")),
]


class DocumentWording(models.Model):
    """In which words a rule issues a kind of paper (文书样式), by whom, on what clause, under which number prefix.

    `level`: the level of the route that issues it; empty: each. Every change is a new version.
    """

    rule = models.ForeignKey(
        "certification.StageRule", models.CASCADE, verbose_name=_("阶段规则"), related_name="documents"
    )
    kind = models.CharField(_("文书种类"), max_length=12, choices=DOCUMENT_KINDS)
    level = models.CharField(_("签发层级"), max_length=12, choices=LEVEL_CHOICES, blank=True)
    prefix = models.CharField(_("编号前缀"), max_length=8)
    issuing_body = models.CharField(_("签发机关"), max_length=60)
    clause = models.CharField(_("依据条款"), max_length=200)
    title = models.CharField(_("标题"), max_length=40)
    body = models.TextField(_("正文"), max_length=2000)
    valid_months = models.PositiveSmallIntegerField(_("有效期（月）"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    class Meta:
        verbose_name = _("文书样式")
        verbose_name_plural = _("文书样式")
        ordering = ["rule", "kind", "level"]
        constraints = [models.UniqueConstraint(fields=["rule", "kind", "level"], name="document_wording_once")]

    def __str__(self) -> str:
        return f"{self.rule} · {self.title}"


class DocumentState(models.TextChoices):
    """How far a paper's file is."""

    PENDING = "pending", _("正在生成")
    FAILED = "failed", _("未能生成，将重试")
    RENDERED = "rendered", _("已生成")


WAITING = (DocumentState.PENDING, DocumentState.FAILED)


class Document(models.Model):
    """One paper. `content` is what it says, word for word; the ledger has its digest under `salt`.

    `page_…`: its pages before signature and proof were added, as the ledger's entry `page_number` says.
    """

    number = models.CharField(_("文书编号"), max_length=20, unique=True)
    code = models.CharField(_("查验码"), max_length=24, unique=True)
    kind = models.CharField(_("文书种类"), max_length=12, choices=DOCUMENT_KINDS)
    application = models.ForeignKey(
        "certification.Application", models.PROTECT, verbose_name=_("申报"), related_name="documents"
    )
    decision = models.ForeignKey(
        "certification.Decision",
        models.PROTECT,
        to_field="ledger_number",
        verbose_name=_("办理记录"),
        related_name="documents",
        null=True,
    )
    achievement = models.ForeignKey(
        "certification.Achievement",
        models.PROTECT,
        to_field="ledger_number",
        verbose_name=_("认定事实"),
        related_name="documents",
        null=True,
    )
    wording = models.ForeignKey(DocumentWording, models.PROTECT, verbose_name=_("文书样式"), related_name="+")
    wording_version = models.PositiveIntegerField(_("样式版本"))
    replaces = models.OneToOneField(
        "self", models.PROTECT, verbose_name=_("换发前的文书"), null=True, related_name="replaced_by"
    )
    holder = models.CharField(_("当日企业名称"), max_length=120)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18)
    issued_on = models.DateField(_("签发日期"))
    valid_until = models.DateField(_("有效期至"), null=True)
    issued_at = models.DateTimeField(_("签发时间"))
    issued_by = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("签发人"), related_name="+")
    content = models.JSONField(_("文书内容"))
    salt = models.CharField(_("摘要盐值"), max_length=64)
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)

    state = models.CharField(_("文件状态"), max_length=8, choices=DocumentState.choices, default=DocumentState.PENDING)
    tries = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    next_at = models.DateTimeField(_("下次尝试"))
    last_error = models.CharField(_("最近一次原因"), max_length=200, blank=True)
    retried_by = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("重新生成人"), null=True, related_name="+"
    )
    retried_at = models.DateTimeField(_("重新生成时间"), null=True)
    page_sha256 = models.CharField(_("版面的 SHA-256"), max_length=64, blank=True)
    page_size = models.PositiveIntegerField(_("版面字节数"), default=0)
    page_number = models.BigIntegerField(_("版面的台账号"), null=True, unique=True)
    rendered_at = models.DateTimeField(_("生成时间"), null=True)
    sha256 = models.CharField(_("文件的 SHA-256"), max_length=64, blank=True)
    size = models.PositiveIntegerField(_("文件字节数"), default=0)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("文书")
        verbose_name_plural = _("文书")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=~Q(state="rendered"), name="document_waiting"),
            models.Index(fields=["sha256"], condition=Q(state="rendered"), name="document_file"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="rendered", rendered_at__isnull=False, size__gt=0, page_number__isnull=False)
                | ~Q(state="rendered") & Q(rendered_at__isnull=True, sha256="", size=0),
                name="document_rendered_whole",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")),
                name="document_valid_from_issue",
            ),
            models.CheckConstraint(
                condition=Q(retried_by__isnull=True, retried_at__isnull=True)
                | Q(retried_by__isnull=False, retried_at__isnull=False),
                name="document_retried_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_ready(self) -> bool:
        return self.state == DocumentState.RENDERED


class DocumentEvent(models.Model):
    """What happened to a paper after it was issued: suspended, restored, revoked, superseded; with its ground."""

    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("文书"), related_name="events")
    kind = models.CharField(_("事项"), max_length=12, choices=EVENT_CHOICES)
    on = models.DateField(_("日期"))
    ground = models.CharField(_("依据和理由"), max_length=300)
    salt = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("操作人"), related_name="+")
    ledger_number = models.BigIntegerField(_("台账号"), unique=True)

    class Meta:
        verbose_name = _("文书事项")
        verbose_name_plural = _("文书事项")
        ordering = ["ledger_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(kind__in=["revoked", "superseded"]), name="document_ends_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.kind}"
