"""What a dossier knows of the batch that an application enters: late entries, the terms, what these ask about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from enterprises.language import worded
from enterprises.models import HighTechPeriod
from ledger.prepared import Given, Prepared, Row, Statement

from ..models import Application, Batch, BatchTerms, CreditCheck, CreditSource, Recommended
from ..panel_gates import asks_for_windows
from ..ranking_gates import asks_for_eligibility, asks_for_rank
from ..selection.eligibility import Credit, rules_of_content
from ..stages import Level
from .credit import CHECKED_COLUMNS, checked_of
from .entering import late_entries

Answers = Mapping[str, Sequence[Row]]
_LATEST = BatchTerms.objects.filter(batch=OuterRef("batch")).order_by("-version").values("pk")[:1]
_LATE = Prepared(
    lambda: late_entries(enterprise=Given("enterprise"), on=Given("on")).values_list("batch__stage", "batch__sheet")
)
# Of two batches of a stage the one whose window is open comes last, and so counts.
_TERMS = Prepared(
    lambda: (
        BatchTerms.objects.filter(
            Q(batch__in=Batch.objects.open_window(on=Given("on")).order_by())
            | Q(batch__in=late_entries(enterprise=Given("enterprise"), on=Given("on")).order_by().values("batch")),
            pk=Subquery(_LATEST),
        )
        .order_by("batch__state", "pk")
        .values_list("batch__stage", "content")
    )
)
_OWN_TERMS = Prepared(
    lambda: (
        BatchTerms.objects.filter(batch__applications=Given("application"), pk=Subquery(_LATEST))
        .order_by()
        .values_list("batch__stage", "content")
    )
)
_HIGH_TECH = Prepared(
    lambda: (
        HighTechPeriod.objects.filter(enterprise=Given("enterprise")).order_by().values_list("valid_from", "valid_to")
    )
)
_CREDIT = Prepared(
    lambda: (
        CreditCheck.objects.filter(enterprise=Given("enterprise"), annulled_at__isnull=True)
        .order_by()
        .values_list(*CHECKED_COLUMNS)
    )
)
# Of a source out of use the checks stay good; only what is needed must be looked up anew.
_SOURCES = Prepared(
    lambda: CreditSource.objects.order_by().values_list("code", "name_zh", "name_en", "is_needed", "is_active")
)
_RANKED = Prepared(lambda: Recommended.objects.filter(application=Given("application")).order_by().values_list("pk"))


@dataclass(frozen=True, slots=True)
class HighTechDays:
    """The days of a high-tech certificate."""

    valid_from: date
    valid_to: date | None


def entry_questions(
    gates: Sequence[str], enterprise: int, application: Application | None, *, on: date
) -> dict[str, Statement]:
    """The questions that these gates need answered, by name."""
    asked = {}
    if asks_for_windows(gates):
        asked["late"] = _LATE.given(enterprise=enterprise, on=on)
    if asks_for_eligibility(gates):
        asked["high_tech"] = _HIGH_TECH.given(enterprise=enterprise)
        asked["credit"] = _CREDIT.given(enterprise=enterprise)
        asked["sources"] = _SOURCES.given()
        if application and application.batch_id:
            asked["terms"] = _OWN_TERMS.given(application=application.pk)
        else:
            asked["terms"] = _TERMS.given(enterprise=enterprise, on=on)
    if application and asks_for_rank(gates):
        asked["ranked"] = _RANKED.given(application=application.pk)
    return asked


def entry_facts(found: Answers, application: Application | None) -> dict[str, Any]:
    """What the answers come to, as parts of a dossier. Only a district sends on by a ranked list."""
    is_elsewhere = application is not None and application.level != Level.DISTRICT
    return {
        "eligibility": {stage: rules_of_content(said["eligibility"]) for stage, said in found.get("terms", ())},
        "high_tech": tuple(HighTechDays(*row) for row in found.get("high_tech", ())),
        "credit": _credit(found.get("credit", ()), found.get("sources", ())),
        "is_ranked_by_unit": is_elsewhere or bool(found.get("ranked")),
    }


def _credit(checks: Sequence[Row], sources: Sequence[Row]) -> Credit:
    names = {code: worded((chinese, english)) for code, chinese, english, *_use in sources}
    needed = frozenset(code for code, _chinese, _english, is_needed, is_active in sources if is_needed and is_active)
    return Credit(tuple(checked_of(*row) for row in checks), names, needed)


def open_now(found: Answers, on: date) -> Iterator[tuple[str, str]]:
    """The stages that the enterprise may apply for now, each with its sheet: by a late entry or, rather, a window."""
    yield from ((stage, sheet) for stage, sheet in found.get("late", ()))
    yield from ((stage, sheet) for stage, day, sheet in found.get("windows", ()) if day <= on)
