"""Histories: what was changed in a file and in an application, and what two submissions say differently."""

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.exports.listings.histories import FILTERS
from certification.history.changes import application_changes, enterprise_changes
from certification.history.compared import compared, pair, submissions
from certification.models import Application
from certification.services.rulebooks import rules_for
from enterprises.models import Enterprise

from ..answers import history
from ..base import ApiView, today
from ..operations import Operation, signed_in
from ..pagination import PAGING, ordering, orders, paged
from ..params import number
from ..shapes.base import page_of
from ..shapes.history import ApplicationEditShape, ComparisonShape, EnterpriseEditShape

ORDERS = dict(reversed(orders("id").items()))
MOST_SUBMISSIONS = 9999


class EnterpriseEdits(ApiView):
    """The changes of an enterprise's file."""

    tag = "enterprises"
    operations = {
        "GET": Operation(signed_in, page_of(EnterpriseEditShape), query=(*FILTERS, ordering(ORDERS), *PAGING))
    }

    def get(self, request: Request, uscc: str) -> Response:
        """Every change with before and after, who, when and from where, the newest first."""
        row = get_object_or_404(Enterprise.objects.visible_to(request.user), uscc=uscc)
        asked = {name: self.asked[name] for name in ("field", "since", "until")}
        rows = enterprise_changes(row, **asked)
        order = ORDERS[self.asked["ordering"]]
        return paged(request, rows, self.asked, order=order, shape=history.enterprise_edit(request.user))


class ApplicationEdits(ApiView):
    """The edits of an application."""

    tag = "applications"
    operations = {"GET": Operation(signed_in, page_of(ApplicationEditShape), query=(ordering(ORDERS), *PAGING))}

    def get(self, request: Request, number: str) -> Response:
        """To the applicant every edit; to others what each submission came to say, compared with the one before."""
        row = get_object_or_404(Application.objects.visible_to(request.user), number=number)
        shape = history.application_edit(rules_for(row, on=today()), request.user)
        order = ORDERS[self.asked["ordering"]]
        return paged(request, application_changes(row, request.user), self.asked, order=order, shape=shape)


class ApplicationComparison(ApiView):
    """Two submissions of an application."""

    tag = "applications"
    operations = {
        "GET": Operation(
            signed_in,
            ComparisonShape,
            query=(
                number("from", "Number of the earlier submission; the one before `to`", most=MOST_SUBMISSIONS),
                number("to", "Number of the later submission; the last one", most=MOST_SUBMISSIONS),
            ),
        )
    }

    def get(self, request: Request, number: str) -> Response:
        """What the later submission says otherwise than the earlier: fields, modules, papers."""
        row = get_object_or_404(Application.objects.visible_to(request.user), number=number)
        known = submissions(row)
        numbers, found = pair(known, self.asked["from"], self.asked["to"]), None
        if numbers:
            earlier, later = (known[each - 1] for each in numbers)
            found = compared(row, earlier, later, rules_for(row, on=today()))
        return Response(history.comparison(known, numbers, found))
