"""Histories: what was changed in an enterprise's file and in an application, by whom, when and from where."""

from dataclasses import dataclass
from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from enterprises.rights import may_see_addresses

from ..errors import Refusal, Refused
from ..forms.history import HistoryForm, PairForm
from ..history.changes import (
    application_changes,
    as_registered,
    enterprise_changes,
    shown_application_change,
    shown_enterprise_change,
)
from ..history.compared import Comparison, compared, pair
from ..models import Decision
from .access import account_of
from .filing import Filing
from .passage import Passage
from .sight import application_in_sight, enterprise_in_sight

PAGE = 20


@login_required
@require_safe
def enterprise_history(request: HttpRequest, uscc: str) -> HttpResponse:
    enterprise, reader = enterprise_in_sight(request, uscc), account_of(request)
    form = HistoryForm(request.GET)
    page = Paginator(enterprise_changes(enterprise, **form.narrowing()), PAGE).get_page(request.GET.get("page"))
    shown = {
        "enterprise": enterprise,
        "form": form,
        "page": page,
        "changes": [shown_enterprise_change(each, reader) for each in page],
        "shows_address": may_see_addresses(reader),
        "at_first": as_registered(enterprise),
    }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "history/enterprise.html", shown, status=status)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two submissions side by side, which they are, and why not others."""

    submissions: list[Decision]
    comparison: Comparison | None
    numbers: tuple[int, int] | None
    refusals: tuple[Refusal, ...] = ()


def comparison_of(filing: Filing, asked: tuple[int | None, int | None] = (None, None)) -> Compared:
    """The two submissions that are asked for; the last two for none, and for a pair that cannot be, with the reason."""
    known = filing.submissions
    try:
        numbers, refusals = pair(known, *asked), tuple[Refusal, ...]()
    except Refused as refused:
        numbers, refusals = pair(known, None, None), refused.refusals
    if numbers is None:
        return Compared(known, None, None, refusals)
    earlier, later = (known[number - 1] for number in numbers)
    return Compared(known, compared(filing.application, earlier, later, filing.rules), numbers, refusals)


@login_required
@require_safe
def application_history(request: HttpRequest, number: str) -> HttpResponse:
    row, reader = application_in_sight(request, number), account_of(request)
    filing = Filing(row, reader, on=timezone.localdate())
    found = comparison_of(filing, PairForm(request.GET).numbers)
    page = Paginator(application_changes(row, reader), PAGE).get_page(request.GET.get("page"))
    shown = {
        "application": row,
        "filing": filing,
        "passage": Passage(filing),
        "compared": found,
        "page": page,
        "changes": [shown_application_change(each, filing.rules, reader) for each in page],
        "shows_address": may_see_addresses(reader),
    }
    status = HTTPStatus.BAD_REQUEST if found.refusals else HTTPStatus.OK
    return render(request, "history/application.html", shown, status=status)
