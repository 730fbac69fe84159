"""The applicant's own room (/workspace/): the enterprise, where it stands, what comes next."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enterprises.models import Enterprise
from enterprises.rights import is_applicant
from enterprises.services.registration import register_enterprise

from ..errors import Duplicate, NotPossible, Refusal
from ..forms.enterprises import RegistrationForm
from ..models import Application
from ..services.applications import open_application
from ..stages import OPEN_STATUSES
from .access import account_of, for_those_who
from .answers import answered
from .standing import Standing


@for_those_who(is_applicant)
@require_safe
def workspace(request: HttpRequest) -> HttpResponse:
    enterprise = account_of(request).enterprise
    if enterprise is None:
        return redirect("workspace-register")
    standing = Standing(enterprise, on=timezone.localdate(), seen_by=account_of(request))
    return render(request, "workspace/home.html", {"standing": standing})


@for_those_who(is_applicant)
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register one's own enterprise; an account that has one goes to its room."""
    account, now = account_of(request), timezone.now()
    if account.enterprise is not None:
        return redirect("workspace")
    form = RegistrationForm(request.POST if request.method == "POST" else None, on=timezone.localdate(now))
    if form.is_bound and form.attempt(lambda: register_enterprise(form.registration(), actor=account, at=now)):
        messages.success(request, _("企业已登记建档。现在可以申报入库培育。"))
        return redirect("workspace")
    return render(request, "workspace/register.html", {"form": form}, status=form.status)


@for_those_who(is_applicant)
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def open_draft(request: HttpRequest) -> HttpResponse:
    """Start an application; one that is open already is gone on with. Who only looks finds them in the workspace."""
    if request.method != "POST":
        return redirect("workspace")
    account, stage = account_of(request), request.POST.get("stage", "")
    enterprise = _own_enterprise(account.enterprise)
    try:
        row = open_application(enterprise, stage, actor=account, at=timezone.now())
    except Duplicate:
        row = Application.objects.visible_to(account).get(stage=stage, status__in=OPEN_STATUSES)
        messages.info(request, _("该阶段已有未办结的申报，请在此继续办理。"))
    return redirect("application", row.number)


def _own_enterprise(enterprise: Enterprise | None) -> Enterprise:
    if enterprise is None:
        raise NotPossible([Refusal("no_enterprise", _("您的账户尚未登记企业"), remedy=_("请先登记本企业"))])
    return enterprise
