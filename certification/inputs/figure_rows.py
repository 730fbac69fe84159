"""The yearly figures (年度数据) of a caller's sight; a year of one enterprise with last year's beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from enterprises.models import Account, Enterprise

from ..models import FigureItem, FigureValue, YearFigures
from ..parameters import choice, code, number, text
from ..services.figures import latest, used_by, values_of
from ..wording import worded

VERSIONS = ("latest", "all")
FILTERS = (
    number("year", "Year of the figures", most=9999),
    code("item", "Item"),
    code("reporting_unit", "Reporting unit of the enterprise"),
    code("enterprise", "Credit code"),
    choice("versions", "The versions in force, or those before them too", VERSIONS, default="latest"),
    text("search", "Fragment of the enterprise's name"),
)


def visible_figures(account: Account | Any) -> "QuerySet[YearFigures]":
    """The yearly figures of the enterprises in sight."""
    seen = Enterprise.objects.visible_to(account).order_by()
    return YearFigures.objects.filter(enterprise__in=seen)


def values_matching(account: Any, asked: Mapping[str, Any]) -> "QuerySet[FigureValue]":
    """What the values of FILTERS leave of the figures that the account may see, item by item."""
    seen = Enterprise.objects.visible_to(account).order_by()
    rows = FigureValue.objects.filter(figures__enterprise__in=seen)
    columns = {
        "year": "figures__year",
        "item": "item",
        "reporting_unit": "figures__enterprise__reporting_unit",
        "enterprise": "figures__enterprise__uscc",
        "search": "figures__enterprise__name__contains",
    }
    rows = rows.filter(**{column: asked[name] for name, column in columns.items() if asked[name]})
    return rows if asked["versions"] == "all" else rows.filter(figures__is_latest=True)


def with_file(rows: "QuerySet[FigureValue]") -> "QuerySet[FigureValue]":
    """With what a list row shows, in one question."""
    owner = "figures__enterprise"
    private = (f"{owner}__contact_name", f"{owner}__contact_phone")
    return rows.select_related(f"{owner}__reporting_unit", "item").defer(*private)


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a year; None: not stated. `before`: last year's."""

    item: FigureItem
    value: Decimal | None
    before: Decimal | None
    explained: str


@dataclass(frozen=True, slots=True)
class Year:
    """A year of one enterprise: the version in force (None: there is none), its lines, which application used it."""

    year: int
    figures: YearFigures | None
    lines: Sequence[Line]
    used_by: str
    versions: Sequence[YearFigures]

    @property
    def version(self) -> int:
        return self.figures.version if self.figures else 0

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """The lines under the headings of their items."""
        names = groupby(self.lines, key=lambda line: worded((line.item.group_zh, line.item.group_en)))
        return [(name, list(lines)) for name, lines in names]


def year_of(enterprise: Enterprise, year: int) -> Year:
    """The figures of a year; items out of use are shown where they were stated."""
    row = latest(enterprise, year)
    stated = {each.item_id: each for each in FigureValue.objects.filter(figures=row)} if row else {}
    before = values_of(latest(enterprise, year - 1))
    items = [item for item in FigureItem.objects.all() if item.is_active or item.pk in stated]
    lines = [_line(item, stated.get(item.pk), before.get(item.pk)) for item in items]
    versions = YearFigures.objects.filter(enterprise=enterprise, year=year).select_related("stated_by")
    return Year(year, row, lines, used_by(enterprise, year), list(versions.order_by("-version")))


def _line(item: FigureItem, stated: FigureValue | None, before: Decimal | None) -> Line:
    return Line(item, stated.value if stated else None, before, stated.explained if stated else "")


def years_of(enterprise: Enterprise) -> "QuerySet[YearFigures]":
    """The versions in force of one enterprise, the latest year first."""
    return YearFigures.objects.filter(enterprise=enterprise, is_latest=True).order_by("-year")
