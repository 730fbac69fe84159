"""Who reads what of an evaluation: blind until all are in, the enterprise once the result is public."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from enterprises.models import Account
from enterprises.rights import may_run_batches

from .models import (
    Application,
    Document,
    Evaluation,
    EvaluationState,
    Finding,
    NoticeLine,
    PanelResult,
    PublicNotice,
    Score,
    SelfScore,
    Severity,
    SheetItem,
    SiteVisit,
    StageRule,
)
from .paperwork import Kind
from .scoring import means_by_item
from .services.panels import batch_of, sitting_of
from .services.proposals import proposed, sitting_code
from .stages import Status

NOT_STANDING = (Status.EVALUATING.value, Status.WITHDRAWN.value)


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
class FindingLine:
    """A finding of a result: as the experts marked it, or, once on record, with its number and where it stands."""

    clause: str
    module: str
    severity: str
    text: str
    number: str = ""
    row: Finding | None = None

    @property
    def severity_display(self) -> str:
        return str(Severity(self.severity).label)


@dataclass(frozen=True, slots=True)
class ResultView:
    """A result by item, with what is to be put right."""

    result: PanelResult
    items: tuple[ItemLine, ...]
    experts: int
    maximum: Decimal
    findings: tuple[FindingLine, ...] = ()
    superseded: str = ""


def result_of(evaluation: Evaluation) -> PanelResult | None:
    """The result of its own sitting, not of a later one after an appeal."""
    rows = PanelResult.objects.select_related("application__batch__sheet")
    return rows.filter(application=evaluation.application_id, sitting=evaluation.sitting).first()


def is_open_to(evaluation: Evaluation) -> bool:
    """Whether the other experts' scores may be read: its sitting has its result."""
    return result_of(evaluation) is not None


def concluded(application: Application) -> PanelResult | None:
    """The latest result, for those who evaluate and confirm."""
    return application.panel_results.order_by("sitting").last()


def published(application: Application) -> PanelResult | None:
    """The latest result that was made public, and remains so: what the enterprise may read of its evaluation."""
    return application.panel_results.filter(notice_line__isnull=False).order_by("sitting").last()


def superseded(result: PanelResult) -> str:
    """Why a result no longer stands, in words; empty: it stands."""
    application = result.application
    if application.status == Status.WITHDRAWN:
        return _("申报已撤回")
    if result.sitting >= sitting_of(application):
        return ""
    return _("申诉成立，重新评审中") if application.status == Status.EVALUATING else _("申诉成立，已重新评审")


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
    own = dict(SelfScore.objects.filter(application=application, item__sheet=sheet).values_list("item__code", "points"))
    items = list(sheet.items.all())
    lines = tuple(_line(item, given[item.code], own.get(item.code), sheet.decimals) for item in items)
    return ResultView(result, lines, seats.count(), whole_of(items), findings_of(result), superseded(result))


def findings_of(result: PanelResult) -> tuple[FindingLine, ...]:
    """What the experts of a result found: on record since it was confirmed, until then as they marked it."""
    application = result.application
    code = sitting_code(application, result.sitting)
    on_record = Finding.objects.filter(application=application, evaluation=code).order_by("pk")
    if rows := list(on_record):
        return tuple(FindingLine(row.clause, row.module, row.severity, row.text, row.number, row) for row in rows)
    marks = proposed(application, result.sitting)
    return tuple(FindingLine(mark.clause, mark.module, mark.severity, mark.text) for mark in marks)


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
    """A public notice with the results that passed; the others are told in person. `is_over`: its last day is past."""

    notice: PublicNotice
    lines: tuple[NoticeLine, ...]
    replaced: frozenset[int] = frozenset()
    basis: str = ""
    is_over: bool = False

    @property
    def fallen(self) -> frozenset[int]:
        """The lines whose result no longer stands: withdrawn, or evaluated again after an appeal."""
        return frozenset(
            line.pk for line in self.lines if line.pk in self.replaced or line.application.status in NOT_STANDING
        )


def public_notices(*, on: date, most: int = 50) -> list[NoticeView]:
    """The latest notices as they stand on a day; the same few questions however many there are."""
    return _views(PublicNotice.objects.order_by("-id")[:most], on)


def notice_view(notice: PublicNotice, *, on: date) -> NoticeView:
    """One notice as it stands on a day, with what its results rest on."""
    (view,) = _views(PublicNotice.objects.filter(pk=notice.pk), on)
    if notice.basis:
        return replace(view, basis=notice.basis)
    rule = StageRule.objects.filter(application__notice_lines__notice=notice).first()
    return replace(view, basis=rule.basis if rule else "")


def _views(notices: QuerySet[PublicNotice], on: date) -> list[NoticeView]:
    said = NoticeLine.objects.annotate(granted=Coalesce("is_in", "result__passed"))
    passed = said.filter(granted=True).order_by("place", "pk").select_related("application__enterprise", "result")
    rows = notices.select_related("batch__sheet").prefetch_related(Prefetch("lines", queryset=passed))
    later = NoticeLine.objects.filter(application=OuterRef("application"), pk__gt=OuterRef("pk"))
    replaced = frozenset(NoticeLine.objects.filter(Exists(later)).values_list("pk", flat=True))
    return [NoticeView(row, tuple(row.lines.all()), replaced, is_over=row.ends_on < on) for row in rows]
