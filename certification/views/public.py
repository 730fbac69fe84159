"""Pages for everyone: the portal and a closed plan's outcome."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..models import Plan
from ..totals.board import board, open_plan, outcome


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    plan = open_plan()
    shown = board(plan, as_of=timezone.localdate()) if plan else None
    return render(request, "public/home.html", {"board": shown})


@require_safe
def plan_outcome(request: HttpRequest, code: str) -> HttpResponse:
    plan = get_object_or_404(Plan, code=code, is_closed=True)
    rows = outcome(plan.outcome_rows.order_by("order"))
    return render(request, "public/plan_outcome.html", {"plan": plan, "rows": rows})
