"""Divisions and reporting units: public."""

from django.db.models import Prefetch
from rest_framework.request import Request
from rest_framework.response import Response

from enterprises.models import Division, DivisionUnit, ReportingUnit
from enterprises.models.place import DivisionLevel
from enterprises.places import divisions_on

from ..answers import places
from ..base import ApiView, today
from ..operations import Operation, anyone
from ..pagination import PAGING, Order, paged, whole
from ..params import choice, code, day
from ..shapes.base import page_of
from ..shapes.places import DivisionShape, ReportingUnitShape

BY_CODE = Order(("code",))
UNITS = Prefetch("unit_periods", DivisionUnit.objects.select_related("unit").order_by("valid_from"))


class Divisions(ApiView):
    """Statutory divisions."""

    tag = "places"
    operations = {
        "GET": Operation(
            anyone,
            page_of(DivisionShape),
            query=(
                day("on", "Only divisions that exist on this day; without it all, with their dates"),
                choice("level", "Level", DivisionLevel.values),
                code("parent", "Code of the division above"),
                *PAGING,
            ),
        )
    }

    def get(self, request: Request) -> Response:
        """Divisions with their dates and the reporting units that they report through."""
        on = self.asked["on"]
        rows = divisions_on(on) if on else Division.objects.all()
        narrowed = {name: self.asked[name] for name in ("level", "parent") if self.asked[name]}
        found = rows.filter(**narrowed).prefetch_related(UNITS)
        return paged(request, found, self.asked, order=BY_CODE, shape=places.division)


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
        rows = ReportingUnit.objects.filter(pk__in=reporting.values("unit"))
        return whole([places.reporting_unit(unit) for unit in rows])
