"""Taking a list away from its page (/exports/): at once, or by a job whose progress is shown."""

from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from enterprises.models import Account

from ..errors import Refused
from ..exports.handing import hand_over, hand_over_file
from ..exports.jobs import UNDER_WAY, own_export, own_exports, queue_export, ready
from ..exports.listings import LISTINGS
from ..exports.making import made_at_once, order
from ..models import Job
from .access import account_of, for_those_who
from .answers import answered, refusal_page

EVERY_SECONDS = 3


def signed_in(account: Account) -> bool:
    """Anybody with an account: whose export it is decides the rest."""
    return True


@answered
@require_GET
def export(request: HttpRequest, kind: str, form: str) -> HttpResponseBase:
    """The list with the filters of its page; strangers sign in first, unless the list is public."""
    listing = LISTINGS.get(kind)
    if listing is None:
        raise Http404
    if not listing.allows(request.user):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied
    now = timezone.now()
    asked = order(kind, form, as_typed(request.GET), account=request.user, at=now)
    made = made_at_once(asked)
    return hand_over(request, asked, made, at=now) if made else redirect("export", queue_export(asked).pk)


def as_typed(given: QueryDict) -> QueryDict:
    """What a page's form sends, as a filter is written: nothing for what was left empty."""
    filled = given.copy()
    for name in list(filled):
        if filled.getlist(name) == [""]:
            del filled[name]
    return filled


@for_those_who(signed_in)
@require_GET
def progress(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """How far a long export is; the page looks again by itself until it is done."""
    account = account_of(request)
    job = own_export(account, key)
    others = [named(each) for each in own_exports(account) if each.pk != key][:10]
    response = render(request, "exports/progress.html", {"job": job, **named(job), "others": others})
    if job.state in UNDER_WAY:
        response["Refresh"] = str(EVERY_SECONDS)
    return response


def named(job: Job) -> dict[str, object]:
    """An export with the name of its list."""
    return {"job": job, "list_name": LISTINGS[job.arguments["kind"]].name, "form": job.arguments["form"]}


@for_those_who(signed_in)
@require_GET
def file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The file, in the role and scope in which it was asked for."""
    job = own_export(account_of(request), key)
    try:
        return hand_over_file(request, ready(job), at=timezone.now())
    except Refused as refused:
        return refusal_page(request, refused, reverse("export", args=[key]))


urlpatterns = [
    path("exports/<slug:kind>.<str:form>", export, name="export-list"),
    path("exports/<uuid:key>/", progress, name="export"),
    path("exports/<uuid:key>/file/", file, name="export-file"),
]
