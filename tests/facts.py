"""Makers of the inputs of eligibility for tests; everything goes through the services."""

from datetime import date
from typing import Any

from certification.inputs.credit_stated import StatedCheck
from certification.inputs.figure_rules import StatedFigures
from certification.inputs.priority_stated import StatedPriority
from certification.models import CreditCheck, Priority, YearFigures
from certification.services.credit import record_check
from certification.services.figures import state_figures
from certification.services.input_facts import Act
from certification.services.priorities import record_priority
from enterprises.models import Account, Enterprise
from enterprises.roles import Role

from . import factories

CHECK: dict[str, Any] = {"source": "credit_china", "result": "clear", "checked_on": date(2026, 9, 1)}


def act(by: Account | None = None, ground: str = "") -> Act:
    return Act(by or factories.account(Role.CITY_REVIEWER), factories.NOW, ground)


def check(of: Enterprise | None = None, *, by: Account | None = None, upload: Any = None, **said: Any) -> CreditCheck:
    """A clear look-up, recorded by the city; `said` changes what it says."""
    asked = StatedCheck(**{**CHECK, **said})
    return record_check(of or factories.enterprise(), asked, act(by), upload)


PRIORITY: dict[str, Any] = {
    "kind": "industry_chain",
    "value": "轨道交通",
    "valid_from": date(2024, 1, 1),
    "valid_until": date(2026, 12, 31),
    "document": "常工信〔2024〕1号",
}


def priority(of: Enterprise | None = None, *, by: Account | None = None, upload: Any = None, **said: Any) -> Priority:
    """A place in an industry chain, recorded by the city; `said` changes what it says."""
    asked = StatedPriority(**{**PRIORITY, **said})
    return record_priority(of or factories.enterprise(), asked, act(by), upload)


FIGURES = {
    "invention_applied": "12",
    "staff": "200",
    "rd_staff": "40",
    "sales_revenue": "8000.50",
    "own_ip_share": "62.5",
}


def figures(
    of: Enterprise | None = None, year: int = 2025, *, by: Account | None = None, at: Any = factories.NOW, **said: Any
) -> YearFigures:
    """A year as its enterprise states it; `said`: values by item, `explained` and `why`."""
    owner = of or factories.enterprise()
    explained, why = said.pop("explained", {}), said.pop("why", "")
    asked = StatedFigures(year, {**FIGURES, **said}, explained, why)
    return state_figures(owner, asked, version=None, actor=by or factories.applicant(owner), at=at)
