"""Public notices: anybody reads them, and repeats their draws."""

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.models import PublicNotice

from ..answers import notices
from ..base import ApiView
from ..operations import Operation, anyone
from ..pagination import PAGING, ordering, orders, paged
from ..shapes.base import page_of
from ..shapes.notices import PublicNoticeRowShape, PublicNoticeShape

NEWEST = dict(reversed(orders("id").items()))


class NoticeList(ApiView):
    """Public notices of results."""

    tag = "notices"
    operations = {"GET": Operation(anyone, page_of(PublicNoticeRowShape), query=(ordering(NEWEST), *PAGING))}

    def get(self, request: Request) -> Response:
        """The notices, the newest first."""
        rows = PublicNotice.objects.select_related("batch")
        return paged(request, rows, self.asked, order=NEWEST[self.asked["ordering"]], shape=notices.row)


class NoticeDetail(ApiView):
    """One public notice."""

    tag = "notices"
    operations = {"GET": Operation(anyone, PublicNoticeShape)}

    def get(self, request: Request, code: str) -> Response:
        """The results that passed, the seed, and what the draws are repeated from (docs/repeat_draw.py)."""
        found = get_object_or_404(PublicNotice.objects.select_related("batch"), number=code)
        return Response(notices.notice(found))
