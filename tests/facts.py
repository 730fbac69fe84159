"""Makers of the inputs of eligibility for tests; everything goes through the services."""

from datetime import date
from typing import Any

from certification.inputs.credit_stated import StatedCheck
from certification.inputs.priority_stated import StatedPriority
from certification.models import CreditCheck, Priority
from certification.services.credit import record_check
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
