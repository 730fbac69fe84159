"""The ledger (/ledger/), for the auditor: its entries, one entry with its proof, its verification."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enterprises.rights import may_read_ledger
from ledger.checkpoints import latest
from ledger.models import LedgerEntry
from ledger.notes import verifier_key
from ledger.reading import canonical_of, entries, neighbours
from ledger.verbs import Verb

from ..forms.ledger import LedgerForm
from ..ledger_words import ROLES, content_of, people, subject_words
from ..models import Job
from ..models.background import JobState
from ..services.verification import KIND, ask_for_verification, length, proof
from .access import account_of, for_those_who
from .answers import answered
from .turning import sliced

PAGE, RESULTS = 50, 20
SHOWN = ("number", "at", "verb", "subject", "enterprise", "actor", "role")
VERBS = dict(Verb.choices)
FURTHEST = 10**18


@for_those_who(may_read_ledger)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    form = LedgerForm(request.GET)
    sought = form.sought
    rows = (entries(sought) if sought else LedgerEntry.objects.none()).values(*SHOWN, id=F("number"))
    page = sliced(
        rows, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=PAGE, newest_first=True
    )
    names = people(row["actor"] for row in page.rows)
    for row in page.rows:
        row.update(_words_of(row, names))
    shown = {"form": form, "page": page, "length": length(), "checkpoint": latest()}
    return render(request, "ledger/list.html", shown, status=200 if sought else 400)


def _words_of(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    kind, code = subject_words(row["subject"])
    return {
        "verb_words": VERBS.get(row["verb"], row["verb"]),
        "role_words": ROLES.get(row["role"], row["role"]),
        "person": names.get(row["actor"], ""),
        "kind_words": kind,
        "subject_code": code,
    }


def _entry(number: int) -> LedgerEntry:
    if number > FURTHEST:  # no database has such a number
        raise Http404
    return get_object_or_404(LedgerEntry, pk=number)


@for_those_who(may_read_ledger)
@require_safe
def ledger_entry(request: HttpRequest, entry: int) -> HttpResponse:
    row = _entry(entry)
    said = {"verb": row.verb, "role": row.role, "actor": row.actor, "subject": row.subject}
    shown = {
        "entry": row,
        "canonical": canonical_of(row),
        "content": content_of(row.payload),
        "around": neighbours(row),
        "checkpoint": latest(),
        **_words_of(said, people([row.actor])),
    }
    return render(request, "ledger/entry.html", shown)


@for_those_who(may_read_ledger)
@answered
@require_safe
def ledger_proof(request: HttpRequest, entry: int) -> HttpResponse:
    """The proof as a file for verify_offline.py."""
    answer = JsonResponse(
        asdict(proof(_entry(entry), at=timezone.now())), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer["Content-Disposition"] = f'attachment; filename="ledger-{entry}-proof.json"'
    return answer


@for_those_who(may_read_ledger)
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def ledger_verify(request: HttpRequest) -> HttpResponse:
    """The verifications there were; asking for another, which the worker makes."""
    if request.method == "POST":
        ask_for_verification(actor=account_of(request), at=timezone.now())
        messages.success(request, _("已开始核验，完成后显示结果。"))
        return redirect("ledger-verify")
    jobs = list(Job.objects.filter(kind=KIND).select_related("owner").order_by("-created_at")[:RESULTS])
    running = [job for job in jobs if job.state in (JobState.QUEUED, JobState.RUNNING)]
    done = [job for job in jobs if job not in running]
    shown = {"running": running, "done": done, "length": length(), "checkpoint": latest(), "key": verifier_key()}
    response = render(request, "ledger/verify.html", shown)
    if running:
        response["Refresh"] = "3"
    return response


urlpatterns = [
    path("ledger/", ledger, name="ledger"),
    path("ledger/verify/", ledger_verify, name="ledger-verify"),
    path("ledger/<int:entry>/", ledger_entry, name="ledger-entry"),
    path("ledger/<int:entry>/proof/", ledger_proof, name="ledger-proof"),
]
