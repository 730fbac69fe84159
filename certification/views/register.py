"""The public register and one enterprise's file (一企一档)."""

import json

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from enterprises.models import Account, ReportingUnit
from enterprises.rights import is_city_reviewer
from enterprises.search import MIN_FRAGMENT

from ..files import full_file, public_file
from ..linked import MEDIA_TYPE, linked_data
from ..models import FilteredList
from ..parameters import FORBIDDEN
from ..register import COUNTED_TO, Wanted, counted, entries, public_matching, shown
from ..stages import STAGES
from ..wording import named
from .filters import chips, default_address
from .turning import sliced

PAGE = 30


def wanted_by(asked: QueryDict) -> Wanted:
    """The filters of the address; an unknown value finds nothing."""
    return Wanted(
        search=asked.get("search", "").strip(),
        reporting_unit=_code(asked, "reporting_unit"),
        stage=_code(asked, "stage"),
        is_high_tech=True if asked.get("is_high_tech") == "1" else None,
    )


def _code(asked: QueryDict, name: str) -> str:
    """A code as it was asked for; PostgreSQL would refuse to look for a NUL."""
    return FORBIDDEN.sub("?", asked.get(name, ""))


@require_safe
def enterprise_list(request: HttpRequest) -> HttpResponse:
    today, wanted, filters = timezone.localdate(), wanted_by(request.GET), chips(request, FilteredList.ENTERPRISES)
    if opened := default_address(request, filters):
        return redirect(opened)
    rows = public_matching(wanted, on=today)
    page = sliced(shown(rows), after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=PAGE)
    context = {
        "wanted": wanted,
        "is_too_short": 0 < len(wanted.search) < MIN_FRAGMENT,
        "page": page,
        "filters": filters,
        "entries": entries(page.rows, on=today),
        "count": counted(rows),
        "count_limit": COUNTED_TO,
        "units": [(unit.pk, named(unit)) for unit in ReportingUnit.objects.all()],
        "stages": [(code, named(stage)) for code, stage in STAGES.items()],
        "may_register": isinstance(request.user, Account) and is_city_reviewer(request.user),
    }
    return render(request, "public/enterprise_list.html", context)


@require_safe
def enterprise_file(request: HttpRequest, uscc: str) -> HttpResponse:
    today = timezone.localdate()
    public = public_file(uscc, on=today)
    if public is None:
        raise Http404
    address = request.build_absolute_uri(reverse("enterprise-file", args=[public.enterprise.uscc]))
    shown = {"file": public, "full": full_file(public, request.user, on=today), "address": address}
    return render(request, "public/enterprise_file.html", shown)


@require_safe
def enterprise_data(request: HttpRequest, uscc: str) -> HttpResponse:
    """The public page of an enterprise as linked data, the same for every reader."""
    public = public_file(uscc, on=timezone.localdate())
    if public is None:
        raise Http404
    address = request.build_absolute_uri(reverse("enterprise-file", args=[public.enterprise.uscc]))
    said = json.dumps(linked_data(public, address=address), ensure_ascii=False, indent=1)
    return HttpResponse(said, content_type=MEDIA_TYPE)
