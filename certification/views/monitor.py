"""The bureau's page: the plan on any day, its units, its lines, and the enterprises behind each figure."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from enterprises.models import ReportingUnit
from enterprises.rights import may_read_monitor, monitored_unit

from ..drilldown import drilldown, lines, openable
from ..models import Plan
from ..totals.board import board, open_plan
from .access import account_of, for_those_who
from .asking import asked_day

PAGE = 50


def _plan() -> Plan:
    plan = open_plan()
    if plan is None:
        raise Http404
    return plan


@require_safe
@for_those_who(may_read_monitor)
def monitor(request: HttpRequest) -> HttpResponse:
    plan = _plan()
    asked = asked_day(request.GET, plan, today=timezone.localdate())
    own, shown = monitored_unit(account_of(request)), board(plan, as_of=asked.day)
    context = {
        "board": shown,
        "asked": asked,
        "rows": shown.unit_rows(only=own),
        "own_unit": own,
        "lines": lines(shown),
    }
    return render(request, "monitor/board.html", context, status=asked.status)


@require_safe
@for_those_who(may_read_monitor)
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    plan, account = _plan(), account_of(request)
    asked = asked_day(request.GET, plan, today=timezone.localdate())
    own = monitored_unit(account)
    units = ReportingUnit.objects.filter(pk=own) if own else ReportingUnit.objects.all()
    chosen = request.GET.get("unit", "") or own
    unit = next((each for each in units if each.pk == chosen), None)  # whatever characters were asked for
    if chosen and not unit:
        raise Http404
    found = drilldown(plan, code, as_of=asked.day, unit=chosen)
    if found is None:
        raise Http404
    page = Paginator(found.enterprises, PAGE).get_page(request.GET.get("page"))
    context = {"found": found, "page": page, "asked": asked, "units": units, "unit": unit, "own_unit": own}
    context["openable"] = openable(page.object_list, account)
    return render(request, "monitor/indicator.html", context, status=asked.status)
