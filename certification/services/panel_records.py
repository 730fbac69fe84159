"""What the ledger keeps of batches and panels: one entry a change, with the digest of everything said from then on.

Points, reasons and seeds are in no entry; what is digested holds salts, so that nobody guesses it from the digest.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from enterprises.models import Account
from ledger.canonical import timestamp, to_milliseconds
from ledger.contents import content_digest
from ledger.models import LedgerEntry
from ledger.record import Fact, next_number, record
from ledger.verbs import Verb

from ..models import (
    Application,
    Batch,
    Evaluation,
    NoticeLine,
    PanelResult,
    ProposedFinding,
    PublicNotice,
    Score,
    SelfScore,
    SiteVisit,
)
from .selection_records import selection_parts

FORM = 1  # of what is digested of a panel, said in its entries
BATCH_VERBS = (
    Verb.BATCH_CHANGED,
    Verb.BATCH_OPENED,
    Verb.BATCH_CLOSED,
    Verb.BATCH_DRAWN,
    Verb.BATCH_NOTICED,
    Verb.BATCH_FINISHED,
    Verb.BATCH_CANCELLED,
    Verb.BATCH_TERMS_SET,
    Verb.BATCH_LATE_GRANTED,
    Verb.BATCH_RECOMMENDED,
    Verb.BATCH_FROZEN,
    Verb.BATCH_TRIED,
    Verb.BATCH_SEALED,
)
PANEL_VERBS = (
    Verb.EXPERTS_DRAWN,
    Verb.EXPERT_RECUSED,
    Verb.EXPERTS_RELEASED,
    Verb.EVALUATION_SCORED,
    Verb.PANEL_CONCLUDED,
    Verb.SELF_ASSESSED,
    Verb.SITE_VISITED,
)


def record_batch(verb: Verb, batch: Batch, codes: Mapping[str, Any], *, actor: Account, at: datetime) -> LedgerEntry:
    """The ledger's word of a batch as it is now; the head is locked before the batch is read."""
    next_number()
    subject = f"batch:{batch.code}"
    said = {**codes, "digest": content_digest(batch_contents(batch.code)[subject])}
    return record(Fact(verb, subject, said), actor=actor.as_actor(), at=at)


def record_panel(
    verb: Verb, application: Application, codes: Mapping[str, Any], *, actor: Account, at: datetime
) -> LedgerEntry:
    """The ledger's word of an application's panel as it is now, in its enterprise's chain."""
    next_number()
    subject = f"panel:{application.number}"
    content = panel_contents(application.number, form=FORM).get(subject)
    said = {**codes, "form": FORM, "digest": content_digest(content)}
    return record(Fact(verb, subject, said, enterprise=application.enterprise.uscc), actor=actor.as_actor(), at=at)


def batch_contents(*codes: str) -> dict[str, Any]:
    """What each batch says, with its notices, by subject; of all without codes."""
    rows = Batch.objects.order_by("pk")
    notices: dict[int, list[Any]] = defaultdict(list)
    lines: dict[int, list[Any]] = defaultdict(list)
    columns = ("notice", "application__number", "result__sitting", "place", "points", "is_in")
    for key, number, sitting, *ranked in NoticeLine.objects.order_by("pk").values_list(*columns):
        lines[key].append([number, sitting, *([str(each) for each in ranked] if ranked[0] else [])])
    parts = selection_parts(list(rows.filter(code__in=codes).values_list("pk", flat=True)) if codes else None)
    for notice in PublicNotice.objects.order_by("pk"):
        days = [_moment(notice.published_at), str(notice.ends_on), str(notice.appeal_until)]
        # Only where something is said: earlier notices keep the digest that they have.
        words = [notice.basis, notice.phone, notice.supervision_phone]
        besides = [words] if any(words) else []
        notices[notice.batch_id].append([notice.number, notice.published_by_id, *days, lines[notice.pk], *besides])
    return {
        f"batch:{row.code}": {
            **{name: str(getattr(row, name)) for name in ("title", "stage", "opens_on", "closes_on", "state", "seed")},
            "sheet": row.sheet_id,
            "days": [row.experts, row.scoring_days, row.notice_days, row.appeal_days],
            "moments": [_moment(row.created_at), _moment(row.opened_at), _moment(row.drawn_at)],
            "by": row.created_by_id,
            "notices": notices[row.pk],
            # Only where there is one: other batches keep the digest that they have.
            **({"cancelled_for": row.cancelled_for} if row.cancelled_for else {}),
            **parts.get(row.pk, {}),
        }
        for row in (rows.filter(code__in=codes) if codes else rows)
    }


def panel_contents(*numbers: str, form: int) -> dict[str, Any]:
    """What each application's panel says: who sits, scores handed in, results, self-assessment, visits.

    `form`: that of the entry; entries that say none (0) have neither the keys of the evaluations nor the batch.
    """
    wanted = {"application__number__in": numbers} if numbers else {}
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    scores: dict[int, list[Any]] = defaultdict(list)
    handed = {f"evaluation__{name}": value for name, value in wanted.items()}
    columns = ("evaluation", "item__code", "points", "reason", "advice")
    for key, item, points, *words in (
        Score.objects.filter(evaluation__state="scored", **handed).order_by("item__order", "pk").values_list(*columns)
    ):
        scores[key].append([item, str(points), *words])
    # Beside the scores, where there are any: a panel without findings keeps the digest that it has.
    marked = ("evaluation", "item__code", "module", "clause", "severity", "text")
    marks = ProposedFinding.objects.filter(evaluation__state="scored", **handed)
    for key, *mark in marks.order_by("item__order", "pk").values_list(*marked):
        scores[key].append(["finding", *mark])
    for row in Evaluation.objects.filter(**wanted).select_related("application__batch").order_by("pk"):
        stands = [row.sitting, row.expert_id, row.place, row.state, str(row.due_on), row.recused_for, row.salt]
        moments = [_moment(at) for at in (row.assigned_at, row.scored_at, row.recused_at)]
        of = [str(row.key), row.application.batch.code if row.application.batch else ""] if form else []
        found[row.application.number]["evaluations"].append([*stands, *moments, scores[row.pk], *of])
    for result in PanelResult.objects.filter(**wanted).select_related("application").order_by("pk"):
        said = [result.sitting, str(result.total), str(result.spread), result.is_disputed, result.grade, result.passed]
        found[result.application.number]["results"].append([*said, _moment(result.concluded_at)])
    own = ("application__number", "item__code", "points", "remark", "salt")
    for number, item, points, *words in SelfScore.objects.filter(**wanted).order_by("pk").values_list(*own):
        found[number]["self"].append([item, str(points), *words])
    for visit in SiteVisit.objects.filter(**wanted).select_related("application").order_by("pk"):
        said = [str(visit.visited_on), visit.visitors, visit.findings, visit.salt, visit.recorded_by_id]
        found[visit.application.number]["visits"].append([*said, _moment(visit.recorded_at)])
    return {f"panel:{number}": dict(parts) for number, parts in found.items()}


def _moment(at: datetime | None) -> str:
    return timestamp(to_milliseconds(at)) if at else ""
