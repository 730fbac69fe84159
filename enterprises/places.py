"""Which unit a division reports through on a day, and which divisions exist on it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from ledger.prepared import Given, Prepared, Question, Row

from .errors import refuse
from .models import Division, DivisionUnit, Enterprise, EnterpriseLocation, HighTechPeriod, ReportingUnit
from .models.place import DivisionLevel


def divisions_on(day: date) -> QuerySet[Division]:
    """Divisions that exist on a day; a date that the source does not state counts as open."""
    began = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    lasts = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    return Division.objects.filter(began, lasts)


def townships_on(day: date) -> QuerySet[Division]:
    return divisions_on(day).filter(level=DivisionLevel.TOWNSHIP)


def unit_of_division(division: Division, *, on: date) -> ReportingUnit:
    """The reporting unit of a division on a day; before its first stated day, its first unit."""
    periods = DivisionUnit.objects.filter(division=division).select_related("unit")
    period = periods.in_force(on=on).first() or periods.order_by("valid_from").first()
    if period is None:
        raise refuse(
            "division_without_unit",
            _("区划 %(code)s %(name)s 没有对应的统计单元") % {"code": division.code, "name": division.name},
            field="township",
            remedy=_("请填写 9 位乡镇（街道）代码，或所在辖市区的 6 位代码"),
        )
    return period.unit


def find_division(code: str, *, on: date) -> Division:
    """The division with this code, which must exist on the day."""
    if not code.strip():
        remedy = _("请选择，或填写 9 位代码")
        raise refuse("township_missing", _("未填所在乡镇（街道）"), field="township", remedy=remedy)
    division = Division.objects.filter(code=code.strip()).exclude(level=DivisionLevel.CITY).first()
    if division is None:
        message = _("区划代码“%(code)s”不存在") % {"code": code}
        raise refuse("unknown_division", message, field="township", remedy=_("请使用 9 位乡镇（街道）代码"))
    if division.valid_to and division.valid_to < on:
        said = {"code": division.code, "name": division.name, "day": division.valid_to}
        message = _("区划 %(code)s %(name)s 已于 %(day)s 撤销") % said
        raise refuse("division_ended", message, field="township", remedy=_("请改用现行区划代码"))
    return division


class Place(NamedTuple):
    """Where an enterprise was on a day, and whether it was a high-tech enterprise then."""

    township_id: str
    reporting_unit_id: str
    was_high_tech: bool


def place_of(enterprise: Enterprise, *, on: date) -> Question[Place]:
    """As of a day; before its first known place, that first place."""

    def place(found: Sequence[list[Row]]) -> Place:
        (rows,) = found
        if not rows:
            raise EnterpriseLocation.DoesNotExist(enterprise.uscc)
        return Place(*rows[0])

    return Question([_PLACES.given(enterprise=enterprise.pk, on=on)], place)


def _places() -> "QuerySet[EnterpriseLocation, Row]":
    """The place of the day first, then the earliest."""
    enterprise, day = Given("enterprise"), Given("on")
    that_day = EnterpriseLocation.objects.filter(pk=OuterRef("pk")).in_force(on=day)
    high_tech = HighTechPeriod.objects.filter(enterprise=enterprise).in_force(on=day)
    rows = EnterpriseLocation.objects.filter(enterprise=enterprise).annotate(was_high_tech=Exists(high_tech))
    return rows.order_by(Exists(that_day).desc(), "valid_from").values_list(*Place._fields)[:1]


_PLACES = Prepared(_places)
