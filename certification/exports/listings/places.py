"""Divisions, reporting units and programmes: public."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.models import Division, DivisionUnit, ReportingUnit
from enterprises.models.place import DivisionLevel
from enterprises.places import divisions_on

from ...parameters import choice, code, day
from ...stages import PROGRAMME_NAMES, STAGES, Programme
from ...wording import named, worded
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

DIVISION_FILTERS = (
    day("on", "Only divisions that exist on this day; without it all, with their dates"),
    choice("level", "Level", DivisionLevel.values),
    code("parent", "Code of the division above"),
)
UNITS = Prefetch("unit_periods", DivisionUnit.objects.select_related("unit").order_by("valid_from"))


def divisions(asked: Any) -> Any:
    """The divisions that the values of DIVISION_FILTERS leave, with their units."""
    rows = divisions_on(asked["on"]) if asked["on"] else Division.objects.all()
    narrowed = {name: asked[name] for name in ("level", "parent") if asked[name]}
    return rows.filter(**narrowed).prefetch_related(UNITS)


def _unit_periods(row: Division) -> str:
    return gettext("；").join(
        f"{named(each.unit)} {each.valid_from}–{each.valid_to or ''}" for each in row.unit_periods.all()
    )


def _units(asked: Asked) -> Sequence[ReportingUnit]:
    reporting = DivisionUnit.objects.in_force(on=asked.values["on"] or asked.on)
    return list(ReportingUnit.objects.filter(pk__in=reporting.values("unit")))


def _stages(programme: Programme) -> str:
    return gettext("、").join(named(stage) for stage in STAGES.values() if stage.programme == programme)


LISTINGS = (
    Listing(
        "divisions",
        _("区划"),
        Columns(
            [
                Column("code", _("区划代码"), Kind.CODE),
                Column("name", _("名称")),
                Column("level", _("级别"), take=lambda row: row.get_level_display()),
                Column("parent", _("上级"), Kind.CODE, lambda row: row.parent_id or ""),
                Column("valid_from", _("起始日"), Kind.DATE),
                Column("valid_to", _("截止日"), Kind.DATE),
                Column("units", _("统计单元"), take=_unit_periods),
            ]
        ),
        rows=lambda asked: list(divisions(asked.values).order_by("code")),
        may=anyone_signed_in,
        filters=DIVISION_FILTERS,
        is_public=True,
    ),
    Listing(
        "reporting-units",
        _("统计单元"),
        Columns(
            [
                Column("code", _("代码"), Kind.CODE),
                Column("name", _("名称"), take=named),
                Column("order", _("次序"), Kind.INTEGER),
            ]
        ),
        rows=_units,
        may=anyone_signed_in,
        filters=(day("on", "Only units through which a division reports on this day (default: today)"),),
        is_public=True,
    ),
    Listing(
        "programmes",
        _("事项目录"),
        Columns(
            [
                Column("code", _("代码"), Kind.CODE, lambda row: row.value),
                Column("name", _("名称"), take=lambda row: worded(PROGRAMME_NAMES[row])),
                Column("stages", _("阶段"), take=_stages),
            ]
        ),
        rows=lambda asked: list(Programme),
        may=anyone_signed_in,
        is_public=True,
    ),
)
