"""Yearly figures (/figures/): the list; one year of an enterprise, filled in by its own applicant."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..errors import NotAllowed, Refusal
from ..forms.figures import FiguresFilter, FiguresForm
from ..inputs.figure_rows import values_matching, with_file, year_of, years_of
from ..rights import may_list_certificates, may_state_figures
from ..services.figures import state_figures
from .access import account_of, for_those_who
from .answers import answered
from .sight import enterprise_in_sight

PAGE = 50
YEARS = range(1985, 10_000)  # that an address may name


@for_those_who(may_list_certificates)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures in sight, item by item."""
    form = FiguresFilter(request.GET)
    rows = with_file(values_matching(account_of(request), form.asked)).order_by("-figures_id", "item__place", "id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "figures/list.html", {"form": form, "page": page})


@login_required
@require_safe
def years(request: HttpRequest, uscc: str) -> HttpResponse:
    """The years of one enterprise."""
    row, today = enterprise_in_sight(request, uscc), timezone.localdate()
    shown = {
        "enterprise": row,
        "years": years_of(row).select_related("stated_by"),
        "may_state": may_state_figures(account_of(request), row),
        "offered": [today.year - back for back in range(4)],
    }
    return render(request, "figures/years.html", shown)


@login_required
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def year(request: HttpRequest, uscc: str, year: int) -> HttpResponse:
    """One year: its own applicant fills it in, everybody else reads it."""
    row, account = enterprise_in_sight(request, uscc), account_of(request)
    if year not in YEARS:
        raise Http404
    may_state = may_state_figures(account, row)
    if request.method == "POST" and not may_state:
        raise NotAllowed([Refusal("not_allowed", _("年度数据只能由企业自己填报"))])
    shown = year_of(row, year)
    form = FiguresForm(request.POST if request.method == "POST" else None, shown) if may_state else None

    def kept() -> None:
        if form:
            state_figures(row, form.said, version=form.expected_version, actor=account, at=timezone.now())

    if form and form.is_bound and form.attempt(kept):
        messages.success(request, _("年度数据已保存，并记入台账。"))
        return redirect("figures-year", uscc, year)
    context = {"enterprise": row, "year": shown, "form": form}
    return render(request, "figures/year.html", context, status=form.status if form else 200)


urlpatterns = [
    path("figures/", figures, name="figures"),
    path("enterprises/<str:uscc>/figures/", years, name="figures-years"),
    path("enterprises/<str:uscc>/figures/<int:year>/", year, name="figures-year"),
]
