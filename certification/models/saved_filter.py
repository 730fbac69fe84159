"""Filters that a person keeps for a list (常用筛选)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FilteredList(models.TextChoices):
    """The lists that have saved filters."""

    REVIEWS = "reviews", _("审核")
    ENTERPRISES = "enterprises", _("企业名录")


class SavedFilter(models.Model):
    """What a person narrows a list to, under a name of their own; `query` holds the list's own parameters only."""

    owner = models.ForeignKey(
        "enterprises.Account", models.CASCADE, verbose_name=_("账户"), related_name="saved_filters"
    )
    list = models.CharField(_("列表"), max_length=12, choices=FilteredList.choices)
    name = models.CharField(_("名称"), max_length=30)
    query = models.JSONField(_("筛选条件"), default=dict)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    is_default = models.BooleanField(_("默认"), default=False)
    created_at = models.DateTimeField(_("建立时间"))

    class Meta:
        verbose_name = _("常用筛选")
        verbose_name_plural = _("常用筛选")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "list", "name"], name="saved_filter_name"),
            models.UniqueConstraint(
                fields=["owner", "list"], condition=models.Q(is_default=True), name="saved_filter_one_default"
            ),
            models.CheckConstraint(condition=models.Q(list__in=FilteredList.values), name="saved_filter_list"),
            models.CheckConstraint(condition=~models.Q(name=""), name="saved_filter_named"),
        ]

    def __str__(self) -> str:
        return self.name
