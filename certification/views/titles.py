"""Titles (/titles/): the list, one title, recording and correcting, re-examinations, the guidance of a year."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from enterprises.models import Enterprise

from ..errors import NotAllowed, Refusal
from ..forms.refusable import RefusableForm
from ..forms.titles import CorrectionForm, GuidanceForm, ReexaminationForm, TitleFilter, TitleForm
from ..guided_years import GUIDED, guided_year
from ..models import Achievement
from ..rights import may_keep_titles, may_list_certificates
from ..services.guidance import guide
from ..services.reexaminations import reexamine
from ..services.titles import Act, correct_title, record_title
from ..stages import STAGES
from ..title_life import Standing
from ..titles import shown_on, titles_matching, visible_titles, with_file
from .access import account_of, for_those_who
from .answers import answered
from .found import Wanted, to_be_found
from .sight import enterprise_in_sight

PAGE = 30
BOTH = ["GET", "HEAD", "POST"]


@for_those_who(may_list_certificates)
@require_safe
def titles(request: HttpRequest) -> HttpResponse:
    """The titles in sight, by kind, place and re-examination; of guided enterprises, the count of the year."""
    today, form, account = timezone.localdate(), TitleFilter(request.GET), account_of(request)
    asked = form.asked
    rows = with_file(titles_matching(account, asked, on=today))
    page = Paginator(rows.order_by("-effective_on", "-id"), PAGE).get_page(request.GET.get("page"))
    shown = {
        "form": form,
        "page": page,
        "rows": shown_on(page.object_list, on=today),
        "may_keep": may_keep_titles(account),
        "guided": guided_year(asked["year"] or today.year, on=today) if asked["stage"] == GUIDED else None,
    }
    return render(request, "titles/list.html", shown)


@login_required
@require_safe
def title(request: HttpRequest, title_number: int) -> HttpResponse:
    """One title: its document, how it stands and why, its re-examinations, the guidance of its year."""
    return _page(request, _in_sight(request, title_number))


def _in_sight(request: HttpRequest, title_number: int) -> Achievement:
    return get_object_or_404(with_file(visible_titles(account_of(request))), ledger_number=title_number)


def _page(request: HttpRequest, row: Achievement, **forms: RefusableForm) -> HttpResponse:
    (shown,) = shown_on([row], on=timezone.localdate())
    may_keep, is_yearly = may_keep_titles(account_of(request)), STAGES[row.stage].is_yearly
    may_guide = is_yearly and (shown.state.is_held or shown.state.standing is Standing.EXPIRED)
    context = {
        "shown": shown,
        "title": row,
        "may_keep": may_keep,
        "is_yearly": is_yearly,
        "guidance": row.guidance.select_related("organisation", "recorded_by"),
        "reexaminations": row.reexaminations.select_related("recorded_by"),
        "reexamination_form": ReexaminationForm() if may_keep and shown.state.due_on else None,
        "guidance_form": GuidanceForm() if may_keep and may_guide else None,
        **forms,
    }
    status = next((form.status for form in forms.values()), 200)
    return render(request, "titles/one.html", context, status=status)


def _to_keep(request: HttpRequest, title_number: int) -> Achievement:
    """A title that the account may change; one that it only sees is refused."""
    row = _in_sight(request, title_number)
    _check_may_keep(request)
    return row


def _check_may_keep(request: HttpRequest) -> None:
    if not may_keep_titles(account_of(request)):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以登记称号、复核和培育指导"))])


@for_those_who(may_keep_titles)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """For which enterprise a title is to be recorded: searched by name or credit code."""
    wanted = Wanted("title-record", gettext_lazy("登记称号"), "titles", gettext_lazy("称号"))
    return to_be_found(request, wanted)


@login_required
@answered
@require_http_methods(BOTH)
def record(request: HttpRequest, uscc: str) -> HttpResponse:
    """The city records a title of an enterprise; `stage` and `effective_on` may be known from a bare fact."""
    row = enterprise_in_sight(request, uscc)
    _check_may_keep(request)
    known = {name: request.GET.get(name, "") for name in ("stage", "effective_on")}
    form = TitleForm(request.POST if request.method == "POST" else None, initial=known)

    def kept() -> Achievement:
        return record_title(row, form.said, actor=account_of(request), at=timezone.now()).achievement

    return _recorded(request, form, row, kept, title=gettext_lazy("登记称号"), button=_("登记称号并记入台账"))


@login_required
@answered
@require_http_methods(BOTH)
def correction(request: HttpRequest, title_number: int) -> HttpResponse:
    """What was recorded was wrong: annulled, and recorded anew."""
    row = _to_keep(request, title_number)
    document = getattr(row, "title", None)
    names = ("document", "issued_by", "level", "valid_until", "reexamine_on")
    known = {name: getattr(document, name) for name in names} if document else {}
    known |= {"stage": row.stage, "effective_on": row.effective_on}
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=known)

    def kept() -> Achievement:
        act = Act(form.cleaned_data["ground"], account_of(request), timezone.now())
        return correct_title(row, form.said, act).achievement

    words = {"title": gettext_lazy("更正称号"), "button": _("作废原记录并重新登记"), "corrected": row}
    return _recorded(request, form, row.enterprise, kept, **words)


def _recorded(
    request: HttpRequest, form: TitleForm, enterprise: Enterprise, service: Callable[[], Achievement], **more: Any
) -> HttpResponse:
    """The title's page once it is recorded; until then the form, and why not."""
    made: list[Achievement] = []
    if form.is_bound and form.attempt(lambda: made.append(service())):
        messages.success(request, _("称号已登记，并记入台账。"))
        return redirect("title", made[0].ledger_number)
    shown = {"form": form, "enterprise": enterprise, **more}
    return render(request, "titles/record.html", shown, status=form.status)


@login_required
@answered
@require_http_methods(BOTH)
def reexamination(request: HttpRequest, title_number: int) -> HttpResponse:
    """What a re-examination came to."""
    row = _to_keep(request, title_number)
    if request.method != "POST":
        return redirect("title", title_number)
    form = ReexaminationForm(request.POST)

    def kept() -> None:
        reexamine(row, form.said, actor=account_of(request), at=timezone.now())

    return _kept(request, row, _("已登记复核，并记入台账。"), kept, reexamination_form=form)


@login_required
@answered
@require_http_methods(BOTH)
def guidance(request: HttpRequest, title_number: int) -> HttpResponse:
    """A step of the guidance of the year."""
    row = _to_keep(request, title_number)
    if request.method != "POST":
        return redirect("title", title_number)
    form = GuidanceForm(request.POST)

    def kept() -> None:
        guide(row, form.said, actor=account_of(request), at=timezone.now())

    return _kept(request, row, _("已登记培育指导，并记入台账。"), kept, guidance_form=form)


def _kept(
    request: HttpRequest, row: Achievement, done: str, service: Callable[[], None], **forms: RefusableForm
) -> HttpResponse:
    """The title's page again: what was done, or why not."""
    (form,) = forms.values()
    if form.attempt(service):
        messages.success(request, done)
        return redirect("title", row.ledger_number)
    return _page(request, row, **forms)


urlpatterns = [
    path("titles/", titles, name="titles"),
    path("titles/new/", find, name="title-find"),
    path("titles/<int:title_number>/", title, name="title"),
    path("titles/<int:title_number>/correction/", correction, name="title-correction"),
    path("titles/<int:title_number>/reexaminations/", reexamination, name="title-reexamination"),
    path("titles/<int:title_number>/guidance/", guidance, name="title-guidance"),
    path("enterprises/<str:uscc>/titles/", record, name="title-record"),
]
