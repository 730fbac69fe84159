"""Who reads what of an evaluation: blind until all are in, the enterprise once the result is public."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from enterprises.models import Account
from enterprises.rights import may_run_batches

from .models import (
    Application,
    Document,
    Evaluation,
    EvaluationState,
    NoticeLine,
    PanelResult,
    PublicNotice,
    Score,
    SelfScore,
    SheetItem,
    SiteVisit,
)
from .paperwork import Kind
from .scoring import means_by_item
from .services.panels import batch_of
from .stages import Status

PUBLIC_FROM = (Status.NOTICED, Status.OBJECTED, Status.APPROVED, Status.REJECTED)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of a result: what the enterprise gave itself, the experts' mean, and their words, without names."""

    item: SheetItem
    own: Decimal | None
    mean: Decimal | None
    points: tuple[Decimal, ...] = ()
    reasons: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultView:
    """A result by item."""

    result: PanelResult
    items: tuple[ItemLine, ...]
    experts: int
    maximum: Decimal


def is_open_to(evaluation: Evaluation) -> bool:
    """Whether the other experts' scores may be read: its sitting has its result."""
    rows = PanelResult.objects.filter(application=evaluation.application_id, sitting=evaluation.sitting)
    return rows.exists()


def concluded(application: Application) -> PanelResult | None:
    """The latest result, for those who evaluate and confirm."""
    return application.panel_results.order_by("sitting").last()


def published(application: Application) -> PanelResult | None:
    """The latest result that was made public: what the enterprise may read of its evaluation."""
    if application.status not in [status.value for status in PUBLIC_FROM]:
        return None
    return application.panel_results.filter(notice_line__isnull=False).order_by("sitting").last()


def by_item(result: PanelResult) -> ResultView:
    """A result in all its items; the experts in no order that tells who is who."""
    application = result.application
    sheet = batch_of(application).sheet
    seats = Evaluation.objects.filter(
        application=application, sitting=result.sitting, state=EvaluationState.SCORED
    ).order_by("key")
    rows = Score.objects.filter(evaluation__in=seats).order_by("evaluation__key").select_related("item")
    given: dict[str, list[Score]] = defaultdict(list)
    for row in rows:
        given[row.item.code].append(row)
    own = dict(SelfScore.objects.filter(application=application).values_list("item__code", "points"))
    items = list(sheet.items.all())
    lines = tuple(_line(item, given[item.code], own.get(item.code), sheet.decimals) for item in items)
    return ResultView(result, lines, seats.count(), whole_of(items))


def _line(item: SheetItem, scores: Sequence[Score], own: Decimal | None, decimals: int) -> ItemLine:
    points = tuple(row.points for row in scores if row.points is not None)
    means = means_by_item([{item.code: each} for each in points], decimals=decimals)
    return ItemLine(
        item=item,
        own=own,
        mean=means.get(item.code),
        points=points,
        reasons=tuple(dict.fromkeys(row.reason for row in scores if row.reason)),
        advice=tuple(dict.fromkeys(row.advice for row in scores if row.advice)),
    )


def whole_of(items: Iterable[SheetItem]) -> Decimal:
    return sum((item.maximum for item in items), Decimal(0))


def visits_of(application: Application) -> list[SiteVisit]:
    return list(application.visits.select_related("recorded_by"))


def readable_result(application: Application, reader: Account) -> PanelResult | None:
    """What this reader may read of an application in their sight: the city at once, others what is public."""
    return concluded(application) if may_run_batches(reader) else published(application)


OF_OUTCOME = (Kind.CERTIFICATE, Kind.DECISION, Kind.REFUSAL)


def outcome_papers(applications: Iterable[Application]) -> list[Document]:
    """The certificates and letters in which evaluations end, by application; one question."""
    rows = Document.objects.filter(application__in=[row.pk for row in applications], kind__in=OF_OUTCOME)
    return list(rows.select_related("retried_by").order_by("application_id", "kind", "id"))


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A public notice with the results that passed; the others are told in person."""

    notice: PublicNotice
    lines: tuple[NoticeLine, ...]


def public_notices(*, most: int = 50) -> list[NoticeView]:
    """The latest notices; the same few questions however many there are."""
    passed = NoticeLine.objects.filter(result__passed=True).select_related("application__enterprise", "result")
    rows = PublicNotice.objects.select_related("batch").prefetch_related(Prefetch("lines", queryset=passed))
    return [NoticeView(row, tuple(row.lines.all())) for row in rows.order_by("-id")[:most]]
