"""What the caller was told, and that it was read."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.exports.listings.bench import NOTICE_FILTERS, notices
from certification.models import Message
from certification.notices.inbox import mark_all_read, mark_read
from certification.notices.wording import put_into_words

from ..answers.notifications import message
from ..base import ApiView, now
from ..idempotency import once
from ..operations import Operation, signed_in
from ..pagination import PAGING, ordering, orders, paged
from ..shapes.base import Nothing, page_of
from ..shapes.notifications import NotificationShape, ReadShape

ORDERS = dict(reversed(orders("id").items()))  # the newest first


class Notifications(ApiView):
    """The caller's own messages."""

    tag = "notifications"
    operations = {
        "GET": Operation(signed_in, page_of(NotificationShape), query=(*NOTICE_FILTERS, ordering(ORDERS), *PAGING)),
    }

    def get(self, request: Request) -> Response:
        """The caller's messages, the newest first."""
        rows = notices(request.user, self.asked)
        answer = paged(request, rows, self.asked, order=ORDERS[self.asked["ordering"]])
        answer.data["results"] = _worded(answer.data["results"], request)
        return answer


class NotificationRead(ApiView):
    """Marking one message as read."""

    tag = "notifications"
    operations = {"POST": Operation(signed_in, NotificationShape, body=Nothing)}

    @once
    def post(self, request: Request, key: int) -> Response:
        """Mark a message as read; doing it again changes nothing."""
        self.body(request)
        own = Message.objects.visible_to(request.user)
        mark_read(get_object_or_404(own, pk=key), at=now())
        return Response(_worded([own.get(pk=key)], request)[0])


class NotificationsRead(ApiView):
    """Marking everything as read."""

    tag = "notifications"
    operations = {"POST": Operation(signed_in, ReadShape, body=Nothing)}

    @once
    def post(self, request: Request) -> Response:
        """Mark all of the caller's messages as read; how many were not."""
        self.body(request)
        return Response({"read": mark_all_read(request.user, at=now())})


def _worded(rows: Sequence[Message], request: Request) -> list[dict[str, Any]]:
    return [message(letter) for letter in put_into_words(rows, request.user)]
