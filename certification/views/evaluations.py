"""The expert's pages (/evaluations/), and what enterprise and reviewers say and read of an evaluation."""

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enterprises.rights import is_applicant, is_expert, may_see_evaluations

from ..forms.panels import RecusalForm, ScoresForm, SelfAssessmentForm, VisitForm
from ..models import Evaluation, EvaluationState, Evidence, Score, SelfScore
from ..panel_views import by_item, outcome_papers, readable_result, result_of, visits_of
from ..services.applications import check_editable
from ..services.assessments import Visit, assess_oneself, record_visit, sheet_to_assess
from ..services.panels import batch_of, recuse
from ..services.rulebooks import rules_of
from ..services.scores import keep_scores
from .access import account_of, for_those_who
from .answers import answered
from .applications import paper_answer
from .filing import Filing
from .sight import application_in_sight

ROWS = 30


def _in_sight(request: HttpRequest, key: uuid.UUID) -> Evaluation:
    rows = Evaluation.objects.visible_to(account_of(request))
    related = ("application__enterprise", "application__batch__sheet", "application__township", "expert")
    return get_object_or_404(rows.select_related(*related, "application__reporting_unit"), key=key)


@for_those_who(is_expert)
@require_safe
def evaluations(request: HttpRequest) -> HttpResponse:
    """What the expert has to score, the most pressing first, and what they have scored."""
    done = request.GET.get("show") == "scored"
    rows = Evaluation.objects.visible_to(account_of(request)).select_related(
        "application__enterprise", "application__batch"
    )
    state = EvaluationState.SCORED if done else EvaluationState.ASSIGNED
    found = rows.filter(state=state).order_by("-scored_at" if done else "due_on", "id")
    shown = {
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "show_scored": done,
        "waiting": rows.filter(state=EvaluationState.ASSIGNED).count(),
        "today": timezone.localdate(),
    }
    return render(request, "evaluations/list.html", shown)


@for_those_who(is_expert)
@answered
@require_safe
def evaluation(request: HttpRequest, evaluation: uuid.UUID) -> HttpResponse:
    """One application to be scored: what was submitted, and the sheet."""
    row = _in_sight(request, evaluation)
    kept = {score.item.code: score for score in row.scores.select_related("item")}
    return _sheet_page(request, row, _form(row, kept=kept))


@for_those_who(is_expert)
@answered
@require_POST
def scores(request: HttpRequest, evaluation: uuid.UUID) -> HttpResponse:
    """Keep the sheet (by itself while typing, or by a button), or hand it in."""
    row = _in_sight(request, evaluation)
    form, hand_in = _form(row, request.POST), request.POST.get("then") == "hand-in"
    by_itself, account = "by-itself" in request.POST, account_of(request)
    if not form.attempt(lambda: keep_scores(row, form.given, hand_in=hand_in, actor=account, at=timezone.now())):
        return _not_kept(form) if by_itself else _sheet_page(request, row, form)
    if by_itself:
        return JsonResponse({"kept": _("已自动保存 %(time)s") % {"time": timezone.localtime().strftime("%H:%M:%S")}})
    messages.success(request, _("评分已提交，不再更改。") if hand_in else _("已保存。"))
    return redirect("evaluations") if hand_in else redirect("evaluation", row.key)


def _form(row: Evaluation, *args: Any, kept: Mapping[str, Score] | None = None) -> ScoresForm:
    """The sheet with a place for a finding on each item."""
    marked = {mark.item.code: mark for mark in row.proposals.select_related("item")}
    menu = rules_of(row.application.rule_id).rule.modules
    return ScoresForm(batch_of(row.application).sheet, *args, kept=kept, menu=menu, marked=marked)


def _not_kept(form: ScoresForm) -> JsonResponse:
    said = [*(str(error) for errors in form.errors.values() for error in errors)]
    said += [refusal.message for refusal in form.refusals]
    return JsonResponse({"refused": said}, status=form.status)


def _sheet_page(request: HttpRequest, row: Evaluation, form: ScoresForm) -> HttpResponse:
    application = row.application
    reached = result_of(row)
    own = SelfScore.objects.filter(application=application).select_related("item")
    shown: dict[str, Any] = {
        "evaluation": row,
        "application": application,
        "filing": Filing(application, account_of(request), on=timezone.localdate()),
        "form": form,
        "sheet": batch_of(application).sheet,
        "own": {score.item.code: score for score in own},
        "visits": visits_of(application),
        "result": by_item(reached) if reached else None,
        "opens_findings": not is_expert(account_of(request)),
        "is_open": row.state == EvaluationState.ASSIGNED,
        "today": timezone.localdate(),
    }
    return render(request, "evaluations/sheet.html", shown, status=form.status)


@for_those_who(may_see_evaluations)
@answered
@require_POST
def step_back(request: HttpRequest, evaluation: uuid.UUID) -> HttpResponse:
    """The expert steps back, or the city takes an expert off."""
    row, account, form = _in_sight(request, evaluation), account_of(request), RecusalForm(request.POST)
    reason = request.POST.get("comment", "").strip()
    recuse(row, reason=reason if form.is_valid() else "", actor=account, at=timezone.now())
    messages.success(request, _("已回避，由抽取次序的下一位专家接替。"))
    return redirect("evaluations") if is_expert(account) else redirect("batch", batch_of(row.application).code)


@for_those_who(is_expert)
@answered
@require_safe
def paper(request: HttpRequest, evaluation: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """A paper of the application that is scored."""
    row = _in_sight(request, evaluation)
    found = get_object_or_404(Evidence.objects.visible_to(account_of(request)), pk=key, application=row.application_id)
    return paper_answer(found)


@login_required
@answered
@require_safe
def result(request: HttpRequest, number: str) -> HttpResponse:
    """What the evaluation came to, item by item: the enterprise once it is public, the city once all are in."""
    row = application_in_sight(request, number)
    found = readable_result(row, account_of(request))
    if found is None:
        raise Http404
    shown = {"application": row, "result": by_item(found), "papers": outcome_papers([row]), "opens_findings": True}
    return render(request, "evaluations/result_page.html", shown)


@for_those_who(is_applicant)
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def self_assessment(request: HttpRequest, number: str) -> HttpResponse:
    """The enterprise's own assessment, while it may fill in its application."""
    row, account = application_in_sight(request, number), account_of(request)
    sheet = sheet_to_assess(row, on=timezone.localdate())
    kept = {score.item.code: score for score in row.self_scores.select_related("item")}
    form = SelfAssessmentForm(sheet, *([request.POST] if request.method == "POST" else []), kept=kept)
    if request.method == "POST":
        if form.attempt(lambda: assess_oneself(row, form.given, actor=account, at=timezone.now())):
            messages.success(request, _("自评已保存。"))
            return redirect("application", number)
    else:
        check_editable(row, account)
    shown = {"application": row, "form": form, "sheet": sheet}
    return render(request, "evaluations/self_assessment.html", shown, status=form.status)


@for_those_who(lambda account: account.is_reviewer)
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def visits(request: HttpRequest, number: str) -> HttpResponse:
    """The visits on record, and one more."""
    row, account = application_in_sight(request, number), account_of(request)
    form = VisitForm(request.POST) if request.method == "POST" else VisitForm()
    if request.method == "POST" and form.attempt(
        lambda: record_visit(row, Visit(**form.asked()), actor=account, at=timezone.now())
    ):
        messages.success(request, _("现场核查已记录。"))
        return redirect("visits", number)
    shown = {"application": row, "form": form, "visits": visits_of(row)}
    return render(request, "evaluations/visits.html", shown, status=form.status or HTTPStatus.OK)


urlpatterns = [
    path("evaluations/", evaluations, name="evaluations"),
    path("evaluations/<uuid:evaluation>/", evaluation, name="evaluation"),
    path("evaluations/<uuid:evaluation>/scores/", scores, name="evaluation-scores"),
    path("evaluations/<uuid:evaluation>/step-back/", step_back, name="evaluation-step-back"),
    path("evaluations/<uuid:evaluation>/evidence/<uuid:key>/", paper, name="evaluation-paper"),
    path("applications/<str:number>/result/", result, name="evaluation-result"),
    path("applications/<str:number>/self-assessment/", self_assessment, name="self-assessment"),
    path("applications/<str:number>/visits/", visits, name="visits"),
]
