"""The city's pages of batches (/batches/): planned, opened, experts drawn, results confirmed and made public."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enterprises.rights import may_run_batches

from ..forms.panels import BatchActForm, BatchChangeForm, BatchForm
from ..models import Application, Batch, Evaluation, EvaluationState, PanelResult
from ..panel_views import outcome_papers
from ..services.batch_acts import BATCH_ACTS, act_on, offered
from ..services.batch_progress import next_act, progress_of
from ..services.batches import change_batch, plan_batch
from ..stages import STAGES
from .access import account_of, for_those_who
from .answers import answered

ROWS = 30
GONE = (EvaluationState.RECUSED, EvaluationState.RELEASED)


@dataclass(frozen=True, slots=True)
class Line:
    """An application of a batch: its experts, how many have scored, what it came to."""

    application: Application
    seats: list[Evaluation]
    result: PanelResult | None

    @property
    def sitting(self) -> list[Evaluation]:
        """Who sits now; after a granted appeal these are others than before."""
        last = max((seat.sitting for seat in self.seats), default=0)
        return [seat for seat in self.seats if seat.sitting == last and seat.state not in GONE]

    @property
    def done(self) -> int:
        return sum(seat.state == EvaluationState.SCORED for seat in self.sitting)


@dataclass(frozen=True, slots=True)
class Late:
    """An expert who should have scored by now, and for how many days."""

    seat: Evaluation
    days: int


def _in_sight(request: HttpRequest, code: str) -> Batch:
    rows = Batch.objects.visible_to(account_of(request)).select_related("sheet")
    return get_object_or_404(rows, code=code)


@for_those_who(may_run_batches)
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def batches(request: HttpRequest) -> HttpResponse:
    """The batches; a post plans one."""
    form, made = BatchForm(*([request.POST] if request.method == "POST" else [])), []
    if request.method == "POST" and form.attempt(
        lambda: made.append(plan_batch(form.plan, actor=account_of(request), at=timezone.now()))
    ):
        return redirect("batch", made[0].code)
    rows = Batch.objects.visible_to(account_of(request)).order_by("-id")
    shown = {"form": form, "page": Paginator(rows, ROWS).get_page(request.GET.get("page"))}
    return render(request, "batches/list.html", shown, status=form.status)


@for_those_who(may_run_batches)
@answered
@require_safe
def batch(request: HttpRequest, batch: str) -> HttpResponse:
    """One batch: assignments, overdue experts, results, notices."""
    return _page(request, _in_sight(request, batch), BatchActForm())


@for_those_who(may_run_batches)
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, batch: str) -> HttpResponse:
    """A planned batch, put down otherwise."""
    row = _in_sight(request, batch)
    form = BatchChangeForm(row, *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.attempt(
        lambda: change_batch(row, form.plan, actor=account_of(request), at=timezone.now())
    ):
        messages.success(request, _("批次已修改，并记入台账。"))
        return redirect("batch", row.code)
    return render(request, "batches/change.html", {"batch": row, "form": form}, status=form.status)


@for_those_who(may_run_batches)
@answered
@require_POST
def act(request: HttpRequest, batch: str) -> HttpResponse:
    """Do something with the batch."""
    row, form, account = _in_sight(request, batch), BatchActForm(request.POST), account_of(request)

    def done() -> None:
        said = form.cleaned_data
        act_on(row, said["action"], comment=said["comment"], actor=account, at=timezone.now())

    if not form.attempt(done):
        return _page(request, row, form)
    label = BATCH_ACTS[form.cleaned_data["action"]].label
    messages.success(request, _("已办理：%(action)s。") % {"action": label})
    return redirect("batch", row.code)


def _page(request: HttpRequest, row: Batch, form: BatchActForm) -> HttpResponse:
    today = timezone.localdate()
    lines, progress = _lines(row), progress_of(row, on=today)
    acts = offered(row, progress)
    shown: dict[str, Any] = {
        "batch": row,
        "form": form,
        "acts": [(name, BATCH_ACTS[name].label) for name in acts],
        "takes_reason": "recognise" in acts,
        "next": next_act(row, progress, on=today),
        "lines": lines,
        "done": sum(line.done for line in lines),
        "seated": sum(len(line.sitting) for line in lines),
        "late": _late(lines, today),
        "papers": outcome_papers(line.application for line in lines),
        "notices": row.notices.order_by("-id"),
        "today": today,
        "is_ranked": STAGES[row.stage].has_ranking,
    }
    return render(request, "batches/one.html", shown, status=form.status)


def _lines(row: Batch) -> list[Line]:
    """The same few questions however many applications there are."""
    found = row.applications.filter(submitted_at__isnull=False).select_related("enterprise").order_by("pk")
    applications = list(found)
    seats: dict[int, list[Evaluation]] = defaultdict(list)
    for seat in Evaluation.objects.filter(application__in=applications).select_related("expert").order_by("pk"):
        seats[seat.application_id].append(seat)
    reached = PanelResult.objects.filter(application__in=applications).order_by("sitting")
    results = {result.application_id: result for result in reached}
    return [Line(each, seats[each.pk], results.get(each.pk)) for each in applications]


def _late(lines: list[Line], today: date) -> list[Late]:
    """The longest overdue first."""
    waiting = [seat for line in lines for seat in line.sitting if seat.state == EvaluationState.ASSIGNED]
    found = [Late(seat, (today - seat.due_on).days) for seat in waiting if seat.due_on < today]
    return sorted(found, key=lambda late: -late.days)


urlpatterns = [
    path("batches/", batches, name="batches"),
    path("batches/<slug:batch>/", batch, name="batch"),
    path("batches/<slug:batch>/change/", change, name="batch-change"),
    path("batches/<slug:batch>/actions/", act, name="batch-act"),
]
