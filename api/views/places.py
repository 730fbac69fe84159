"""Divisions and reporting units: public."""

from rest_framework.request import Request
from rest_framework.response import Response

from certification.exports.listings.places import DIVISION_FILTERS, divisions
from enterprises.models import DivisionUnit, ReportingUnit

from ..answers import places
from ..base import ApiView, today
from ..operations import Operation, anyone
from ..pagination import PAGING, Order, paged, whole
from ..params import day
from ..shapes.base import page_of
from ..shapes.places import DivisionShape, ReportingUnitShape

BY_CODE = Order(("code",))


class Divisions(ApiView):
    """Statutory divisions."""

    tag = "places"
    operations = {
        "GET": Operation(
            anyone,
            page_of(DivisionShape),
            query=(*DIVISION_FILTERS, *PAGING),
        )
    }

    def get(self, request: Request) -> Response:
        """Divisions with their dates and the reporting units that they report through."""
        return paged(request, divisions(self.asked), self.asked, order=BY_CODE, shape=places.division)


class ReportingUnits(ApiView):
    """Reporting units."""

    tag = "places"
    operations = {
        "GET": Operation(
            anyone,
            page_of(ReportingUnitShape),
            query=(day("on", "Only units through which a division reports on this day (default: today)"),),
        )
    }

    def get(self, request: Request) -> Response:
        """The units that report to the city, in their order."""
        reporting = DivisionUnit.objects.in_force(on=self.asked["on"] or today())
        rows = ReportingUnit.objects.filter(pk__in=reporting.values("unit")).prefetch_related("division_periods")
        return whole([places.reporting_unit(unit) for unit in rows])
