"""Organisations that certify or advise, and which one advised which enterprise."""

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.models import Advising, Organisation
from certification.services.advising import begin_advising, end_advising

from ..answers import certificates
from ..base import ApiView, created, now
from ..idempotency import once
from ..operations import Operation, signed_in
from ..pagination import whole
from ..shapes.base import page_of
from ..shapes.certificates import AdviserEndForm, AdviserForm, AdviserShape, OrganisationShape
from .enterprises import visible


class Organisations(ApiView):
    """Certification bodies and advisers."""

    tag = "certificates"
    operations = {"GET": Operation(signed_in, page_of(OrganisationShape))}

    def get(self, request: Request) -> Response:
        """The table that the city keeps."""
        return whole([certificates.organisation(row) for row in Organisation.objects.order_by("code")])


class EnterpriseAdvisers(ApiView):
    """Who advised an enterprise."""

    tag = "enterprises"
    operations = {
        "GET": Operation(signed_in, page_of(AdviserShape)),
        "POST": Operation(signed_in, AdviserShape, body=AdviserForm, status=201, problems=(409,)),
    }

    def get(self, request: Request, uscc: str) -> Response:
        """The organisations with their days, the latest first."""
        rows = Advising.objects.filter(enterprise=visible(request, uscc)).select_related("organisation")
        return whole([certificates.adviser(row) for row in rows])

    @once
    def post(self, request: Request, uscc: str) -> Response:
        """Register that an organisation advises the enterprise: neither certifies it nor judges it."""
        row, given = visible(request, uscc), self.body(request)
        organisation = Organisation.objects.filter(pk=given.pop("organisation")).first()
        made = begin_advising(row, organisation, **given, actor=request.user, at=now())
        return created(certificates.adviser(made), request.path)


class EnterpriseAdviserEnd(ApiView):
    """Ending advising."""

    tag = "enterprises"
    operations = {"POST": Operation(signed_in, AdviserShape, body=AdviserEndForm, problems=(409,))}

    @once
    def post(self, request: Request, uscc: str, key: int) -> Response:
        """The organisation advises the enterprise no longer."""
        row = get_object_or_404(
            Advising.objects.select_related("organisation"), enterprise=visible(request, uscc), pk=key
        )
        ended = end_advising(row, **self.body(request), actor=request.user, at=now())
        return Response(certificates.adviser(ended))
