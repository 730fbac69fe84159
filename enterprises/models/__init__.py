"""Tables of accounts, places and enterprises."""

from .account import Account, DeclaredInterest
from .enterprise import (
    Enterprise,
    EnterpriseChange,
    EnterpriseLocation,
    EnterpriseName,
    EnterpriseSearch,
    HighTechPeriod,
    InnovationTier,
)
from .grant import GrantKind, GrantState, RoleGrant
from .place import Division, DivisionUnit, ReportingUnit
from .second_factor import RecoveryCode, SecondFactor
from .trail import AuditEvent, EventKind

__all__ = [
    "Account",
    "AuditEvent",
    "DeclaredInterest",
    "Division",
    "DivisionUnit",
    "Enterprise",
    "EnterpriseChange",
    "EnterpriseLocation",
    "EnterpriseName",
    "EnterpriseSearch",
    "EventKind",
    "GrantKind",
    "GrantState",
    "HighTechPeriod",
    "InnovationTier",
    "RecoveryCode",
    "ReportingUnit",
    "RoleGrant",
    "SecondFactor",
]
