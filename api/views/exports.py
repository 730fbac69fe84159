"""Lists to take away: one address per list, with the list's own filters and right; long ones are made by a job."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from certification.exports.handing import hand_over, hand_over_file
from certification.exports.jobs import own_export, queue_export, ready
from certification.exports.listing import Listing
from certification.exports.listings import LISTINGS
from certification.exports.making import made_at_once, order
from certification.exports.sheets import MEDIA_TYPES

from ..base import ApiView, now
from ..operations import Operation, Right, anyone, signed_in
from ..shapes.totals import QueuedShape

MEDIA = tuple(kind.partition(";")[0] for kind in MEDIA_TYPES.values())


class Export(ApiView):
    """A list as CSV or xlsx."""

    tag = "exports"
    kind = ""

    def get(self, request: Request, form: str) -> HttpResponseBase:
        """The whole list with these filters, as the caller may see it; a list too long for a request is queued (202):
        watch the job, then take the file at `exports/files/{id}/` with the job's id."""
        asked = order(self.kind, form, request.GET, account=request.user, at=now())
        made = made_at_once(asked)
        if made is not None:
            return hand_over(request._request, asked, made, at=now())
        job = queue_export(asked)
        return Response({"job": job.pk}, status=202, headers={"Location": f"/api/v1/jobs/{job.pk}/"})


class ExportFile(ApiView):
    """The file of a long export."""

    tag = "exports"
    operations = {"GET": Operation(signed_in, OpenApiTypes.BINARY, media=MEDIA, problems=(409,))}

    def get(self, request: Request, key: UUID) -> HttpResponse:
        """The file, for who asked for it, in the role and scope in which they asked (403 after a change of either)."""
        return hand_over_file(request._request, ready(own_export(request.user, key)), at=now())


def right_to(listing: Listing) -> Right:
    return anyone if listing.is_public else listing.allows


def view_of(listing: Listing) -> type[Export]:
    """The view of one list."""
    name = "Export" + "".join(part.title() for part in listing.kind.split("-"))
    operation = Operation(
        right_to(listing),
        OpenApiTypes.BINARY,
        query=listing.filters,
        media=MEDIA,
        later=QueuedShape,
        problems=(401, 403, 404, 409),
    )
    body: dict[str, Any] = {"__module__": __name__, "__doc__": f"The list `{listing.kind}` as CSV or xlsx."}
    return type(name, (Export,), body | {"kind": listing.kind, "operations": {"GET": operation}})


def routes() -> list[URLPattern]:
    """The addresses of all lists, `exports/{kind}.csv` and `.xlsx`."""
    return [path(f"exports/{kind}.<sheet:form>", view_of(listing).as_view()) for kind, listing in LISTINGS.items()]
