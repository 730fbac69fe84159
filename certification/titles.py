"""The titles (称号) of a caller's sight, narrowed by kind, place and re-examination; what a list shows of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, DateField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields import CharField

from enterprises.models import Account, Enterprise

from .models import Achievement, Reexamination, TitleDocument
from .parameters import choice, code, number, text
from .programmes import TITLES
from .services.titles import document_of, state_of
from .title_life import Standing, State

DUE = ("soon", "overdue", "open", "no_document")
FILTERS = (
    choice("stage", "Kind of title", list(TITLES)),
    choice("standing", "How it stands today", [standing.value for standing in Standing]),
    code("reporting_unit", "Reporting unit on the day of the title"),
    choice("due", "Re-examination due soon, overdue, foreseen at all; or the document is missing", DUE),
    number("year", "Year of the title", most=9999),
    code("enterprise", "Credit code"),
    text("search", "Fragment of the enterprise's name or of the document's number"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A title with its document (None: not on record) and how it stands on a day."""

    row: Achievement
    document: TitleDocument | None
    state: State


def visible_titles(account: Account | Any) -> "QuerySet[Achievement]":
    """The titles of the enterprises in sight."""
    seen = Enterprise.objects.visible_to(account).order_by()
    return Achievement.objects.filter(stage__in=TITLES, enterprise__in=seen)


def with_period(rows: "QuerySet[Achievement]") -> "QuerySet[Achievement]":
    """With `valid_until` and `due_on` of the period they are in: in SQL what title_life.py says of it."""
    last = Reexamination.objects.filter(achievement=OuterRef("pk"), passed=True).order_by("-examined_on", "-pk")

    def of_period(column: str) -> Case:
        opened = Subquery(last.values(column)[:1], output_field=DateField())
        return Case(When(_reopened__isnull=False, then=opened), default=F(f"title__{column}"))

    return rows.annotate(_reopened=Subquery(last.values("pk")[:1])).annotate(
        valid_until=of_period("valid_until"), due_on=of_period("reexamine_on")
    )


def standing_on(rows: "QuerySet[Achievement]", *, on: date) -> "QuerySet[Achievement]":
    """With `standing` on a day besides."""
    over = Q(due_on__isnull=True, valid_until__lt=on)
    return with_period(rows).annotate(
        standing=Case(
            When(~Q(ended_reason=""), then=F("ended_reason")),
            When(due_on__lt=on, then=Value(Standing.OVERDUE.value)),
            When(over, then=Value(Standing.EXPIRED.value)),
            default=Value(Standing.VALID.value),
            output_field=CharField(),
        )
    )


def titles_matching(account: Any, asked: Mapping[str, Any], *, on: date) -> "QuerySet[Achievement]":
    """What the values of FILTERS leave of the titles that the account may see."""
    rows = standing_on(visible_titles(account), on=on)
    columns = {
        "stage": "stage",
        "standing": "standing",
        "reporting_unit": "reporting_unit",
        "year": "effective_on__year",
        "enterprise": "enterprise__uscc",
    }
    rows = rows.filter(**{column: asked[name] for name, column in columns.items() if asked[name]})
    if asked["search"]:
        named = Q(enterprise__name__contains=asked["search"]) | Q(title__document__contains=asked["search"])
        rows = rows.filter(named)
    return rows.filter(_due(asked["due"], on)) if asked["due"] else rows


def _due(wanted: str, on: date) -> Q:
    soon = on + timedelta(days=max(settings.TITLE_REMIND_DAYS_BEFORE))
    return {
        "soon": Q(ended_reason="", due_on__range=(on, soon)),
        "overdue": Q(ended_reason="", due_on__lt=on),
        "open": Q(ended_reason="", due_on__isnull=False),
        "no_document": Q(title__isnull=True) & ~Q(ended_reason="annulled"),
    }[wanted]


def due_by(day: date) -> "QuerySet[Achievement]":
    """The titles that are not ended and whose re-examination is due on a day or before."""
    due: dict[str, Any] = {"due_on__lte": day}
    return with_period(Achievement.objects.filter(ended_reason="")).filter(**due)


def over_before(day: date) -> "QuerySet[Achievement]":
    """The titles that are not ended, whose last day is past and that wait for no re-examination."""
    over: dict[str, Any] = {"valid_until__lt": day, "due_on__isnull": True}
    return with_period(Achievement.objects.filter(ended_reason="")).filter(**over)


def with_file(rows: "QuerySet[Achievement]") -> "QuerySet[Achievement]":
    """With what a list row shows, in two questions for all."""
    return rows.select_related("enterprise", "reporting_unit", "title").prefetch_related("reexaminations")


def shown_on(rows: Iterable[Achievement], *, on: date) -> list[Shown]:
    """Each with its document and state; prefetch what they rest on."""
    return [Shown(row, document_of(row), state_of(row, on=on)) for row in rows]


def titles_of(enterprise: Enterprise, *, on: date) -> list[Shown]:
    """The titles of one enterprise, the latest first; what was recorded in error never was."""
    rows = Achievement.objects.filter(enterprise=enterprise, stage__in=TITLES).exclude(ended_reason="annulled")
    private = ("enterprise__contact_name", "enterprise__contact_phone")
    found = with_file(rows).defer(*private).prefetch_related("guidance")
    return shown_on(found.order_by("-effective_on", "-id"), on=on)
