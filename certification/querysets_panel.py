"""Seeing batches, evaluations and notices is a queryset too; and the counts that tell sittings apart."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, QuerySet

from enterprises.roles import Role
from ledger.prepared import Day

if TYPE_CHECKING:
    from .models import Batch, Decision, Evaluation, PublicNotice


LEFT = ("recused", "released")  # what an expert no longer takes part in


def _decisions(application: Any) -> "QuerySet[Decision]":
    rows: QuerySet[Decision] = apps.get_model("certification", "Decision")._default_manager.all()
    return rows.filter(application=application).order_by()


def sittings(application: Any) -> "QuerySet[Decision, Any]":
    """How often an application was sent to the experts: the number of its present sitting."""
    sent = _decisions(application).filter(to_status="evaluating")
    return sent.values("application").annotate(count=Count("pk")).values("count")


def appeals(application: Any) -> "QuerySet[Decision]":
    return _decisions(application).filter(action="object")


class BatchQuerySet(models.QuerySet["Batch"]):
    """Batches (批次)."""

    def visible_to(self, account: Any) -> Self:
        """The city runs them."""
        return self.all() if getattr(account, "role", "") == Role.CITY_REVIEWER else self.none()

    def open_window(self, *, on: Day) -> Self:
        """Those in whose window a day lies."""
        return self.announced(on=on).filter(opens_on__lte=on)

    def announced(self, *, on: Day) -> Self:
        """Those that have been opened and whose window has not passed: it may begin later."""
        return self.filter(state="open", closes_on__gte=on)


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    """Evaluations (专家评审)."""

    def visible_to(self, account: Any) -> Self:
        """An expert's own, unless they stepped back or were let go of; to the city all."""
        match getattr(account, "role", ""):
            case Role.EXPERT:
                return self.filter(expert=account).exclude(state__in=LEFT)
            case Role.CITY_REVIEWER:
                return self.all()
        return self.none()

    def overdue(self, *, on: date) -> Self:
        return self.filter(state="assigned", due_on__lt=on)


class NoticeQuerySet(models.QuerySet["PublicNotice"]):
    """Public notices (公示): anybody reads them."""
