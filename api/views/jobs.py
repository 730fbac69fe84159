"""Work that takes longer than a request."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.models import Job
from certification.services.jobs import queue_job
from enterprises.rights import may_recount

from ..answers import ledger
from ..base import ApiView, now
from ..idempotency import once
from ..operations import Operation, held_by, signed_in
from ..shapes.base import Nothing
from ..shapes.totals import JobShape, QueuedShape


class Recount(ApiView):
    """Asking for a full recount."""

    tag = "totals"
    operations = {"POST": Operation(held_by(may_recount), QueuedShape, body=Nothing, status=202)}

    @once
    def post(self, request: Request) -> Response:
        """Queue a full recount of all totals from the achievements; differences are reported and repaired."""
        self.body(request)
        job = queue_job("recount", owner=request.user, at=now())
        return Response({"job": job.pk}, status=202, headers={"Location": f"/api/v1/jobs/{job.pk}/"})


class JobDetail(ApiView):
    """A job of the caller's."""

    tag = "totals"
    operations = {"GET": Operation(signed_in, JobShape)}

    def get(self, request: Request, key: UUID) -> Response:
        """How far a job is, and its result."""
        return Response(ledger.job(get_object_or_404(Job, pk=key, owner=request.user)))
