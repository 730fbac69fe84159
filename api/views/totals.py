"""Figures of a plan on a day: public for the city; units and enterprises for those who read the monitor."""

from rest_framework.request import Request
from rest_framework.response import Response

from certification.totals.figures import enterprises_behind, figures
from certification.totals.series import series
from enterprises.models import ReportingUnit

from ..answers import totals
from ..answers.enterprises import unit_name
from ..base import ApiView
from ..operations import Operation, anyone
from ..pagination import PAGING, Order, paged
from ..params import code
from ..questions import BY_UNIT, QUESTION, asked_of, known_indicator, reads_monitor
from ..shapes.base import page_of
from ..shapes.totals import CountedShape, FigureShape, SeriesShape

NEWEST = Order(("start", "id"), descending=True)


class Totals(ApiView):
    """Figures of a plan."""

    tag = "totals"
    operations = {
        "GET": Operation(
            anyone,
            FigureShape(many=True),
            query=(*QUESTION, code("indicator", "Only this indicator"), BY_UNIT),
            problems=(401, 403, 404),
        )
    }

    def get(self, request: Request) -> Response:
        """The plan's indicators on a day: opening balance, gained since, value, target, completion rate."""
        question = asked_of(request, self.asked)
        wanted = known_indicator(question.plan, self.asked["indicator"])
        found = figures(question.plan, as_of=question.as_of, unit=question.unit, indicators=wanted)
        return Response([totals.figure(figure, units=question.parts(figure)) for figure in found])


class TotalSeries(ApiView):
    """A figure by month."""

    tag = "totals"
    operations = {"GET": Operation(anyone, SeriesShape, query=QUESTION, problems=(401, 403))}

    def get(self, request: Request, indicator: str) -> Response:
        """The value at each month's end up to the day, with the planned line to the plan's end."""
        question = asked_of(request, self.asked)
        version = question.version(indicator)
        points = series(version, question.plan, until=question.as_of, unit=question.unit)
        body = totals.about_series(version, question, units=unit_names() if question.unit else {})
        return Response(body | {"points": [totals.point(point) for point in points]})


def unit_names() -> dict[str, str]:
    return dict(ReportingUnit.objects.values_list("code", unit_name()))


class TotalEnterprises(ApiView):
    """The enterprises behind a figure."""

    tag = "totals"
    operations = {"GET": Operation(reads_monitor, page_of(CountedShape), query=(*QUESTION, *PAGING))}

    def get(self, request: Request, indicator: str) -> Response:
        """The enterprises counted in `gained`, newest first; `count` equals `gained`."""
        question = asked_of(request, self.asked)
        question.version(indicator)
        rows = enterprises_behind(indicator, as_of=question.as_of, unit=question.unit or question.own)
        names = unit_names()
        return paged(
            request,
            rows.values(*totals.COUNTED),
            self.asked,
            order=NEWEST,
            shape=lambda row: totals.counted(row, names),
            count=True,
        )
