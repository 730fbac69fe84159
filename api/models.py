"""What the API itself keeps: the answers given to requests that carried an Idempotency-Key."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from enterprises.models.encrypted import EncryptedTextField


class KeptAnswer(models.Model):
    """The first answer to a key of an account; a repetition within its time gets it again."""

    account = models.ForeignKey("enterprises.Account", models.CASCADE, verbose_name=_("账户"), related_name="+")
    key = models.CharField(_("幂等键"), max_length=200)
    request = models.CharField(_("请求摘要"), max_length=64)
    status = models.PositiveSmallIntegerField(_("状态码"), default=0)
    headers = models.JSONField(_("应答头"), default=dict)
    body = EncryptedTextField(_("应答内容"), blank=True)
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("幂等应答")
        verbose_name_plural = _("幂等应答")
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="kept_answer_once")]
        indexes = [models.Index(fields=["account", "created_at"], name="kept_answer_age")]

    def __str__(self) -> str:
        return self.key
