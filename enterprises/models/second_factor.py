"""The second step of signing in (两步验证): a secret for codes by the clock, and codes for the day it is lost."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .encrypted import EncryptedTextField

SECOND_STEP_TAKEN = "second_step_taken"  # of a session


class SecondFactor(models.Model):
    """A person's device. `next_secret` waits for its first code; until then the present one goes on holding.

    `last_step`: the time step of the last code that was taken; a code works once.
    """

    account = models.OneToOneField(
        "enterprises.Account", models.PROTECT, verbose_name=_("账户"), related_name="second_factor"
    )
    secret = EncryptedTextField(blank=True, editable=False)
    next_secret = EncryptedTextField(blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("启用时间"), null=True, editable=False)
    last_step = models.BigIntegerField(default=0, editable=False)
    failures = models.PositiveSmallIntegerField(_("连续错误次数"), default=0, editable=False)
    failed_at = models.DateTimeField(_("最近一次错误"), null=True, editable=False)

    class Meta:
        verbose_name = _("两步验证")
        verbose_name_plural = _("两步验证")

    def __str__(self) -> str:
        return f"{self.account_id}"


class RecoveryCode(models.Model):
    """A code that is taken once instead of the device's; only its digest is kept."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(_("使用时间"), null=True)

    class Meta:
        verbose_name = _("备用码")
        verbose_name_plural = _("备用码")
        constraints = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.factor_id}"
