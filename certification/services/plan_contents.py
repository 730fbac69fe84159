"""What a plan (规划) says as a whole, for the digests on record: its days and printed outcome table, its indicators
with every version of theirs. The marks of a plan, which are set by themselves, are in plan_marks.py.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.forms.models import model_to_dict

from ledger.contents import content_digest, record_loaded
from ledger.models import LedgerEntry
from ledger.record import SYSTEM, Fact, record_many
from ledger.verbs import Verb

from ..models import Indicator, OutcomeRow, Plan
from . import plan_marks

INDICATOR_VERBS = (Verb.TARGET_SET, Verb.OPENING_BALANCE_SET)
MARKS = ("at_risk_below", "is_closed")


def definition_subject(code: str) -> str:
    """Under what name the ledger speaks of a plan's days and outcome table."""
    return f"plan:{code}:definition"


def definition_contents() -> dict[str, Any]:
    """Days, texts and outcome table of each plan, by its subject."""
    return {definition_subject(plan.pk): _definition(plan) for plan in Plan.objects.order_by("pk")}


def _definition(plan: Plan) -> dict[str, Any]:
    rows = OutcomeRow.objects.filter(plan=plan).order_by("order")
    return {**_plain(plan, *MARKS), "outcome": [_plain(row, "id", "plan") for row in rows]}


def indicator_subject(plan: str, code: str) -> str:
    """Under what name the ledger speaks of an indicator."""
    return f"indicator:{plan}:{code}"


def indicator_contents(*codes: str) -> dict[str, Any]:
    """What each indicator says in every version, by its subject; of all without codes."""
    rows = Indicator.objects.prefetch_related("versions").order_by("pk")
    return {
        indicator_subject(row.plan_id, row.code): _versions(row)
        for row in (rows.filter(code__in=codes) if codes else rows)
    }


def _versions(row: Indicator) -> dict[str, Any]:
    versions = sorted(row.versions.all(), key=lambda version: version.version)
    return {"order": row.order, "versions": [_plain(version, "id", "indicator") for version in versions]}


def indicator_content(row: Indicator) -> dict[str, Any]:
    """What an indicator says now."""
    return _versions(Indicator.objects.prefetch_related("versions").get(pk=row.pk))


def put_on_record(*, at: datetime) -> None:
    """Record as a whole what is on record in part: a plan of which the marks are, an indicator of which the target is.

    What the ledger does not know at all is left out: it would be taken for loaded.
    """
    marked = set(LedgerEntry.objects.filter(verb=Verb.PLAN_MARKED).values_list("subject", flat=True))
    plans = [code for code in Plan.objects.values_list("pk", flat=True) if plan_marks.subject_of(code) in marked]
    missing = [subject for subject in map(definition_subject, sorted(plans)) if subject not in marked]
    record_loaded(Verb.PLAN_MARKED, definition_contents(), missing, at=at)
    entries = LedgerEntry.objects.filter(verb__in=INDICATOR_VERBS)
    whole = set(entries.filter(payload__contains='"digest"').values_list("subject", flat=True))
    partly = set(entries.values_list("subject", flat=True)) - whole
    facts = [_restated(subject, said) for subject, said in indicator_contents().items() if subject in partly]
    if facts:
        record_many(facts, actor=SYSTEM, at=at)


def _restated(subject: str, said: dict[str, Any]) -> Fact:
    version = max((int(each["version"]) for each in said["versions"]), default=1)
    return Fact(Verb.TARGET_SET, subject, {"version": version, "digest": content_digest(said)})


def _plain(row: Any, *without: str) -> dict[str, Any]:
    """A row's own columns; numbers and days as text, since a Decimal has no canonical form."""
    return {name: _text(value) for name, value in model_to_dict(row, exclude=without).items()}


def _text(value: Any) -> Any:
    if isinstance(value, bool | int) or value is None:
        return value
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)
