"""Ledger rows. The database itself refuses to change or delete an entry (guards.py)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .verbs import verb_choices

GENESIS = "0" * 64


class LedgerEntry(models.Model):
    """One recorded change (台账条目): gapless number, actor, verb, subject, payload, chained hashes."""

    number = models.BigIntegerField(_("台账号"), primary_key=True)
    at = models.DateTimeField(_("时间"))
    actor = models.CharField(_("操作人"), max_length=64)
    role = models.CharField(_("角色"), max_length=32)
    verb = models.CharField(_("事项"), max_length=40, choices=verb_choices)
    subject = models.CharField(_("对象"), max_length=120)
    enterprise = models.CharField(_("企业"), max_length=18, null=True)
    enterprise_seq = models.BigIntegerField(_("企业内序号"), null=True)
    enterprise_prev = models.CharField(_("企业内上一条摘要"), max_length=64)
    payload = models.TextField(_("内容"))
    prev = models.CharField(_("上一条摘要"), max_length=64)
    supersedes = models.BigIntegerField(_("更正的台账号"), null=True)
    canonical = models.BinaryField(_("被摘要的字节"))
    hash = models.CharField(_("摘要"), max_length=64)

    class Meta:
        verbose_name = _("台账条目")
        verbose_name_plural = _("台账")
        ordering = ["number"]
        indexes = [
            models.Index(fields=["subject", "number"], name="ledger_subject"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "enterprise_seq"], name="ledger_enterprise_seq"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="ledger_number_from_1"),
            models.CheckConstraint(
                condition=models.Q(enterprise__isnull=True, enterprise_seq__isnull=True)
                | models.Q(enterprise__isnull=False, enterprise_seq__gte=1),
                name="ledger_enterprise_has_seq",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.get_verb_display()} {self.subject}"


class LedgerHead(models.Model):
    """The last number and hash: the one row that every appending transaction locks, last."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(_("最后台账号"), default=0)
    hash = models.CharField(_("最后摘要"), max_length=64, default=GENESIS)

    class Meta:
        verbose_name = _("台账末端")
        verbose_name_plural = _("台账末端")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ledger_one_head")]

    def __str__(self) -> str:
        return f"#{self.number}"


class LedgerSubtree(models.Model):
    """The root of a complete subtree of the Merkle tree (ledger/tree.py); never changed, made again if it is gone."""

    level = models.PositiveSmallIntegerField(_("层"))
    position = models.BigIntegerField(_("位置"))
    root = models.CharField(_("根"), max_length=64)

    class Meta:
        verbose_name = _("台账子树")
        verbose_name_plural = _("台账子树")
        constraints = [models.UniqueConstraint(fields=["level", "position"], name="ledger_subtree_once")]

    def __str__(self) -> str:
        return f"{self.level}/{self.position}"


class LedgerCheckpoint(models.Model):
    """A signed statement (检查点): the first `size` entries have this root. `note` is the text that was signed."""

    size = models.BigIntegerField(_("条数"), primary_key=True)
    at = models.DateTimeField(_("时间"))
    root = models.CharField(_("根"), max_length=64)
    note = models.TextField(_("签名文本"))

    class Meta:
        verbose_name = _("台账检查点")
        verbose_name_plural = _("台账检查点")
        ordering = ["-size"]
        constraints = [models.CheckConstraint(condition=models.Q(size__gte=1), name="ledger_checkpoint_from_1")]

    def __str__(self) -> str:
        return f"{self.size}"
