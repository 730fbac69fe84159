"""Findings (不符合项): raising one in a review, its own page, what the enterprise answers, whether that will do."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..errors import NotAllowed, Refusal
from ..forms.findings import AnswerForm, FindingForm, VerdictForm
from ..forms.refusable import RefusableForm
from ..models import Finding, FindingAnswer, FindingStatus
from ..rights import applicant_of, may_close_finding, may_raise_finding
from ..services.findings import SETTLE, answer_upload, raise_finding
from ..services.kept_files import content_on_file
from ..services.rulebooks import rules_of
from .access import account_of
from .answers import answered
from .sight import application_in_sight


@login_required
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def raise_one(request: HttpRequest, number: str) -> HttpResponse:
    """The form of a new finding."""
    row, account = application_in_sight(request, number), account_of(request)
    if not may_raise_finding(account, row):
        raise NotAllowed([Refusal("not_allowed", _("您的账户不能在该申报的当前环节提出不符合项"))])
    form = FindingForm(rules_of(row.rule_id).rule.modules, request.POST if request.method == "POST" else None)
    if form.is_bound and form.attempt(lambda: raise_finding(row, form.found(), actor=account, at=timezone.now())):
        messages.success(request, _("不符合项已记入台账，并通知企业。"))
        return redirect("application", number)
    return render(request, "findings/new.html", {"application": row, "form": form}, status=form.status)


@login_required
@require_safe
def finding(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, _in_sight(request, number))


@login_required
@answered
@require_POST
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """What the enterprise did about it."""
    row, form = _in_sight(request, number), AnswerForm(request.POST, request.FILES)
    account, at = account_of(request), timezone.now()
    if form.attempt(
        lambda: answer_upload(
            row, text=form.cleaned_data["text"], upload=form.cleaned_data["file"], actor=account, at=at
        )
    ):
        messages.success(request, _("整改材料已提交，等待核实。"))
        return redirect("finding", number)
    return _page(request, row, form)


@login_required
@answered
@require_POST
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """Close it, or send the answer back."""
    row, form = _in_sight(request, number), VerdictForm(request.POST)
    account, at = account_of(request), timezone.now()
    if form.attempt(
        lambda: SETTLE[form.cleaned_data["action"]](row, reason=form.cleaned_data["reason"], actor=account, at=at)
    ):
        messages.success(request, _("核实结论已记入台账，并通知企业。"))
        return redirect("finding", number)
    return _page(request, row, form)


@login_required
@answered
@require_safe
def answer_file(request: HttpRequest, number: str, key: uuid.UUID) -> HttpResponse:
    """The evidence of an answer, as an attachment that no browser runs."""
    rows = FindingAnswer.objects.visible_to(account_of(request))
    row = get_object_or_404(rows, pk=key, finding__number=number)
    response = HttpResponse(content_on_file(row), content_type=row.media_type)
    response["Content-Disposition"] = content_disposition_header(True, row.filename) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _in_sight(request: HttpRequest, number: str) -> Finding:
    return get_object_or_404(Finding.objects.visible_to(account_of(request)).with_file(), number=number)


def _page(request: HttpRequest, row: Finding, form: RefusableForm | None = None) -> HttpResponse:
    account = account_of(request)
    is_answerable = row.status == FindingStatus.OPEN and applicant_of(account, row.application)
    is_settleable = row.status == FindingStatus.ANSWERED and may_close_finding(account, row.application)
    shown = {
        "finding": row,
        "answers": row.answers.select_related("by", "refused_by").order_by("ledger_number"),
        "form": form or (AnswerForm() if is_answerable else VerdictForm()),
        "is_answerable": is_answerable,
        "is_settleable": is_settleable,
        "names_people": not applicant_of(account, row.application),
        "today": timezone.localdate(),
    }
    return render(request, "findings/show.html", shown, status=form.status if form else 200)


urlpatterns = [
    path("applications/<str:number>/findings/new/", raise_one, name="finding-new"),
    path("findings/<str:number>/", finding, name="finding"),
    path("findings/<str:number>/answer/", answer, name="finding-answer"),
    path("findings/<str:number>/settle/", settle, name="finding-settle"),
    path("findings/<str:number>/answers/<uuid:key>/", answer_file, name="finding-file"),
]
