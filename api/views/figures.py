"""Yearly figures: stated by the enterprise's own applicant, read by everybody in whose sight it lies."""

from rest_framework.request import Request
from rest_framework.response import Response

from certification.inputs.figure_rows import FILTERS, values_matching, with_file, year_of
from certification.inputs.figure_rules import StatedFigures
from certification.models import FigureItem
from certification.services.figures import state_figures
from enterprises.rights import is_applicant

from ..answers import figures
from ..base import ApiView, now
from ..operations import Operation, held_by, signed_in
from ..pagination import PAGING, ordering, orders, paged, whole
from ..shapes.base import page_of
from ..shapes.figures import FigureItemShape, FigureRowShape, YearFiguresForm, YearFiguresShape
from .fact_views import enterprise_seen

ORDERS = dict(reversed(orders("id").items()))
TAG = "figures"


class FigureList(ApiView):
    """Yearly figures within the caller's scope."""

    tag = TAG
    operations = {"GET": Operation(signed_in, page_of(FigureRowShape), query=(*FILTERS, ordering(ORDERS), *PAGING))}

    def get(self, request: Request) -> Response:
        """The figures that the caller may see, item by item."""
        rows = with_file(values_matching(request.user, self.asked))
        return paged(request, rows, self.asked, order=ORDERS[self.asked["ordering"]], shape=figures.value)


class EnterpriseFigures(ApiView):
    """The figures of one enterprise and year."""

    tag = TAG
    operations = {
        "GET": Operation(signed_in, YearFiguresShape),
        "PUT": Operation(held_by(is_applicant), YearFiguresShape, body=YearFiguresForm, problems=(404, 409)),
    }

    def get(self, request: Request, uscc: str, year: int) -> Response:
        """The version in force with last year's values, and the versions before it."""
        row = enterprise_seen(request, uscc)
        return Response(figures.year(row, year_of(row, year)))

    def put(self, request: Request, uscc: str, year: int) -> Response:
        """State the whole year anew, as a new version."""
        row, given = enterprise_seen(request, uscc), self.body(request)
        said = StatedFigures(year, given["values"], given.get("explained", {}), given.get("why", ""))
        state_figures(row, said, version=given["version"], actor=request.user, at=now())
        return Response(figures.year(row, year_of(row, year)))


class FigureItems(ApiView):
    """The items of the yearly figures."""

    tag = TAG
    operations = {"GET": Operation(signed_in, page_of(FigureItemShape))}

    def get(self, request: Request) -> Response:
        """All of them, those out of use too."""
        return whole([figures.item(row) for row in FigureItem.objects.all()])
