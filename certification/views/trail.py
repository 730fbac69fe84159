"""The audit trail (/audit/), for the auditor and the security administrator; lockouts, which the latter releases."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from enterprises.models import AuditEvent, EventKind
from enterprises.rights import may_read_ledger, may_read_trail, may_release_lockouts
from enterprises.roles import Role
from enterprises.services.lockouts import lockouts, release_lockout
from enterprises.trail import events, summary

from ..forms.trail import TrailForm
from ..ledger_words import people
from ..trail_words import accounts_in, detail_words
from .access import account_of, for_those_who
from .answers import answered
from .turning import Slice, sliced

PAGE = 50
SHOWN = ("id", "at", "kind", "account__username", "role", "address", "method", "path", "status", "request_id", "detail")
NAMES = {"kind": dict(EventKind.choices), "role": dict(Role.choices)}
FURTHEST = 2**63


@for_those_who(may_read_trail)
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    form, account, now = TrailForm(request.GET), account_of(request), timezone.now()
    sought = form.sought
    shown = {
        "form": form,
        "page": _worded(_page(request, events(sought) if sought else AuditEvent.objects.none())),
        "summary": summary(at=now),
        "lockouts": lockouts(at=now),
        "may_release": may_release_lockouts(account),
        "reads_ledger": may_read_ledger(account),
    }
    return render(request, "officers/trail.html", shown, status=200 if sought else 400)


def _page(request: HttpRequest, rows: Any) -> Slice:
    asked = request.GET
    return sliced(
        rows.values(*SHOWN),
        after=asked.get("after", ""),
        before=asked.get("before", ""),
        size=PAGE,
        newest_first=True,
    )


def _worded(page: Slice) -> Slice:
    names = people(code for row in page.rows for code in accounts_in(row["detail"]))
    for row in page.rows:
        row.update(kind_words=NAMES["kind"].get(row["kind"], ""), role_words=NAMES["role"].get(row["role"], ""))
        row["detail_words"] = detail_words(row["detail"], names)
    return page


@for_those_who(may_release_lockouts)
@answered
@require_POST
def release(request: HttpRequest, lockout: int) -> HttpResponse:
    release_lockout(min(lockout, FURTHEST - 1), actor=account_of(request), at=timezone.now())
    messages.success(request, _("已解除锁定，可以重新登录。"))
    return redirect("audit")


urlpatterns = [
    path("audit/", trail, name="audit"),
    path("audit/lockouts/<int:lockout>/release/", release, name="lockout-release"),
]
