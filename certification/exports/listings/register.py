"""The register: what everybody sees of all enterprises, and what staff and applicants see of theirs."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.models import InnovationTier

from ...parameters import choice
from ...register import FILTERS, enterprises_matching, entries, public_matching, shown, wanted_of
from ...wording import unit_column
from ..columns import Column, Columns, Kind
from ..listing import Asked, Listing, anyone_signed_in

ORDERING = choice("ordering", "Order of the rows", ["id", "-id", "uscc", "-uscc"], default="id")
ON_PAGE = ("search", "reporting_unit", "stage", "is_high_tech")
USCC = Column("uscc", _("统一社会信用代码"), Kind.CODE)
NAME = Column("name", _("企业名称"))
HIGH_TECH = Column("is_high_tech", _("高新技术企业"), Kind.FLAG)
TIERS = {tier.value: tier.label for tier in InnovationTier}


REGISTER = Columns(
    [
        NAME,
        USCC,
        Column("place", _("所在地")),
        Column("stages", _("现行有效的认定"), take=lambda row: gettext("、").join(row["stages"])),
        HIGH_TECH,
    ],
    on_page=("name", "uscc", "place", "stages"),
)
ENTERPRISES = Columns(
    [
        USCC,
        NAME,
        Column("reporting_unit", _("统计单元"), take=lambda row: row["unit"]),
        Column("township", _("所在区划"), take=lambda row: row["town"]),
        Column("township_code", _("乡镇街道代码"), Kind.CODE, lambda row: row["township_id"]),
        HIGH_TECH,
        Column("innovation_tier", _("十百千"), take=lambda row: TIERS[row["innovation_tier"]]),
        Column("has_rd_institution", _("自主研发机构"), Kind.FLAG),
        Column("industry", _("行业代码"), Kind.CODE),
        Column("established_on", _("成立日期"), Kind.DATE),
        Column("registered_at", _("登记时间"), Kind.MOMENT),
        Column("is_demo", _("演示数据"), Kind.FLAG),
    ]
)


def _register(asked: Asked) -> "QuerySet[Any]":
    return public_matching(wanted_of(asked.values), on=asked.on).order_by("pk")


def _register_rows(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    return entries(list(shown(rows)), on=asked.on)


def _enterprises(asked: Asked) -> "QuerySet[Any]":
    return enterprises_matching(asked.account, wanted_of(asked.values), on=asked.on).order_by(asked.values["ordering"])


def _enterprise_rows(rows: "QuerySet[Any]", asked: Asked) -> Iterable[dict[str, Any]]:
    plain = ("id", "uscc", "name", "township_id", "industry", "established_on", "has_rd_institution")
    named = {"town": F("township__name"), "unit": F(f"reporting_unit__{unit_column()}")}
    return rows.values(*plain, "innovation_tier", "is_high_tech", "is_demo", "registered_at", **named)


LISTINGS = (
    Listing(
        "register",
        _("企业名录"),
        REGISTER,
        rows=_register,
        load=_register_rows,
        may=anyone_signed_in,
        filters=tuple(param for param in FILTERS if param.name in ON_PAGE),
    ),
    Listing(
        "enterprises",
        _("辖内企业"),
        ENTERPRISES,
        rows=_enterprises,
        load=_enterprise_rows,
        may=anyone_signed_in,
        filters=(*FILTERS, ORDERING),
    ),
)
