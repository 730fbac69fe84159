"""The register of enterprises as it is searched: by name, place, qualification and what was achieved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from enterprises.models import Account, Enterprise, HighTechPeriod, InnovationTier
from enterprises.querysets import EnterpriseQuerySet

from .models import Achievement
from .parameters import boolean, choice, code, text
from .stages import STAGES
from .wording import named, reads_english

CERTIFICATION = "guanbiao.certification"
CERTIFIED_CHOICES = ("valid", "expired", "none")
COUNTED_TO = 1000
SHOWN = ("id", "uscc", "name", "is_high_tech", "township__name", "reporting_unit__name_zh", "reporting_unit__name_en")


FILTERS = (
    text(
        "search",
        "Fragment of a present or past name, of its pinyin initials, or of the credit code; 2 characters or more",
    ),
    code("reporting_unit", "Reporting unit of today"),
    code("township", "Division of today"),
    choice("stage", "Stage that is in force today", list(STAGES)),
    boolean("is_high_tech", "High-tech enterprise today"),
    choice("innovation_tier", "Category of the Ten–Hundred–Thousand programme", InnovationTier.values),
    choice("certified", "National certification: in force, had once but no longer, never", CERTIFIED_CHOICES),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; an empty value does not narrow.

    `stage`: reached and in force. `certified`: national certification in force (valid), had once but no
    longer (expired), never (none).
    """

    search: str = ""
    reporting_unit: str = ""
    township: str = ""
    stage: str = ""
    is_high_tech: bool | None = None
    innovation_tier: str = ""
    certified: str = ""


def wanted_of(asked: Mapping[str, Any]) -> Wanted:
    """What the values of FILTERS ask for."""
    given = {each.name: asked.get(each.name) for each in fields(Wanted)}
    return Wanted(**{name: value for name, value in given.items() if value is not None})


def enterprises_matching(account: Account, wanted: Wanted, *, on: date) -> "QuerySet[Enterprise]":
    """The enterprises that the account may see and that fit on a day, with `is_high_tech` of that day."""
    return _matching(Enterprise.objects.visible_to(account), wanted, on)


def public_matching(wanted: Wanted, *, on: date) -> "QuerySet[Enterprise]":
    """The same search over the public columns of all enterprises."""
    return _matching(Enterprise.objects.public(), wanted, on)


def _matching(visible: EnterpriseQuerySet, wanted: Wanted, on: date) -> "QuerySet[Enterprise]":
    found = visible.found_by(wanted.search) if wanted.search else visible
    rows = found.annotate(is_high_tech=high_tech(on=on))
    plain = {
        "reporting_unit": wanted.reporting_unit,
        "township": wanted.township,
        "innovation_tier": wanted.innovation_tier,
    }
    rows = rows.filter(**{column: value for column, value in plain.items() if value})
    if wanted.is_high_tech is not None:
        rows = rows.filter(Exists(_periods(on)) if wanted.is_high_tech else ~Exists(_periods(on)))
    if wanted.stage:
        rows = rows.filter(Exists(_in_force(wanted.stage, on)))
    return _certified(rows, wanted.certified, on) if wanted.certified else rows


def high_tech(*, on: date) -> Coalesce:
    """Whether an enterprise holds a high-tech certificate on a day: a column.

    Not EXISTS: PostgreSQL would read all certificates into a hash table for the few rows of a page.
    """
    return Coalesce(Subquery(_periods(on).values_list(Value(True))[:1]), False)


def _periods(on: date) -> "QuerySet[HighTechPeriod]":
    return HighTechPeriod.objects.filter(enterprise=OuterRef("pk")).in_force(on=on)


def _in_force(stage: str, on: date) -> "QuerySet[Achievement]":
    return Achievement.objects.filter(enterprise=OuterRef("pk"), stage=stage).in_force(on=on)


def _certified(rows: "QuerySet[Enterprise]", wanted: str, on: date) -> "QuerySet[Enterprise]":
    valid = Exists(_in_force(CERTIFICATION, on))
    ever = Exists(Achievement.objects.filter(enterprise=OuterRef("pk"), stage=CERTIFICATION).counting(on=on))
    match wanted:
        case "valid":
            return rows.filter(valid)
        case "expired":
            return rows.filter(ever).exclude(valid)
    return rows.exclude(ever)


def counted(rows: "QuerySet[Any]") -> int:
    """How many there are; COUNTED_TO + 1 stands for "more"."""
    return rows.order_by().values("pk")[: COUNTED_TO + 1].count()


def shown(rows: "QuerySet[Enterprise]") -> "QuerySet[Any]":
    """What the list shows of each, as dictionaries straight from the database: no model instance."""
    columns: QuerySet[Any] = rows.values(*SHOWN)
    return columns


def entries(rows: Sequence[dict[str, Any]], *, on: date) -> list[dict[str, Any]]:
    """The shown rows of one page with their `place` and the names of the `stages` they hold, in one query for all."""
    held: dict[int, dict[str, str]] = {row["id"]: {} for row in rows}
    names = {code: named(stage) for code, stage in STAGES.items()}
    facts = Achievement.objects.filter(enterprise__in=held).in_force(on=on).order_by("effective_on")
    for pk, stage in facts.values_list("enterprise_id", "stage"):
        held[pk].setdefault(stage, names.get(stage, stage))
    unit = "reporting_unit__name_en" if reads_english() else "reporting_unit__name_zh"
    return [{**row, "place": _place(row, row[unit]), "stages": held[row["id"]].values()} for row in rows]


def _place(row: dict[str, Any], unit: str) -> str:
    """The reporting unit, and the township where it is not the unit itself."""
    town: str = row["township__name"]
    return unit if town == row["reporting_unit__name_zh"] else f"{unit} {town}"
