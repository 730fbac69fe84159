"""Tables of rules, applications, achievements, plan figures and background work."""

from .achievement import Achievement, EndReason
from .application import Application, ApplicationStep, Decision, NumberSeries
from .background import CalendarDay, Heartbeat, Job
from .bench import ImportFault, ImportFile, ImportKind, ImportRow, ImportState, ImportSum
from .certificate import Certificate, CertificateEvent, CertificateFile, EditionTerms, LookupCheck
from .evidence import Evidence
from .history import ApplicationChange, Part
from .message import Delivery, Message, MessageCheckpoint, MessageWording
from .organisation import Advising, Organisation
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
from .saved_filter import FilteredList, SavedFilter
from .totals import DayTotal, Span, Total, TotalsCheckpoint

__all__ = [
    "Achievement",
    "Advising",
    "Application",
    "ApplicationChange",
    "ApplicationStep",
    "CalendarDay",
    "Certificate",
    "CertificateEvent",
    "CertificateFile",
    "DayTotal",
    "Decision",
    "Delivery",
    "Edition",
    "EditionTerms",
    "EndReason",
    "Evidence",
    "EvidenceRule",
    "FieldRule",
    "FilteredList",
    "Heartbeat",
    "ImportFault",
    "ImportFile",
    "ImportKind",
    "ImportRow",
    "ImportState",
    "ImportSum",
    "Indicator",
    "IndicatorVersion",
    "Job",
    "LookupCheck",
    "Message",
    "MessageCheckpoint",
    "MessageWording",
    "ModuleItem",
    "NumberSeries",
    "Organisation",
    "OutcomeRow",
    "Part",
    "Plan",
    "RouteStep",
    "Rulebook",
    "SavedFilter",
    "Span",
    "StageRule",
    "Total",
    "TotalsCheckpoint",
    "WaitRule",
]
