"""Certificates: those of certification bodies (recorded, with look-ups and scans) and the bureau's own (papers.py)."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from certification import certificates as theirs
from certification import documents as ours
from certification.certificate_checks import stated
from certification.certificate_life import Kind
from certification.certificates import certificates_matching
from certification.models import Certificate, CertificateFile
from certification.papers.uploads import MEDIA_TYPES
from certification.rights import may_keep_certificates
from certification.services.certificate_events import Act, happen, renew
from certification.services.certificate_files import PDF, file_scan, look_up, scan_of
from certification.services.certificates import record_certificate
from certification.services.evidence import content_of
from enterprises.identifiers import normalise_credit_code
from enterprises.models import Enterprise

from ..answers import certificates, documents
from ..base import ApiView, created, now, today
from ..files import attachment
from ..idempotency import once
from ..operations import Operation, held_by, signed_in
from ..pagination import PAGING, ordering, orders, paged, whole
from ..params import Param, choice
from ..shapes.base import page_of
from ..shapes.certificates import (
    AnyCertificate,
    AnyCertificatePageShape,
    BodyEventForm,
    CertificateEventForm,
    CertificateEventShape,
    CertificateShape,
    FileForm,
    LookupForm,
    NewCertificateForm,
    ScanShape,
)
from . import papers

MULTIPART_OVERHEAD = 64 * 1024
ORDERS = dict(reversed(orders("id").items()))
FILES = tuple(sorted(set(MEDIA_TYPES.values())))
keeps = held_by(may_keep_certificates)
ISSUER = choice("issuer", "Certification bodies, or the bureau itself", ["body", "bureau"], default="body")


def _either(name: str) -> Param:
    """A filter of one list or of both; a closed set has the values of both."""
    found = [param for param in (*theirs.FILTERS, *ours.FILTERS) if param.name == name]
    values = list(dict.fromkeys(value for param in found for value in param.choices))
    return choice(name, found[0].description, values) if values else found[0]


NAMES = {param.name for param in theirs.FILTERS}, {param.name for param in ours.FILTERS}
BOTH = tuple(map(_either, dict.fromkeys(param.name for param in (*theirs.FILTERS, *ours.FILTERS))))


def visible(request: Request, number: str) -> Certificate:
    """The certificate, if the caller may see it; of one recorded anew, the one that stands."""
    found = Certificate.objects.visible_to(request.user).numbered(number).with_file().first()
    if found is None:
        raise Http404
    return found


def answered(request: Request, row: Certificate, *, status: int = 200) -> Response:
    """The certificate as the caller now sees it."""
    body = certificates.full(visible(request, row.number), to=request.user, on=today())
    return created(body, f"/api/v1/certificates/{row.number}/") if status == 201 else Response(body)


class CertificateList(ApiView):
    """Certificates within the caller's scope."""

    tag = "certificates"
    operations = {
        "GET": Operation(signed_in, AnyCertificatePageShape, query=(ISSUER, *BOTH, ordering(ORDERS), *PAGING)),
        "POST": Operation(keeps, CertificateShape, body=NewCertificateForm, status=201, problems=(404, 409)),
    }

    def get(self, request: Request) -> Response:
        """The certificates that the caller may see, with how each stands today."""
        order = ORDERS[self.asked["ordering"]]
        if self.asked["issuer"] == "bureau":
            papers.only_of("bureau", self, NAMES[0] - NAMES[1])
            return papers.listed(self, request, order)
        papers.only_of("body", self, NAMES[1] - NAMES[0])
        rows = certificates_matching(request.user, self.asked, on=today()).with_file().prefetch_related("events")
        return paged(request, rows, self.asked, order=order, shape=certificates.row_on(today()))

    @once
    def post(self, request: Request) -> Response:
        """Record a certificate that a body issued, with the achievement of its day."""
        given = self.body(request)
        uscc = normalise_credit_code(given.pop("enterprise"))
        enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), uscc=uscc)
        row = record_certificate(enterprise, stated(given), actor=request.user, at=now())
        return answered(request, row, status=201)


class CertificateDetail(ApiView):
    """One certificate."""

    tag = "certificates"
    operations = {"GET": Operation(signed_in, AnyCertificate)}

    def get(self, request: Request, number: str) -> Response:
        """The certificate with its events, its look-ups and what may happen to it now."""
        if own := papers.paper(request, number):
            return papers.shown(request, own)
        return answered(request, visible(request, number))


class CertificateEvents(ApiView):
    """What happened to a certificate."""

    tag = "certificates"
    operations = {
        "GET": Operation(signed_in, page_of(CertificateEventShape)),
        "POST": Operation(keeps, AnyCertificate, body=CertificateEventForm, status=201, problems=(404, 409)),
    }

    def get(self, request: Request, number: str) -> Response:
        """The events in the order of their days."""
        if own := papers.paper(request, number):
            return whole([documents.event(row) for row in own.events.all()])
        return whole([certificates.event(row) for row in certificates.events_of(visible(request, number))])

    @once
    def post(self, request: Request, number: str) -> Response:
        """Say what happened; where another takes its place (`renew`, `supersede`), the answer is that one."""
        if own := papers.paper(request, number):
            return papers.changed(self, request, own)
        row, given = visible(request, number), self.body(request, BodyEventForm)
        act = Act(given.get("on") or today(), given["reason"], request.user, now())
        if given["kind"] == Kind.RENEW:
            return answered(request, renew(row, stated(given["certificate"]), act), status=201)
        happen(row, given["kind"], act, edition=given.get("edition", ""), corrects=given.get("corrects"))
        return answered(request, row, status=201)


class CertificateLookups(ApiView):
    """Look-ups of a certificate."""

    tag = "certificates"
    parser_classes = [MultiPartParser]
    max_body_bytes = settings.EVIDENCE_MAX_BYTES + MULTIPART_OVERHEAD
    operations = {"POST": Operation(keeps, CertificateShape, body=LookupForm, status=201, problems=(404, 409))}

    @once
    def post(self, request: Request, number: str) -> Response:
        """Keep that the certificate was held against the national look-up, with the screenshot."""
        papers.refuse_ours(request, number)
        row, given = visible(request, number), self.body(request)
        look_up(row, given["result"], given.get("file"), note=given.get("note", ""), actor=request.user, at=now())
        return answered(request, row, status=201)


class CertificateScan(ApiView):
    """The scan of a certificate."""

    tag = "certificates"
    parser_classes = [MultiPartParser]
    max_body_bytes = settings.EVIDENCE_MAX_BYTES + MULTIPART_OVERHEAD
    operations = {
        "GET": Operation(signed_in, OpenApiTypes.BINARY, problems=(409,), media=(PDF,)),
        "POST": Operation(keeps, ScanShape, body=FileForm, status=201, problems=(404, 409)),
    }

    def get(self, request: Request, number: str) -> HttpResponse:
        """The scan, or the bureau's own file, as an attachment; altered or not made yet: 409."""
        if own := papers.paper(request, number):
            return papers.file(own)
        found = scan_of(visible(request, number))
        if found is None:
            raise Http404
        return attachment(content_of(found), filename=found.filename, media_type=found.media_type)

    @once
    def post(self, request: Request, number: str) -> Response:
        """Keep a scan (PDF); the earlier ones stay on file."""
        papers.refuse_ours(request, number)
        row, given = visible(request, number), self.body(request)
        kept = file_scan(row, given["file"], actor=request.user, at=now())
        return created(certificates.scan(kept), f"/api/v1/certificates/{row.number}/pdf/")


class CertificateFileView(ApiView):
    """A screenshot of a look-up."""

    tag = "certificates"
    operations = {"GET": Operation(signed_in, OpenApiTypes.BINARY, problems=(409,), media=FILES)}

    def get(self, request: Request, number: str, key: UUID) -> HttpResponse:
        """The file as an attachment."""
        row = get_object_or_404(CertificateFile, certificate=visible(request, number), pk=key)
        return attachment(content_of(row), filename=row.filename, media_type=row.media_type)
