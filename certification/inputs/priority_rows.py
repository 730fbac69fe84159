"""The priorities (优先标识) of a caller's sight, narrowed by kind, value, place and day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When

from enterprises.models import Account, Enterprise

from ..models import Priority, PriorityKind
from ..parameters import choice, code, day, text
from .states import STATES

FILTERS = (
    code("kind", "Kind of priority"),
    text("value", "Value of the priority, e.g. the industry chain", longest=60),
    choice("state", "How the priority stands on the day", list(STATES)),
    code("reporting_unit", "Reporting unit of the enterprise"),
    code("enterprise", "Credit code"),
    day("on", "The day as of which it stands so; today if not given"),
    text("search", "Fragment of the enterprise's name or of the document"),
)


def visible_priorities(account: Account | Any) -> "QuerySet[Priority]":
    """The priorities of the enterprises in sight."""
    seen = Enterprise.objects.visible_to(account).order_by()
    return Priority.objects.filter(enterprise__in=seen)


def priority_state(*, on: date) -> Case:
    """How a row stands on a day, in SQL."""
    return Case(
        When(annulled_at__isnull=False, then=Value("annulled")),
        When(valid_from__gt=on, then=Value("future")),
        When(ended_on__lt=on, then=Value("ended")),
        When(valid_until__lt=on, then=Value("expired")),
        default=Value("valid"),
        output_field=CharField(),
    )


def priorities_matching(account: Any, asked: Mapping[str, Any], *, on: date) -> "QuerySet[Priority]":
    """What the values of FILTERS leave of the priorities that the account may see, with `state`."""
    rows = visible_priorities(account).annotate(state=priority_state(on=asked["on"] or on))
    columns = {
        "kind": "kind",
        "value": "value",
        "state": "state",
        "reporting_unit": "enterprise__reporting_unit",
        "enterprise": "enterprise__uscc",
    }
    rows = rows.filter(**{column: asked[name] for name, column in columns.items() if asked[name]})
    named = Q(enterprise__name__contains=asked["search"]) | Q(document__contains=asked["search"])
    return rows.filter(named) if asked["search"] else rows


def with_file(rows: "QuerySet[Priority]") -> "QuerySet[Priority]":
    """With what a list row shows, in one question."""
    private = ("enterprise__contact_name", "enterprise__contact_phone")
    return rows.select_related("enterprise__reporting_unit", "kind").defer(*private)


@dataclass(frozen=True, slots=True)
class Priorities:
    """The priorities of one enterprise: each with how it stands on a day."""

    rows: Sequence[Priority]


def priorities_shown(enterprise: Enterprise, *, on: date) -> Priorities:
    """As a page shows them, the latest first; what was recorded in error never was."""
    rows = Priority.objects.filter(enterprise=enterprise, annulled_at__isnull=True)
    return Priorities(list(rows.annotate(state=priority_state(on=on)).select_related("kind")))


def kinds() -> "QuerySet[PriorityKind]":
    """All kinds, those out of use too."""
    return PriorityKind.objects.order_by("code")
