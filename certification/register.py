"""The register of enterprises as it is searched: by name, place, qualification and what was achieved."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from enterprises.models import Account, Enterprise, HighTechPeriod
from enterprises.querysets import EnterpriseQuerySet

from .models import Achievement

CERTIFICATION = "guanbiao.certification"
CERTIFIED_CHOICES = ("valid", "expired", "none")


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
        rows = rows.filter(is_high_tech=wanted.is_high_tech)
    if wanted.stage:
        rows = rows.filter(Exists(_in_force(wanted.stage, on)))
    return _certified(rows, wanted.certified, on) if wanted.certified else rows


def high_tech(*, on: date) -> Exists:
    """Whether an enterprise holds a high-tech certificate on a day."""
    return Exists(HighTechPeriod.objects.filter(enterprise=OuterRef("pk")).in_force(on=on))


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
