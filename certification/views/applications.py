"""One application (申报): its page for whoever may see it, the moves made from it, its evidence."""

import base64
import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from enterprises.models import Account
from enterprises.rights import may_run_batches

from ..forms.decision import DecisionForm, MoveForm, SubmissionForm
from ..models import Application, Evidence, Finding
from ..panel_views import readable_result
from ..queries import repeated
from ..rights import may_raise_finding
from ..services.applications import is_editable
from ..services.coverage import coverage_maps
from ..services.door import allowed_moves, bars, move
from ..services.evidence import content_of
from ..services.findings import carried_into
from ..stages import Status
from .access import account_of
from .answers import answered
from .filing import Filing
from .filling import check_page, opening_page
from .history import comparison_of
from .passage import Passage
from .sight import application_in_sight, evidence_in_sight


@login_required
@require_safe
def application(request: HttpRequest, number: str) -> HttpResponse:
    """The form for its applicant while it may be filled in, the file for everyone else who sees it."""
    row = application_in_sight(request, number)
    if is_editable(row, account_of(request)):
        return opening_page(request, row)
    return file_page(request, number)


@login_required
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Make a move; what the door refuses is shown on the page with everything that was written."""
    row = application_in_sight(request, number)
    if request.method != "POST":
        return redirect("application", number)
    account, form = account_of(request), _move_form(request, Filing(row, account_of(request), on=timezone.localdate()))
    if form.attempt(
        lambda: move(
            row,
            form.action_name,
            actor=account,
            at=timezone.now(),
            remark=form.remark,
            expected_version=form.expected_version,
        )
    ):
        return _done(request, number, form.action_name)
    return _not_done(request, number, form)


def _move_form(request: HttpRequest, filing: Filing) -> MoveForm:
    if account_of(request).is_reviewer:
        return DecisionForm(filing.clauses, request.POST)
    return (SubmissionForm if request.POST.get("action") == "submit" else MoveForm)(request.POST)


DONE = {
    "submit": gettext_lazy("已提交，等待受理。办理进度和补正告知会显示在本页。"),
    "accept": gettext_lazy("已受理，办理时限自今日起计。"),
    "return": gettext_lazy("已一次性告知补正，计时停止，等待企业补正后重新提交。"),
    "recommend": gettext_lazy("已审核通过并上报上一级。"),
    "approve": gettext_lazy("已核准，认定已记入台账。"),
    "reject": gettext_lazy("已作出不予通过的决定。"),
    "withdraw": gettext_lazy("已撤回。"),
    "object": gettext_lazy("申诉已提出，等待市局决定。"),
    "close_notice": gettext_lazy("申诉不成立，原结果不变。"),
    "grant": gettext_lazy("已予以认定，认定已记入台账。"),
    "lapse": gettext_lazy("已按撤回处理，企业会收到通知，并可重新申报。"),
}
TO_EXPERTS = gettext_lazy("已提交专家评审，计时停止；请在评审批次中抽取专家。")
RESUMED = gettext_lazy("已重新提交，由原审核层级继续审核，无需再次受理；剩余办理时限自今日起接着计算。")


def _done(request: HttpRequest, number: str, action: str) -> HttpResponse:
    words = {("submit", Status.ACCEPTED): RESUMED, ("recommend", Status.EVALUATING): TO_EXPERTS}
    after = Status(application_in_sight(request, number).status)
    messages.success(request, words.get((action, after), DONE.get(action, "")))
    return redirect("application", number)


def _not_done(request: HttpRequest, number: str, form: MoveForm) -> HttpResponse:
    """Why not; but whoever sent the same move twice is told that it was done the first time."""
    row = application_in_sight(request, number)
    earlier = repeated(row, request.POST.get("action", ""), actor=account_of(request), version=_version(request))
    if earlier:
        when = timezone.localtime(earlier.at).strftime("%Y-%m-%d %H:%M")
        messages.info(request, _("您已于 %(when)s 办理过这一步，无需重复提交。") % {"when": when})
        return redirect("application", number)
    if is_editable(row, account_of(request)):
        return check_page(request, row, form)
    return file_page(request, number, form)


def findings_of(row: Application, account: Account) -> dict[str, Any]:
    """What a review found in this round and is carried into it, and whether this person may raise another."""
    known = Finding.objects.visible_to(account)
    return {
        "findings": known.filter(application=row),
        "carried": carried_into(row).visible_to(account) if row.round > 1 else (),
        "may_raise": may_raise_finding(account, row),
    }


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def file_page(request: HttpRequest, number: str, form: MoveForm | None = None) -> HttpResponse:
    """The application as it was submitted, with what this reader may do about it."""
    row, account, today = application_in_sight(request, number), account_of(request), timezone.localdate()
    filing = Filing(row, account, on=today)
    decision = form if isinstance(form, DecisionForm) else DecisionForm(filing.clauses)
    moves = allowed_moves(row, account, rules=filing.rules, on=today)
    shown: dict[str, Any] = {
        "application": row,
        "filing": filing,
        "passage": Passage(filing),
        "moves": sorted(moves, key=lambda each: each.needs_comment),
        "bars": bars(row, account),
        "form": form or decision,
        "compared": comparison_of(filing),
        "result": readable_result(row, account) if filing.stage.has_panel else None,
        "runs_batches": may_run_batches(account),
        **findings_of(row, account),
        "maps": coverage_maps(row.enterprise, on=today) if account.is_reviewer else [],
        "notes": decision.notes if any(each.action == "return" for each in moves) else {},
    }
    template = "reviews/application.html" if account.is_reviewer else "applications/show.html"
    return render(request, template, shown, status=form.status if form else HTTPStatus.OK)


@login_required
@answered
@require_safe
def evidence(request: HttpRequest, number: str, key: uuid.UUID) -> HttpResponse:
    """A paper, as an attachment that no browser runs, with the digest under which it is on file."""
    return paper_answer(evidence_in_sight(request, number, key))


def paper_answer(row: Evidence) -> HttpResponse:
    """The file as it is on file."""
    content = content_of(row)
    response = HttpResponse(content, content_type=row.media_type)
    response["Content-Disposition"] = content_disposition_header(True, row.filename) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(row.sha256)).decode()}:"
    response["X-Evidence-SHA256"] = row.sha256
    return response
