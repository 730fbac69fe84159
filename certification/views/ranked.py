"""Pages of a ranked batch: its terms and late entries, ranking and settings, the seal; a unit's recommendation."""

from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from enterprises.models import Account, Enterprise
from enterprises.rights import may_run_batches

from ..forms.ranked import LateEntryForm, RecommendForm, SealForm, TermsForm, TryForm
from ..models import Batch
from ..ranked_views import ranked_view
from ..rights import may_rank
from ..services.batch_terms import figures_of, terms_now
from ..services.frozen_copies import keep_setting
from ..services.late_entries import grant_late_entry
from ..services.recommendations import UnitList, batches_to_rank, rank_recommended, unit_list
from ..services.sealing import seal
from ..services.selection_terms import keep_terms
from ..stages import STAGES
from .access import account_of, for_those_who
from .answers import answered

CHANGES = ["GET", "HEAD", "POST"]
RANKED = [code for code, stage in STAGES.items() if stage.has_ranking]


def _in_sight(request: HttpRequest, code: str) -> Batch:
    rows = Batch.objects.visible_to(account_of(request)).filter(stage__in=RANKED).select_related("sheet")
    return get_object_or_404(rows, code=code)


@for_those_who(may_run_batches)
@answered
@require_http_methods(CHANGES)
def terms(request: HttpRequest, batch: str) -> HttpResponse:
    """The terms in force with all their versions; a post writes the next one."""
    row, account = _in_sight(request, batch), account_of(request)
    form = TermsForm(row, terms_now(row), figures_of(row), *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.attempt(
        lambda: keep_terms(row, form.terms, reason=form.stated_reason, actor=account, at=timezone.now())
    ):
        messages.success(request, _("批次规则已保存为新版本，并记入台账。"))
        return redirect("batch-terms", row.code)
    return _terms_page(request, row, form, LateEntryForm(), form.status)


@for_those_who(may_run_batches)
@answered
@require_POST
def late_entry(request: HttpRequest, batch: str) -> HttpResponse:
    """Let an enterprise apply after the window."""
    row, account, form = _in_sight(request, batch), account_of(request), LateEntryForm(request.POST)

    def granted() -> None:
        said = form.cleaned_data
        of = get_object_or_404(Enterprise.objects.visible_to(account), uscc=said["uscc"])
        grant_late_entry(row, of, until=said["until"], reason=said["reason"], actor=account, at=timezone.now())

    if form.attempt(granted):
        messages.success(request, _("已准予逾期申报，并记入台账。"))
        return redirect("batch-terms", row.code)
    return _terms_page(request, row, TermsForm(row, terms_now(row), figures_of(row)), form, form.status)


def _terms_page(request: HttpRequest, row: Batch, form: TermsForm, late: LateEntryForm, status: int) -> HttpResponse:
    shown = {
        "batch": row,
        "form": form,
        "late_form": late,
        "versions": row.terms.select_related("made_by").order_by("-version"),
        "late_entries": row.late_entries.select_related("enterprise", "granted_by"),
    }
    return render(request, "batches/terms.html", shown, status=status)


@for_those_who(may_run_batches)
@answered
@require_http_methods(CHANGES)
def ranking(request: HttpRequest, batch: str) -> HttpResponse:
    """The frozen copy in its places, and settings side by side; a post keeps another setting."""
    row, account = _in_sight(request, batch), account_of(request)
    form = _try_form(row, *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.attempt(
        lambda: keep_setting(row, form.cleaned_data["name"], form.setting, actor=account, at=timezone.now())
    ):
        messages.success(request, _("方案已保存，并记入台账。"))
        return redirect("batch-ranking", row.code)
    return _ranking_page(request, row, form, SealForm(), form.status)


@for_those_who(may_run_batches)
@answered
@require_POST
def seal_setting(request: HttpRequest, batch: str) -> HttpResponse:
    """Seal the setting that decides."""
    row, account, form = _in_sight(request, batch), account_of(request), SealForm(request.POST)

    def sealed() -> None:
        said = form.cleaned_data
        seal(row, said["setting"], reason=said["reason"], actor=account, at=timezone.now())

    if form.attempt(sealed):
        messages.success(request, _("方案已封存，并记入台账；现在可以公示结果。"))
        return redirect("batch-ranking", row.code)
    return _ranking_page(request, row, _try_form(row), form, form.status)


def _try_form(row: Batch, *posted: QueryDict) -> TryForm:
    """A setting to be typed, beginning with what the terms say."""
    now = terms_now(row)
    return TryForm(row.sheet, *posted, setting=now.setting if now else None)


def _ranking_page(request: HttpRequest, row: Batch, form: TryForm, sealing: SealForm, status: int) -> HttpResponse:
    shown: dict[str, Any] = {"batch": row, "form": form, "seal_form": sealing, "ranked": ranked_view(row)}
    return render(request, "batches/ranking.html", shown, status=status)


@for_those_who(may_rank)
@answered
@require_http_methods(CHANGES)
def recommendations(request: HttpRequest) -> HttpResponse:
    """What the unit recommends in each running batch; a post ranks one of them."""
    account, asked = account_of(request), request.POST.get("batch") if request.method == "POST" else None
    lists = [unit_list(batch, account) for batch in batches_to_rank(account)]
    shown = [(held, _ranks(held, request.POST if held.batch.code == asked else None)) for held in lists]
    for held, form in shown:
        if form.is_bound and form.attempt(partial(_rank, held, form, account)):
            messages.success(request, _("推荐次序已保存，并记入台账。"))
            return redirect("recommendations")
    status = max((form.status for _held, form in shown), default=HTTPStatus.OK)
    return render(request, "reviews/recommendations.html", {"lists": shown}, status=status)


def _ranks(held: UnitList, posted: QueryDict | None) -> RecommendForm:
    """The form of a list; the ranks are counted after those that were sent on."""
    waiting = [*(each.application for each in held.ranked), *held.unranked]
    ranks = {each.application.number: number for number, each in enumerate(held.ranked, 1)}
    return RecommendForm(waiting, *([] if posted is None else [posted]), ranks=ranks)


def _rank(held: UnitList, form: RecommendForm, account: Account) -> None:
    rank_recommended(held.batch, form.ranked, actor=account, at=timezone.now())


urlpatterns = [
    path("batches/<slug:batch>/terms/", terms, name="batch-terms"),
    path("batches/<slug:batch>/late-entries/", late_entry, name="batch-late-entry"),
    path("batches/<slug:batch>/ranking/", ranking, name="batch-ranking"),
    path("batches/<slug:batch>/seal/", seal_setting, name="batch-seal"),
    path("recommendations/", recommendations, name="recommendations"),
]
