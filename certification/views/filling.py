"""Filling in an application, step by step: fields, modules, evidence, check. Every step is kept at once."""

import uuid
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from enterprises.rights import is_applicant

from ..forms.decision import MoveForm, SubmissionForm
from ..forms.papers import PapersForm
from ..forms.refusable import RefusableForm
from ..forms.stage_fields import ModulesForm, StageFieldsForm
from ..models import Application
from ..services.applications import check_editable, is_editable, save_draft
from ..services.evidence import attach_upload, take_off
from .access import account_of, for_those_who
from .answers import answered
from .filing import Filing
from .outline import FIELDS, Outline
from .sight import application_in_sight, evidence_in_sight

Filler = Callable[..., HttpResponseBase]


def filling(view: Filler) -> Filler:
    """For the applicant, while the application may be filled in; after that its page says where it stands."""

    @for_those_who(is_applicant)
    @answered
    @wraps(view)
    def guarded(request: HttpRequest, number: str, **named: Any) -> HttpResponseBase:
        row, account = application_in_sight(request, number), account_of(request)
        if request.method == "POST":
            check_editable(row, account)
        elif not is_editable(row, account):
            return redirect("application", number)
        return view(request, row, **named)

    return guarded


@filling
@require_http_methods(["GET", "HEAD", "POST"])
def fields(request: HttpRequest, row: Application) -> HttpResponse:
    filing = _filing(request, row)
    form = StageFieldsForm(filing.rules.rule.fields, _posted(request), kept=row.fields)
    if request.method != "POST":
        return fields_page(request, filing, form)
    if _saved(request, row, form, lambda: {"fields": form.values()}) or form.agrees_with(row.fields):
        return _go_on(request, filing, "fields")
    return fields_page(request, _again(request, row), form)


@filling
@require_http_methods(["GET", "HEAD", "POST"])
def modules(request: HttpRequest, row: Application) -> HttpResponse:
    filing = _filing(request, row)
    form = ModulesForm(_posted(request))
    if request.method != "POST":
        return modules_page(request, filing, form)
    if _saved(request, row, form, lambda: {"modules": form.cleaned_data["modules"]}):
        return _go_on(request, filing, "modules")
    return modules_page(request, _again(request, row), form)


@filling
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: HttpRequest, row: Application) -> HttpResponse:
    filing = _filing(request, row)
    form = PapersForm(filing.rules.rule.evidence, request.FILES)
    if request.method != "POST":
        return evidence_page(request, filing, form)
    account, at = account_of(request), timezone.now()
    kept = form.keep_each(lambda code, file: attach_upload(row, requirement=code, upload=file, actor=account, at=at))
    if kept:
        said = ngettext("已收到 %(count)d 个文件。", "已收到 %(count)d 个文件。", kept) % {"count": kept}
        messages.success(request, said)
    if form.was_refused:
        return evidence_page(request, _again(request, row), form)
    return _go_on(request, filing, "evidence")


@filling
@require_POST
def evidence_off(request: HttpRequest, row: Application, key: uuid.UUID) -> HttpResponse:
    """Take a paper off again."""
    paper = evidence_in_sight(request, row.number, key)
    take_off(paper, actor=account_of(request), at=timezone.now())
    messages.success(request, _("已撤下“%(name)s”。") % {"name": paper.filename})
    return redirect("application-evidence", row.number)


@filling
@require_http_methods(["GET", "HEAD"])
def check(request: HttpRequest, row: Application) -> HttpResponse:
    return check_page(request, row)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _saved(request: HttpRequest, row: Application, form: RefusableForm, content: Callable[[], dict[str, Any]]) -> bool:
    saved = form.attempt(
        lambda: save_draft(
            row, **content(), actor=account_of(request), at=timezone.now(), expected_version=form.expected_version
        )
    )
    if saved:
        messages.success(request, _("已保存。"))
    return saved


def _go_on(request: HttpRequest, filing: Filing, step: str) -> HttpResponse:
    """To the step that was asked for: the next one, or the same again."""
    outline = Outline(filing, current=step)
    return redirect(
        outline.page_after if request.POST.get("then") == "next" else outline.page_of(step), filing.application.number
    )


def _filing(request: HttpRequest, row: Application) -> Filing:
    return Filing(row, account_of(request), on=timezone.localdate())


def _again(request: HttpRequest, row: Application) -> Filing:
    """The application as it is now, after a refusal."""
    return _filing(request, application_in_sight(request, row.number))


# --- the pages ----------------------------------------------------------------------------------------


def opening_page(request: HttpRequest, row: Application) -> HttpResponse:
    """Where the applicant goes on: the first step that lacks something."""
    filing = _filing(request, row)
    step = Outline(filing, current=FIELDS).first_open
    pages: dict[str, Callable[[], HttpResponse]] = {
        "fields": lambda: fields_page(request, filing, StageFieldsForm(filing.rules.rule.fields, kept=row.fields)),
        "modules": lambda: modules_page(request, filing, ModulesForm()),
        "evidence": lambda: evidence_page(request, filing, PapersForm(filing.rules.rule.evidence)),
        "check": lambda: check_page(request, row),
    }
    return pages[step]()


def fields_page(request: HttpRequest, filing: Filing, form: StageFieldsForm) -> HttpResponse:
    return _page(request, "fields", filing, form=form, inputs=[(form[shown.clause], shown) for shown in filing.fields])


def modules_page(request: HttpRequest, filing: Filing, form: ModulesForm) -> HttpResponse:
    return _page(request, "modules", filing, form=form)


def evidence_page(request: HttpRequest, filing: Filing, form: PapersForm) -> HttpResponse:
    return _page(request, "evidence", filing, form=form)


def check_page(request: HttpRequest, row: Application, form: MoveForm | None = None) -> HttpResponse:
    return _page(request, "check", _filing(request, row), form=form or SubmissionForm())


def _page(request: HttpRequest, step: str, filing: Filing, *, form: Any, **more: Any) -> HttpResponse:
    outline = Outline(filing, current=step)
    shown = {"application": filing.application, "filing": filing, "outline": outline, "form": form, **more}
    return render(request, f"applications/{step}.html", shown, status=form.status or HTTPStatus.OK)
