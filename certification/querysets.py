"""Seeing is a queryset, and questions of time take the day."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from enterprises.roles import Role
from ledger.prepared import Day

from .document_life import FINAL, SHOWN_AS, Event, Standing
from .querysets_panel import LEFT
from .stages import WITH_REVIEWER, Status

if TYPE_CHECKING:
    from .models import (
        Achievement,
        Application,
        ApplicationChange,
        Document,
        Evidence,
        Finding,
        FindingAnswer,
        IndicatorVersion,
        Message,
    )


def application_scope(account: Any, prefix: str = "") -> Q:
    """The applications an account may open: its enterprise's own, or those submitted in its area.

    Drafts are the applicant's alone. Monitor and plan manager read, so that every figure opens to the
    decisions behind it; moves are decided by rights.py. `prefix` reaches an application from another model.
    """
    if not getattr(account, "is_authenticated", False):
        return Q(pk__in=[])
    submitted = Q(**{f"{prefix}submitted_at__isnull": False})
    match account.role:
        case Role.APPLICANT:
            return Q(**{f"{prefix}enterprise_id": account.enterprise_id}) & Q(**{f"{prefix}enterprise__isnull": False})
        case Role.TOWNSHIP_REVIEWER:
            return submitted & Q(**{f"{prefix}township_id": account.township_id})
        case Role.DISTRICT_REVIEWER:
            return submitted & Q(**{f"{prefix}reporting_unit_id": account.unit_id})
        case Role.CITY_REVIEWER | Role.PLAN_MANAGER:
            return submitted
        case Role.MONITOR:
            return submitted & Q(**({f"{prefix}reporting_unit_id": account.unit_id} if account.unit_id else {}))
    return Q(pk__in=[])


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications (申报)."""

    def visible_to(self, account: Any) -> Self:
        return self.filter(application_scope(account))

    def awaiting(self, account: Any) -> Self:
        """The worklist of a reviewer: what stands at the reviewer's own level in their area."""
        level = {
            Role.TOWNSHIP_REVIEWER: "township",
            Role.DISTRICT_REVIEWER: "district",
            Role.CITY_REVIEWER: "city",
        }.get(account.role, "")
        statuses = [status.value for status in WITH_REVIEWER]
        return self.visible_to(account).filter(status__in=statuses, level=level)

    def overdue(self, *, on: date) -> Self:
        return self.filter(due_on__lt=on, status__in=[status.value for status in WITH_REVIEWER])

    def uncorrected(self, *, on: date) -> Self:
        """Returned, and the last day for the correction has passed: to be treated as withdrawn."""
        return self.filter(correct_by__lt=on, status=Status.RETURNED.value)

    def with_file(self) -> Self:
        """With what a list row shows, in one query."""
        return self.select_related("enterprise", "township", "reporting_unit", "rule__rulebook")


def _open_to(account: Any) -> "models.QuerySet[Any]":
    """The evaluations that an expert still takes part in."""
    return account.evaluations.exclude(state__in=LEFT)  # type: ignore[no-any-return]


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence (佐证材料)."""

    def visible_to(self, account: Any) -> Self:
        """The papers of the applications in sight; to all but the applicant, only those that were handed in.

        An expert reads those of the applications that they evaluate.
        """
        role = getattr(account, "role", "")
        if role == Role.EXPERT:
            return self.filter(application__evaluations__in=_open_to(account)).handed_in()
        seen = self.filter(application_scope(account, "application__"))
        return seen if role == Role.APPLICANT else seen.handed_in()

    def handed_in(self) -> Self:
        """On file at a submission, whether or not taken off since."""
        submitted_at = F("application__decisions__at")
        handed_in = self.model._default_manager.filter(
            Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=submitted_at),
            application__decisions__action="submit",
            application__decisions__at__gte=F("uploaded_at"),
            pk=OuterRef("pk"),
        )
        return self.filter(Exists(handed_in))

    def on_file(self, *, as_of: datetime | None = None) -> Self:
        """On file now, or as it was at a moment."""
        if as_of is None:
            return self.filter(withdrawn_at__isnull=True)
        standing = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=as_of)
        return self.filter(standing, uploaded_at__lte=as_of)


class FindingQuerySet(models.QuerySet["Finding"]):
    """Findings (不符合项)."""

    def visible_to(self, account: Any) -> Self:
        """Those of the applications in sight."""
        return self.filter(application_scope(account, "application__"))

    def with_file(self) -> Self:
        """With what a list row and a page show."""
        people = ("raised_by", "closed_by", "closed_in")
        return self.select_related("enterprise", "application__enterprise", "application__rule__edition", *people)

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class FindingAnswerQuerySet(models.QuerySet["FindingAnswer"]):
    """Answers to findings (整改答复)."""

    def visible_to(self, account: Any) -> Self:
        return self.filter(application_scope(account, "finding__application__"))


class ApplicationChangeQuerySet(models.QuerySet["ApplicationChange"]):
    """Edits of applications (修改记录)."""

    def visible_to(self, account: Any) -> Self:
        """All of them to the applicant; to others what a submission came to say otherwise than the one before.

        `was` is what the thing said before: for the applicant before this edit, for others at the submission before.
        """
        seen = self.filter(application_scope(account, "application__"))
        if getattr(account, "role", "") == Role.APPLICANT:
            return seen.annotate(was=F("before"))
        same = self.model._default_manager.filter(
            application=OuterRef("application"), round=OuterRef("round"), part=OuterRef("part"), item=OuterRef("item")
        )
        submitted = self.model._default_manager.filter(
            pk=OuterRef("pk"), application__decisions__action="submit"
        ).order_by()
        handed_in = submitted.values("pk").annotate(n=models.Count("application__decisions")).values("n")
        return (
            seen.filter(round__lt=Subquery(handed_in))
            .exclude(Exists(same.filter(pk__gt=OuterRef("pk"))))
            .annotate(was=Subquery(same.order_by("pk").values("before")[:1]))
            .exclude(after=F("was"))
        )


class AchievementQuerySet(models.QuerySet["Achievement"]):
    """Achievements (认定事实)."""

    def counting(self, *, on: Day) -> Self:
        """Effective by the day, not annulled, not revoked by the day."""
        return (
            self.filter(effective_on__lte=on)
            .exclude(ended_reason="annulled")
            .exclude(ended_reason="revoked", ended_on__lte=on)
        )

    def in_force(self, *, on: Day) -> Self:
        """Effective by the day, not annulled, not ended by the day for any reason (revoked among them)."""
        lasting = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
        return self.filter(lasting, effective_on__lte=on).exclude(ended_reason="annulled")


class IndicatorVersionQuerySet(models.QuerySet["IndicatorVersion"]):
    """Versions of indicators."""

    def in_force(self, *, on: date) -> Self:
        """The version of each indicator that holds on a day (the first one for an earlier day)."""
        later = self.model._default_manager.filter(
            indicator=models.OuterRef("indicator"), in_force_from__lte=on
        ).order_by("-in_force_from", "-version")
        first = self.model._default_manager.filter(indicator=models.OuterRef("indicator")).order_by("version")
        chosen = Coalesce(models.Subquery(later.values("pk")[:1]), models.Subquery(first.values("pk")[:1]))
        return self.filter(pk=chosen)

    def of_plan(self, code: str) -> Self:
        return self.filter(indicator__plan_id=code).select_related("indicator__plan").order_by("indicator__order")


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages (通知)."""

    def visible_to(self, account: Any) -> Self:
        """A person's own, and nobody else's."""
        return self.filter(recipient=account) if getattr(account, "is_authenticated", False) else self.none()

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class DocumentQuerySet(models.QuerySet["Document"]):
    """The bureau's own papers (文书)."""

    def with_file(self) -> Self:
        return self.select_related("application__enterprise", "achievement", "replaced_by", "replaces")

    def visible_to(self, account: Any) -> Self:
        """Those of the applications in sight."""
        return self.filter(application_scope(account, "application__"))

    def standing(self, *, on: date) -> Self:
        """With `standing` on a day: in SQL what document_life.py says of it."""
        happened = self.model._meta.get_field("events").related_model._default_manager
        past = happened.filter(document=OuterRef("pk"), on__lte=on).order_by("ledger_number")
        ended = Q(achievement__ended_on__lte=on) | Q(achievement__ended_reason="annulled")
        return self.annotate(
            _final=Subquery(past.filter(kind__in=[event.value for event in FINAL]).values("kind")[:1]),
            _last=Subquery(past.reverse().values("kind")[:1]),
            standing=Case(
                *(When(_final=event.value, then=Value(shown.value)) for event, shown in FINAL.items()),
                *(
                    When(ended, achievement__ended_reason=reason, then=Value(shown.value))
                    for reason, shown in SHOWN_AS.items()
                ),
                When(valid_until__lt=on, then=Value(Standing.LAPSED.value)),
                When(_last=Event.SUSPENDED.value, then=Value(Standing.SUSPENDED.value)),
                default=Value(Standing.VALID.value),
            ),
        )

    def due(self, *, at: datetime) -> Self:
        """Those whose file is to be made now."""
        return self.exclude(state="rendered").filter(next_at__lte=at).order_by("next_at", "id")
