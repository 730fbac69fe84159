"""Public notices (公示公告): the list, and a lasting page for each, with what its draws are repeated from."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..models import ExpertField, PublicNotice
from ..panel_views import notice_view, public_notices
from ..public_draws import draws_of, seed_of
from ..wording import named


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    return render(request, "public/notices.html", {"notices": public_notices(on=timezone.localdate())})


@require_safe
def notice(request: HttpRequest, number: str) -> HttpResponse:
    found = get_object_or_404(PublicNotice.objects.select_related("batch__sheet"), number=number)
    shown = {"shown": notice_view(found, on=timezone.localdate()), "seed": seed_of(found), "draws": draws_of(found)}
    shown["fields"] = {field.code: named(field) for field in ExpertField.objects.all()}
    return render(request, "public/notice.html", shown)


urlpatterns = [
    path("notices/", notices, name="notices"),
    path("notices/<slug:number>/", notice, name="notice"),
]
