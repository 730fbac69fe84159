"""Third-party certificates (/certificates/): the list, one certificate, recording, what happened, look-ups, files."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from enterprises.models import Enterprise

from ..certificate_life import Kind
from ..certificates import matching_with_counts, shown_on
from ..errors import NotAllowed, Refusal
from ..forms.certificates import CertificateFilter, CertificateForm, EventForm, LookupForm, RenewalForm, ScanForm
from ..forms.refusable import RefusableForm
from ..models import Certificate, CertificateFile, Evidence
from ..models.inputs import InputPaper
from ..rights import may_keep_certificates, may_list_certificates
from ..services.certificate_events import Act, happen, renew
from ..services.certificate_facts import correctable, may_happen
from ..services.certificate_files import file_scan, look_up, scan_of
from ..services.certificates import record_certificate
from ..services.evidence import content_of
from .access import account_of, for_those_who
from .answers import answered
from .sight import certificate_in_sight, enterprise_in_sight

PAGE = 30
BOTH = ["GET", "HEAD", "POST"]


@for_those_who(may_list_certificates)
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """The certificates in sight, by how they stand and what they need attention for."""
    today, form = timezone.localdate(), CertificateFilter(request.GET)
    account, asked = account_of(request), form.asked
    found, counts = matching_with_counts(account, asked, on=today)
    rows = found.with_file().prefetch_related("events")
    page = Paginator(rows.order_by("-id"), PAGE).get_page(request.GET.get("page"))
    shown = {
        "form": form,
        "page": page,
        "rows": shown_on(page.object_list, on=today),
        "counts": counts,
        "within": asked["due_within"],
    }
    return render(request, "certificates/list.html", shown)


@login_required
@require_safe
def certificate(request: HttpRequest, certificate_number: str) -> HttpResponse:
    """One certificate: how it stands and why, what happened to it, what may happen now."""
    return _page(request, certificate_in_sight(request, certificate_number))


def _page(request: HttpRequest, row: Certificate, **forms: RefusableForm) -> HttpResponse:
    (shown,) = shown_on([row], on=timezone.localdate())
    events = may_happen(row, on=timezone.localdate())
    context = {
        "shown": shown,
        "certificate": row,
        "events": row.events.select_related("actor", "corrects", "corrected_by"),
        "following": row.replaced_by.filter(is_annulled=False).first(),
        "lookups": row.lookups.select_related("actor", "screenshot"),
        "scan": scan_of(row),
        "may_keep": may_keep_certificates(account_of(request)),
        "may_renew": any(event.kind is Kind.RENEW for event in events),
        "event_form": EventForm(events, correctable(row)) if events else None,
        "scan_form": ScanForm(),
        "lookup_form": LookupForm(),
        **forms,
    }
    status = next((form.status for form in forms.values()), 200)
    return render(request, "certificates/one.html", context, status=status)


def _to_keep(request: HttpRequest, certificate_number: str) -> Certificate:
    """A certificate that the account may change; one that it only sees is refused."""
    row = certificate_in_sight(request, certificate_number)
    if not may_keep_certificates(account_of(request)):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以登记和变更证书"))])
    return row


@login_required
@answered
@require_http_methods(BOTH)
def record(request: HttpRequest, uscc: str) -> HttpResponse:
    """The city records a certificate of an enterprise."""
    row = _enterprise_to_certify(request, uscc)
    form = CertificateForm(request.POST if request.method == "POST" else None, initial={"holder": row.name})
    made: list[Certificate] = []

    def kept() -> None:
        made.append(record_certificate(row, form.said, actor=account_of(request), at=timezone.now()))

    if form.is_bound and form.attempt(kept):
        messages.success(request, _("证书已登记，认定已记入台账。"))
        return redirect("certificate", made[0].number)
    return _form_page(request, form, row, gettext_lazy("登记证书"))


def _enterprise_to_certify(request: HttpRequest, uscc: str) -> Enterprise:
    row = enterprise_in_sight(request, uscc)
    if not may_keep_certificates(account_of(request)):
        raise NotAllowed([Refusal("not_allowed", _("只有市局可以登记和变更证书"))])
    return row


@login_required
@answered
@require_http_methods(BOTH)
def renewal(request: HttpRequest, certificate_number: str) -> HttpResponse:
    """Re-certification: the certificate that follows."""
    row = _to_keep(request, certificate_number)
    known = {name: getattr(row, name) for name in ("holder", "holder_address", "scope_management", "scope_links")}
    form = RenewalForm(request.POST if request.method == "POST" else None, initial=known | {"body": row.body_id})
    made: list[Certificate] = []

    def kept() -> None:
        now = timezone.now()
        act = Act(timezone.localdate(now), form.cleaned_data["reason"], account_of(request), now)
        made.append(renew(row, form.said, act))

    if form.is_bound and form.attempt(kept):
        messages.success(request, _("新证书已登记，原证书自新证书发证之日起由其接续。"))
        return redirect("certificate", made[0].number)
    return _form_page(request, form, row.enterprise, gettext_lazy("再认证换发新证"), certificate=row)


def _form_page(
    request: HttpRequest, form: CertificateForm, enterprise: Enterprise, title: Any, **more: Any
) -> HttpResponse:
    shown = {"form": form, "enterprise": enterprise, "title": title, **more}
    return render(request, "certificates/record.html", shown, status=form.status)


@login_required
@answered
@require_http_methods(BOTH)
def event(request: HttpRequest, certificate_number: str) -> HttpResponse:
    """Something happened to the certificate."""
    row = _to_keep(request, certificate_number)
    if request.method != "POST":
        return redirect("certificate", certificate_number)
    form = EventForm(may_happen(row, on=timezone.localdate()), correctable(row), request.POST)

    def kept() -> None:
        said = form.cleaned_data
        act = Act(said["on"], said["reason"], account_of(request), timezone.now())
        happen(row, said["kind"], act, edition=form.said_edition, corrects=form.said_corrects)

    return _kept(request, row, _("已登记证书事项，并记入台账。"), kept, event_form=form)


@login_required
@answered
@require_http_methods(BOTH)
def lookup(request: HttpRequest, certificate_number: str) -> HttpResponse:
    """Somebody held the certificate against the national look-up."""
    row = _to_keep(request, certificate_number)
    if request.method != "POST":
        return redirect("certificate", certificate_number)
    form = LookupForm(request.POST, request.FILES)

    def kept() -> None:
        said, now = form.cleaned_data, timezone.now()
        look_up(row, said["result"], said["file"], note=said["note"], actor=account_of(request), at=now)

    return _kept(request, row, _("已登记查询核对。"), kept, lookup_form=form)


def _kept(
    request: HttpRequest, row: Certificate, done: str, service: Callable[[], None], **forms: RefusableForm
) -> HttpResponse:
    """The certificate's page again: what was done, or why not."""
    (form,) = forms.values()
    if form.attempt(service):
        messages.success(request, done)
        return redirect("certificate", row.number)
    return _page(request, row, **forms)


@login_required
@answered
@require_http_methods(BOTH)
def pdf(request: HttpRequest, certificate_number: str) -> HttpResponse:
    """The scan of the certificate; a post keeps a new one."""
    if request.method == "POST":
        row, form = _to_keep(request, certificate_number), ScanForm(request.POST, request.FILES)

        def kept() -> None:
            file_scan(row, form.cleaned_data["file"], actor=account_of(request), at=timezone.now())

        return _kept(request, row, _("证书扫描件已存档。"), kept, scan_form=form)
    found = scan_of(certificate_in_sight(request, certificate_number))
    if found is None:
        raise Http404
    return handed_out(found)


@login_required
@answered
@require_safe
def screenshot(request: HttpRequest, certificate_number: str, key: uuid.UUID) -> HttpResponse:
    """A file of a look-up."""
    row = certificate_in_sight(request, certificate_number)
    return handed_out(get_object_or_404(CertificateFile, certificate=row, pk=key))


def handed_out(row: CertificateFile | Evidence | InputPaper) -> HttpResponse:
    """The file as a download, unaltered since it was kept."""
    headers = {
        "Content-Disposition": content_disposition_header(True, row.filename) or "attachment",
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content_of(row), content_type=row.media_type, headers=headers)


urlpatterns = [
    path("certificates/", certificates, name="certificates"),
    path("certificates/<str:certificate_number>/", certificate, name="certificate"),
    path("certificates/<str:certificate_number>/events/", event, name="certificate-event"),
    path("certificates/<str:certificate_number>/renewal/", renewal, name="certificate-renewal"),
    path("certificates/<str:certificate_number>/lookups/", lookup, name="certificate-lookup"),
    path("certificates/<str:certificate_number>/pdf/", pdf, name="certificate-pdf"),
    path("certificates/<str:certificate_number>/files/<uuid:key>/", screenshot, name="certificate-file"),
    path("enterprises/<str:uscc>/certificates/", record, name="certificate-record"),
]
