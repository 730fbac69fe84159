"""The credit checks (信用核查) of a caller's sight, narrowed by source, result, place and day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When

from enterprises.models import Account, Enterprise

from ..models import CreditCheck, CreditResult, CreditSource
from ..parameters import choice, code, day, text
from ..services.credit import checked, needed_sources
from ..wording import named
from .credit_life import CreditState, credit_on

FILTERS = (
    code("source", "Where it was looked up"),
    choice("result", "What it came to", list(CreditResult.values)),
    choice("state", "How the check stands on the day", ["valid", "expired", "annulled"]),
    code("reporting_unit", "Reporting unit of the enterprise"),
    code("enterprise", "Credit code"),
    day("on", "The day as of which it stands so; today if not given. Later checks are left out"),
    text("search", "Fragment of the enterprise's name"),
)


def visible_checks(account: Account | Any) -> "QuerySet[CreditCheck]":
    """The checks of the enterprises in sight."""
    seen = Enterprise.objects.visible_to(account).order_by()
    return CreditCheck.objects.filter(enterprise__in=seen)


def state_column(*, on: date) -> Case:
    """How a row stands on a day, in SQL."""
    return Case(
        When(annulled_at__isnull=False, then=Value("annulled")),
        When(valid_until__lt=on, then=Value("expired")),
        default=Value("valid"),
        output_field=CharField(),
    )


def checks_matching(account: Any, asked: Mapping[str, Any], *, on: date) -> "QuerySet[CreditCheck]":
    """What the values of FILTERS leave of the checks that the account may see, with `state`."""
    rows = visible_checks(account).annotate(state=state_column(on=asked["on"] or on))
    columns = {
        "source": "source",
        "result": "result",
        "state": "state",
        "reporting_unit": "enterprise__reporting_unit",
        "enterprise": "enterprise__uscc",
    }
    rows = rows.filter(**{column: asked[name] for name, column in columns.items() if asked[name]})
    if asked["on"]:
        rows = rows.filter(checked_on__lte=asked["on"])
    return rows.filter(Q(enterprise__name__contains=asked["search"])) if asked["search"] else rows


def with_file(rows: "QuerySet[CreditCheck]") -> "QuerySet[CreditCheck]":
    """With what a list row shows, in one question."""
    private = ("enterprise__contact_name", "enterprise__contact_phone")
    return rows.select_related("enterprise__reporting_unit", "source").defer(*private)


def checks_of(enterprise: Enterprise, *, on: date) -> "QuerySet[CreditCheck]":
    """The checks of one enterprise, the latest first; what was recorded in error never was."""
    rows = CreditCheck.objects.filter(enterprise=enterprise, annulled_at__isnull=True)
    return rows.annotate(state=state_column(on=on)).select_related("source")


@dataclass(frozen=True, slots=True)
class Credit:
    """The credit of one enterprise on a day: how it stands, its checks, of which sources a good one is lacking."""

    state: CreditState
    checks: Sequence[CreditCheck]
    lacking: Sequence[str]


def credit_shown(enterprise: Enterprise, *, on: date) -> Credit:
    """As a page shows it."""
    rows = list(checks_of(enterprise, on=on))
    names = {row.pk: named(row) for row in CreditSource.objects.all()}
    state = credit_on(map(checked, rows), needed=needed_sources(), on=on)
    return Credit(state, rows, [names[code] for code in state.lacking])
