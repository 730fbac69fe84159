"""What applicants edit in an application (修改记录): before and after, who, when, and from where.

Free text of people: shown to those who may see the application, never in the ledger.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from enterprises.models.whence import Whence

from ..querysets import ApplicationChangeQuerySet


class Part(models.TextChoices):
    """What of an application was edited."""

    FIELD = "field", _("填报内容")
    MODULES = "modules", _("模块选择")
    EVIDENCE = "evidence", _("佐证材料")


class ApplicationChange(Whence):
    """An edit of one thing of an application.

    `round` counts the submissions before it. `item` is the field's code, a paper's id, empty for the modules; `code`
    the field or paper requirement it is about. `before` and `after` hold what is kept as JSON text (a paper: its file
    name), empty for nothing. The same person's edits of one thing in a row, in one round and from one place, are one
    row: the first before, the last after, `times` how many.
    """

    application = models.ForeignKey(
        "certification.Application", models.CASCADE, verbose_name=_("申报"), related_name="changes"
    )
    round = models.PositiveSmallIntegerField(_("提交轮次"))
    part = models.CharField(_("部分"), max_length=8, choices=Part.choices)
    code = models.CharField(_("字段"), max_length=40, blank=True)
    item = models.CharField(_("项目"), max_length=40, blank=True)
    before = models.TextField(_("变更前"), blank=True)
    after = models.TextField(_("变更后"), blank=True)
    times = models.PositiveIntegerField(_("次数"), default=1)
    first_at = models.DateTimeField(_("首次修改时间"))
    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey("enterprises.Account", models.PROTECT, verbose_name=_("操作人"), related_name="+")

    objects = ApplicationChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("修改记录")
        verbose_name_plural = _("修改记录")
        ordering = ["-id"]
        indexes = [models.Index(fields=["application", "round", "part", "item"], name="application_change_item")]
        constraints = [
            models.CheckConstraint(condition=models.Q(part__in=Part.values), name="application_change_part"),
            models.CheckConstraint(condition=models.Q(times__gte=1), name="application_change_times"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.part} {self.code}"
