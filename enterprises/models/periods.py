"""Facts that hold from a day to a day."""

from typing import Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.prepared import Day

M = TypeVar("M", bound=models.Model)


class PeriodQuerySet(models.QuerySet[M]):
    """Rows with `valid_from` and an inclusive, possibly empty `valid_to`."""

    def in_force(self, *, on: Day) -> Self:
        return self.filter(valid_from__lte=on).filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=on))


class Period(models.Model):
    """A fact valid from a day (inclusive) to a day (inclusive; null: still valid)."""

    valid_from = models.DateField(_("起始日"))
    valid_to = models.DateField(_("截止日"), null=True, blank=True)

    class Meta:
        abstract = True
