"""A person's messages (/notifications/): read, opened, marked as read. Nobody sees those of others."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ..models import Message
from ..notices.inbox import mark_all_read, mark_read
from ..notices.wording import put_into_words
from .access import account_of, for_those_who
from .turning import sliced

PAGE = 20
UNREAD = "unread"
for_the_signed_in = for_those_who(lambda account: True)


@for_the_signed_in
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    account, only_unread = account_of(request), request.GET.get("show") == UNREAD
    rows = Message.objects.visible_to(account)
    page = sliced(
        (rows.unread() if only_unread else rows).values(),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=PAGE,
        newest_first=True,
    )
    letters = put_into_words([Message(**row) for row in page.rows], account)
    return render(request, "notifications/list.html", {"letters": letters, "page": page, "only_unread": only_unread})


@for_the_signed_in
@require_safe
def notification(request: HttpRequest, key: int) -> HttpResponse:
    """Opening a message leads to what it is about, and it has been read."""
    row = _own(request, key)
    if request.method == "GET":
        mark_read(row, at=timezone.now())
    path = put_into_words([row], account_of(request))[0].path
    return redirect(path or reverse("notifications"))


@for_the_signed_in
@require_POST
def read(request: HttpRequest, key: int) -> HttpResponse:
    mark_read(_own(request, key), at=timezone.now())
    return _back(request)


@for_the_signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_all_read(account_of(request), at=timezone.now())
    messages.success(request, _("已将全部通知标为已读。"))
    return _back(request)


def _own(request: HttpRequest, key: int) -> Message:
    return get_object_or_404(Message.objects.visible_to(account_of(request)), pk=key)


def _back(request: HttpRequest) -> HttpResponse:
    only_unread = request.POST.get("show") == UNREAD
    return redirect(reverse("notifications") + (f"?show={UNREAD}" if only_unread else ""))


urlpatterns = [
    path("notifications/", notifications, name="notifications"),
    path("notifications/read/", read_all, name="notifications-read"),
    path("notifications/<int:key>/", notification, name="notification"),
    path("notifications/<int:key>/read/", read, name="notification-read"),
]
