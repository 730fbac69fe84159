"""Saved filters (/filters/): kept from a list, renamed, made the default, removed. Everybody has their own only."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ..forms.filters import FilterChangeForm, FilterForm
from ..forms.refusable import RefusableForm
from ..models import FilteredList, SavedFilter
from ..services.filters import change_filter, filters_of, may_save_filters, remove_filter, save_filter
from .access import account_of, for_those_who
from .answers import answered

PAGES = {FilteredList.REVIEWS: "reviews", FilteredList.ENTERPRISES: "enterprise-list"}


def address_of(row: SavedFilter) -> str:
    """The list narrowed by the filter."""
    return f"{reverse(PAGES[FilteredList(row.list)])}?{urlencode(row.query)}"


def chips(request: HttpRequest, of: str) -> dict[str, object]:
    """What a list's page shows of saved filters: each with its address, and what would be kept now."""
    user = request.user
    is_staff = user.is_authenticated and may_save_filters(user)
    rows = filters_of(user, of) if is_staff else []
    asked = {name: request.GET[name] for name in request.GET if name not in ("page", "after", "before")}
    asked = {name: value for name, value in asked.items() if value}
    shown = [(row, address_of(row), row.query == asked) for row in rows]
    return {"list": of, "shown": shown, "query": urlencode(asked), "may_save": is_staff}


def default_address(request: HttpRequest, found: dict[str, object]) -> str:
    """Where the list opens that was asked for without any parameter; empty: as it is."""
    if request.GET:
        return ""
    rows: list[tuple[SavedFilter, str, bool]] = found["shown"]  # type: ignore[assignment]
    return next((address for row, address, _is_on in rows if row.is_default and row.query), "")


@for_those_who(may_save_filters)
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def saved(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, None)
    account, form, kept = account_of(request), FilterForm(request.POST), list[SavedFilter]()

    def keep() -> None:
        said = form.cleaned_data
        options = {"at": timezone.now(), "is_default": said["is_default"]}
        kept.append(save_filter(account, said["list"], said["name"], form.parameters, **options))

    if form.attempt(keep):
        messages.success(request, _("已保存为“%(name)s”。") % {"name": kept[0].name})
        return redirect(address_of(kept[0]))
    return _page(request, form)


@for_those_who(may_save_filters)
@answered
@require_POST
def change(request: HttpRequest, key: int) -> HttpResponse:
    row = get_object_or_404(SavedFilter, owner=account_of(request), pk=key)
    form = FilterChangeForm(request.POST)

    def make() -> None:
        if form.cleaned_data["action"] == "remove":
            remove_filter(row)
        else:
            change_filter(row, **form.changes)

    return redirect("filters") if form.attempt(make) else _page(request, form)


def _page(request: HttpRequest, form: RefusableForm | None) -> HttpResponse:
    account = account_of(request)
    groups = [(str(of.label), [(row, address_of(row)) for row in filters_of(account, of)]) for of in FilteredList]
    errors = [text for texts in form.errors.values() for text in texts] if form else []
    shown = {"groups": groups, "refusals": form.refusals if form else (), "errors": errors}
    return render(request, "filters/saved.html", shown, status=form.status if form else HTTPStatus.OK)
