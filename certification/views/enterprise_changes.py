"""Changing an enterprise's file: each kind of change is its own small form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from enterprises.models import Enterprise
from enterprises.rights import is_applicant, is_city_reviewer, may_register_enterprise
from enterprises.services.amendments import amend, rename
from enterprises.services.completion import is_incomplete, state_place
from enterprises.services.qualifications import end_high_tech, grant_high_tech
from enterprises.services.registration import register_enterprise

from ..forms.advising import AdvisingEndForm, AdvisingForm
from ..forms.enterprises import (
    AmendForm,
    EndingForm,
    HighTechEndForm,
    HighTechForm,
    RelocateForm,
    RenameForm,
    ReviewerAmendForm,
    ReviewerRegistrationForm,
)
from ..forms.refusable import RefusableForm
from ..services.achievements import end_achievement
from ..services.advising import begin_advising, end_advising
from .access import View, account_of, for_those_who
from .answers import answered
from .sight import (
    achievement_to_end,
    advising_to_end,
    enterprise_in_sight,
    enterprise_to_edit,
    enterprise_to_state,
    high_tech_to_end,
)

signed_in = for_those_who(lambda account: True)


def form_page(view: View) -> View:
    """What all of these have in common: signed in, refusals answered, GET and POST."""
    return signed_in(answered(require_http_methods(["GET", "HEAD", "POST"])(view)))


@for_those_who(lambda account: is_city_reviewer(account) and may_register_enterprise(account))
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The city registers an enterprise."""
    account, now = account_of(request), timezone.now()
    form = ReviewerRegistrationForm(_posted(request), on=timezone.localdate(now))
    made: list[Enterprise] = []
    if form.is_bound and form.attempt(
        lambda: made.append(register_enterprise(form.registration(), actor=account, at=now))
    ):
        messages.success(request, _("企业已登记建档。"))
        return redirect("enterprise-file", made[0].uscc)
    return render(request, "enterprises/register.html", {"form": form}, status=form.status)


@form_page
def amend_file(request: HttpRequest, uscc: str) -> HttpResponse:
    row = enterprise_to_edit(request, uscc)
    kind = AmendForm if is_applicant(account_of(request)) else ReviewerAmendForm
    form = kind(row, _posted(request))
    return _change(
        request,
        row,
        form,
        gettext_lazy("修改企业信息"),
        lambda: amend(row, form.changes(), **_whose(request, form)),
    )


@form_page
def rename_file(request: HttpRequest, uscc: str) -> HttpResponse:
    row, form = enterprise_to_state(request, uscc), RenameForm(_posted(request))
    return _change(
        request,
        row,
        form,
        gettext_lazy("变更企业名称"),
        service=lambda: rename(row, **form.asked(), **_whose(request, form)),
    )


@form_page
def relocate_file(request: HttpRequest, uscc: str) -> HttpResponse:
    row = enterprise_to_state(request, uscc)
    incomplete = is_incomplete(row)
    form = RelocateForm(_posted(request), on=timezone.localdate(), is_incomplete=incomplete)
    return _change(
        request,
        row,
        form,
        gettext_lazy("补全所在乡镇（街道）") if incomplete else gettext_lazy("变更所在地"),
        service=lambda: state_place(row, **form.asked(), **_whose(request, form)),
    )


@form_page
def high_tech_file(request: HttpRequest, uscc: str) -> HttpResponse:
    row, account = enterprise_to_state(request, uscc), account_of(request)
    form = HighTechForm(_posted(request))
    return _change(
        request,
        row,
        form,
        gettext_lazy("登记高新技术企业资格"),
        lambda: grant_high_tech(row, **form.asked(), actor=account, at=timezone.now()),
    )


@form_page
def high_tech_end(request: HttpRequest, uscc: str, key: int) -> HttpResponse:
    period, account = high_tech_to_end(request, uscc, key), account_of(request)
    form = HighTechEndForm(_posted(request))
    return _change(
        request,
        period.enterprise,
        form,
        gettext_lazy("取消高新技术企业资格"),
        lambda: end_high_tech(period, **form.asked(), actor=account, at=timezone.now()),
    )


@form_page
def advising(request: HttpRequest, uscc: str) -> HttpResponse:
    row, account = enterprise_to_state(request, uscc), account_of(request)
    form = AdvisingForm(_posted(request))
    return _change(
        request,
        row,
        form,
        gettext_lazy("登记辅导机构"),
        lambda: begin_advising(row, **form.asked(), actor=account, at=timezone.now()),
    )


@form_page
def advising_end(request: HttpRequest, uscc: str, key: int) -> HttpResponse:
    row, account = advising_to_end(request, uscc, key), account_of(request)
    form = AdvisingEndForm(_posted(request))
    return _change(
        request,
        row.enterprise,
        form,
        gettext_lazy("结束辅导关系"),
        lambda: end_advising(row, **form.asked(), actor=account, at=timezone.now()),
    )


def _whose(request: HttpRequest, form: RefusableForm) -> dict[str, Any]:
    """Who asks, when, and from which version of the file."""
    return {"actor": account_of(request), "at": timezone.now(), "expected_version": form.expected_version}


def _change(
    request: HttpRequest, row: Enterprise, form: RefusableForm, title: Any, service: Callable[[], Any]
) -> HttpResponse:
    is_own = is_applicant(account_of(request))
    if form.is_bound and form.attempt(service):
        messages.success(request, _("已记入企业档案。"))
        return redirect("workspace") if is_own else redirect("enterprise-file", row.uscc)
    shown = {"form": form, "title": title, "enterprise": enterprise_in_sight(request, row.uscc), "is_own": is_own}
    return render(request, "enterprises/change.html", shown, status=form.status)


@form_page
def end(request: HttpRequest, uscc: str, ledger_number: int) -> HttpResponse:
    """End an achievement: its own act of the city, with ground and day."""
    row, form, now = achievement_to_end(request, uscc, ledger_number), EndingForm(_posted(request)), timezone.now()
    if form.is_bound and form.attempt(lambda: end_achievement(row, **form.asked(), actor=account_of(request), at=now)):
        messages.success(request, _("已终止该认定，并记入台账。"))
        return redirect("enterprise-file", row.enterprise.uscc)
    return render(request, "enterprises/end.html", {"form": form, "achievement": row}, status=form.status)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
