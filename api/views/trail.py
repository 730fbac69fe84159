"""The audit trail, for the auditor and the security administrator."""

from rest_framework.request import Request
from rest_framework.response import Response

from certification.exports.listings.officers import TRAIL_FILTERS, sought_by
from enterprises.rights import may_read_trail
from enterprises.trail import events

from ..answers import trail
from ..base import ApiView
from ..operations import Operation, held_by
from ..pagination import PAGING, ordering, orders, paged
from ..shapes.base import page_of
from ..shapes.trail import EventShape

ORDERS = dict(reversed(orders("id").items()))  # the newest first


class Audit(ApiView):
    """Logins and refusals."""

    tag = "audit"
    operations = {
        "GET": Operation(
            held_by(may_read_trail), page_of(EventShape), query=(*TRAIL_FILTERS, ordering(ORDERS), *PAGING)
        )
    }

    def get(self, request: Request) -> Response:
        """The events, the newest first."""
        rows = events(sought_by(self.asked)).select_related("account")
        return paged(request, rows, self.asked, order=ORDERS[self.asked["ordering"]], shape=trail.event)
