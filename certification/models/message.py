"""Messages (通知): what a person was told, how it went out by e-mail, and in which words.

A message holds codes, no sentence: it is worded when it is read, in the reader's language. That a move tells a person
once is a constraint: `source` names the ledger entry, job or day that the message comes from.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..notices.kinds import KIND_CHOICES
from ..querysets import MessageQuerySet


class Message(models.Model):
    """Something that one person was told. `about`: what it opens, e.g. application:SQ2026000001."""

    recipient = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("收件人"), related_name="messages", db_index=False
    )
    kind = models.CharField(_("事项"), max_length=40, choices=KIND_CHOICES)
    source = models.CharField(_("来源"), max_length=60)
    about = models.CharField(_("对象"), max_length=120, blank=True)
    params = models.JSONField(_("参数"), default=dict, blank=True)
    created_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="message_recipient"),
            models.Index(fields=["recipient", "-id"], condition=Q(read_at__isnull=True), name="message_unread"),
        ]
        constraints = [models.UniqueConstraint(fields=["recipient", "source"], name="message_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class DeliveryState(models.TextChoices):
    """How far a message has gone out."""

    WAITING = "waiting", _("待发送")
    FAILED = "failed", _("未成功，将重试")
    SENT = "sent", _("已发送")
    GIVEN_UP = "given_up", _("停止重试")


OPEN_STATES = (DeliveryState.WAITING, DeliveryState.FAILED)


class Channel(models.TextChoices):
    """By what a message goes out."""

    EMAIL = "email", _("电子邮件")


class Delivery(models.Model):
    """A message on its way out (投递记录). `sent_to` and `last_error` name no address, only its outline.

    `next_at` is when it is tried next; whoever tries it sets it ahead first, so that nobody else does meanwhile.
    """

    message = models.ForeignKey(Message, models.CASCADE, verbose_name=_("通知"), related_name="deliveries")
    channel = models.CharField(_("方式"), max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    state = models.CharField(_("状态"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    next_at = models.DateTimeField(_("下次尝试"))
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    sent_to = models.CharField(_("收件地址"), max_length=120, blank=True)
    last_error = models.CharField(_("最近一次原因"), max_length=200, blank=True)
    retried_by = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("重新发送人"), null=True, blank=True, related_name="+"
    )
    retried_at = models.DateTimeField(_("重新发送时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("通知投递")
        verbose_name_plural = _("通知投递")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(state__in=["waiting", "failed"]), name="delivery_due")
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once_a_channel"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="delivery_sent_when",
            ),
            models.CheckConstraint(
                condition=Q(retried_by__isnull=True, retried_at__isnull=True)
                | Q(retried_by__isnull=False, retried_at__isnull=False),
                name="delivery_retried_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it will be tried again by itself."""
        return self.state in OPEN_STATES


class MessageWording(models.Model):
    """In which words a kind of message is told (通知文案); placeholders are those of its kind."""

    kind = models.CharField(_("事项"), max_length=40, primary_key=True, choices=KIND_CHOICES)
    subject_zh = models.CharField(_("标题（中文）"), max_length=80)
    subject_en = models.CharField(_("标题（英文）"), max_length=160)
    body_zh = models.TextField(_("正文（中文）"), max_length=1000)
    body_en = models.TextField(_("正文（英文）"), max_length=2000)

    class Meta:
        verbose_name = _("通知文案")
        verbose_name_plural = _("通知文案")
        ordering = ["kind"]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class MessageCheckpoint(models.Model):
    """Up to which ledger entry people have been told; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(_("台账号"), default=0)
    told_at = models.DateTimeField(_("时间"), null=True)

    class Meta:
        verbose_name = _("通知进度")
        verbose_name_plural = _("通知进度")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="message_checkpoint_one")]

    def __str__(self) -> str:
        return f"#{self.number}"
