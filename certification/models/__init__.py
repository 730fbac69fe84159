"""Tables of rules, applications, achievements, plan figures and background work."""

from .achievement import Achievement, EndReason
from .application import Application, ApplicationStep, Decision, NumberSeries
from .background import CalendarDay, Heartbeat, Job
from .evidence import Evidence
from .plan import Indicator, IndicatorVersion, OutcomeRow, Plan
from .rulebook import (
    Edition,
    EvidenceRule,
    FieldRule,
    ModuleItem,
    RouteStep,
    Rulebook,
    StageRule,
    WaitRule,
)
from .totals import Span, Total, TotalsCheckpoint

__all__ = [
    "Achievement",
    "Application",
    "ApplicationStep",
    "CalendarDay",
    "Decision",
    "Edition",
    "EndReason",
    "Evidence",
    "EvidenceRule",
    "FieldRule",
    "Heartbeat",
    "Indicator",
    "IndicatorVersion",
    "Job",
    "ModuleItem",
    "NumberSeries",
    "OutcomeRow",
    "Plan",
    "RouteStep",
    "Rulebook",
    "Span",
    "StageRule",
    "Total",
    "TotalsCheckpoint",
    "WaitRule",
]
