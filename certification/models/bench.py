"""The import bench: files that were handed in, what was found in each, and which row made which fact.

A file's state changes in the transaction that writes what the state speaks of, so that a task delivered twice
has one effect.
"""

import uuid
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from enterprises.rights import may_see_imports

from .background import Job


class ImportKind(models.TextChoices):
    """What the rows of a file are."""

    ENTERPRISES = "enterprises", _("企业")
    ACHIEVEMENTS = "achievements", _("认定事实")
    CREDIT_CHECKS = "credit_checks", _("信用核查")
    PRIORITIES = "priorities", _("优先标识")


class ImportState(models.TextChoices):
    """Where a file stands. `unreadable`: refused as a whole; it ends there."""

    CHECKING = "checking", _("检查中")
    UNREADABLE = "unreadable", _("未能读取")
    CHECKED = "checked", _("已检查，待确认")
    APPLYING = "applying", _("导入中")
    APPLIED = "applied", _("已导入")
    UNDOING = "undoing", _("撤销中")
    UNDONE = "undone", _("已撤销")


BUSY = (ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING)


class ImportFileQuerySet(models.QuerySet["ImportFile"]):
    """Files handed in for import."""

    def visible_to(self, account: Any) -> Self:
        """All of them for those who import or audit, none for others."""
        allowed = getattr(account, "is_authenticated", False) and may_see_imports(account)
        return self.all() if allowed else self.none()


class ImportFile(models.Model):
    """A file handed in (导入文件). Its bytes lie under `key`, see bench/intake.py.

    The numbers are of rows, and of the last look at the file; `refusals` say why it could not be read, or why
    the last thing that was asked for was not done; `first_ledger` and `last_ledger` are the entries it made.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("内容"), max_length=16, choices=ImportKind.choices)
    filename = models.CharField(_("文件名"), max_length=150)
    size = models.PositiveBigIntegerField(_("字节数"))
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField(_("状态"), max_length=12, choices=ImportState.choices, default=ImportState.CHECKING)
    uploaded_by = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("上传人"), related_name="+", db_index=False
    )
    uploaded_at = models.DateTimeField(_("上传时间"))
    at_once = models.BooleanField(_("检查后直接导入"), default=False)
    skip_bad_rows = models.BooleanField(_("只导入正确的行"), default=False)
    rows = models.PositiveIntegerField(_("总行数"), default=0)
    new = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("记载终止"), default=0)
    unchanged = models.PositiveIntegerField(_("已登记且一致"), default=0)
    repeated = models.PositiveIntegerField(_("文件内重复"), default=0)
    bad_rows = models.PositiveIntegerField(_("有误的行"), default=0)
    bad_cells = models.PositiveIntegerField(_("错误"), default=0)
    remarks = models.JSONField(_("提示"), default=list)
    refusals = models.JSONField(_("不予办理的原因"), default=list)
    checked_at = models.DateTimeField(_("检查时间"), null=True)
    confirmed_by = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("确认人"), null=True, related_name="+", db_index=False
    )
    applied_at = models.DateTimeField(_("导入时间"), null=True)
    undone_by = models.ForeignKey(
        "enterprises.Account", models.PROTECT, verbose_name=_("撤销人"), null=True, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    first_ledger = models.BigIntegerField(_("首个台账号"), null=True)
    last_ledger = models.BigIntegerField(_("末个台账号"), null=True)
    job = models.ForeignKey(Job, models.PROTECT, verbose_name=_("任务"), null=True, related_name="+", db_index=False)

    objects = ImportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入文件")
        verbose_name_plural = _("导入文件")
        ordering = ["-id"]
        indexes = [models.Index(fields=["sha256"], name="import_sha256")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ImportKind.values), name="import_kind"),
            models.CheckConstraint(condition=models.Q(state__in=ImportState.values), name="import_state"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["applied", "undoing", "undone"]) | models.Q(applied_at__isnull=False),
                name="import_applied_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state="undone", undone_at__isnull=False)
                | (~models.Q(state="undone") & models.Q(undone_at__isnull=True)),
                name="import_undone_when",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_busy(self) -> bool:
        """Whether something is being done with it."""
        return self.state in BUSY

    @property
    def makes_changes(self) -> bool:
        return bool(self.new or self.changed)

    @property
    def suffix(self) -> str:
        """The extension, small, with its dot."""
        return "." + self.filename.rpartition(".")[2].lower()


class Effect(models.TextChoices):
    """What a row did."""

    NEW = "new", _("新增")
    ENDED = "ended", _("记载终止")


class ImportRow(models.Model):
    """Which row of which file made which fact (导入来源), and under which ledger number; kept when it is undone."""

    file = models.ForeignKey(ImportFile, models.PROTECT, verbose_name=_("文件"), related_name="made", db_index=False)
    line = models.PositiveIntegerField(_("行号"))
    effect = models.CharField(_("结果"), max_length=8, choices=Effect.choices)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, db_index=True)
    achievement = models.ForeignKey(
        "certification.Achievement", models.PROTECT, verbose_name=_("认定事实"), null=True, related_name="+"
    )
    ledger_number = models.BigIntegerField(_("台账号"))

    class Meta:
        verbose_name = _("导入来源")
        verbose_name_plural = _("导入来源")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["file", "line"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.line}"


class ImportFault(models.Model):
    """One thing wrong in a row (导入错误), as it was found at the last look at the file.

    `is_tie`: not wrong, but what was built on the row since, and so stands against undoing the import.
    """

    file = models.ForeignKey(ImportFile, models.CASCADE, verbose_name=_("文件"), related_name="faults", db_index=False)
    line = models.PositiveIntegerField(_("行号"))
    column = models.CharField(_("列"), max_length=60)
    value = models.CharField(_("值"), max_length=200, blank=True)
    reason = models.CharField(_("原因"), max_length=500)
    is_tie = models.BooleanField(_("后续依赖"), default=False)

    class Meta:
        verbose_name = _("导入错误")
        verbose_name_plural = _("导入错误")
        ordering = ["id"]
        indexes = [models.Index(fields=["file", "is_tie", "id"], name="import_fault_file")]

    def __str__(self) -> str:
        return f"{self.line} {self.column}"


class ImportSum(models.Model):
    """What a file holds of one unit, stage and year (结算), by what became of its rows.

    Unit "", year 0: not to be told from the row. The registry's own count stands beside it (bench/closing.py).
    """

    file = models.ForeignKey(ImportFile, models.CASCADE, verbose_name=_("文件"), related_name="sums", db_index=False)
    unit = models.CharField(_("统计单元"), max_length=20, blank=True)
    stage = models.CharField(_("阶段"), max_length=40, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    rows = models.PositiveIntegerField(_("总行数"))
    new = models.PositiveIntegerField(_("新增"))
    changed = models.PositiveIntegerField(_("记载终止"))
    unchanged = models.PositiveIntegerField(_("已登记且一致"))
    repeated = models.PositiveIntegerField(_("文件内重复"))
    bad = models.PositiveIntegerField(_("有误"))

    class Meta:
        verbose_name = _("导入结算")
        verbose_name_plural = _("导入结算")
        ordering = ["unit", "stage", "year"]
        constraints = [
            models.UniqueConstraint(fields=["file", "unit", "stage", "year"], name="import_sum_once"),
            models.CheckConstraint(
                condition=models.Q(
                    rows=models.F("new")
                    + models.F("changed")
                    + models.F("unchanged")
                    + models.F("repeated")
                    + models.F("bad")
                ),
                name="import_sum_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.stage} {self.year}"
