"""Tables of rules, applications, achievements, plan figures and background work."""

from .achievement import Achievement, EndReason
from .application import Application, ApplicationStep, Decision, NumberSeries
from .background import CalendarDay, Heartbeat, Job
from .batch import Batch, BatchState, NoticeLine, NoticeTerms, PublicNotice
from .bench import ImportFault, ImportFile, ImportKind, ImportRow, ImportState, ImportSum
from .certificate import Certificate, CertificateEvent, CertificateFile, EditionTerms, LookupCheck
from .document import Document, DocumentEvent, DocumentState, DocumentWording
from .evaluation import Evaluation, EvaluationState, PanelResult, Score, SelfScore, SiteVisit
from .evidence import Evidence
from .expert import Expert, ExpertField
from .figures import FigureItem, FigureValue, YearFigures
from .finding import Finding, FindingAnswer, FindingStatus, ProposedFinding, Severity
from .history import ApplicationChange, Part
from .inputs import CreditCheck, CreditPaper, CreditResult, CreditSource, Priority, PriorityKind, PriorityPaper
from .message import Delivery, Message, MessageCheckpoint, MessageWording
from .organisation import Advising, Organisation
from .plan import Indicator, IndicatorVersion, OutcomeRow, Plan
from .rulebook import (
    Edition,
    EvidenceRule,
    FieldRule,
    ModuleItem,
    PanelRule,
    RouteStep,
    Rulebook,
    StageRule,
    WaitRule,
)
from .saved_filter import FilteredList, SavedFilter
from .selection import BatchTerms, FrozenCopy, LateEntry, Recommended, Seal, TriedSetting
from .sheet import ScoreSheet, SheetItem
from .title import Guidance, Reexamination, TitleDocument, TitleLevel, TitleTerms
from .totals import DayTotal, Span, Total, TotalsCheckpoint

__all__ = [
    "Achievement",
    "Advising",
    "Application",
    "ApplicationChange",
    "ApplicationStep",
    "Batch",
    "BatchState",
    "BatchTerms",
    "CalendarDay",
    "Certificate",
    "CertificateEvent",
    "CertificateFile",
    "CreditCheck",
    "CreditPaper",
    "CreditResult",
    "CreditSource",
    "DayTotal",
    "Decision",
    "Delivery",
    "Document",
    "DocumentEvent",
    "DocumentState",
    "DocumentWording",
    "Edition",
    "EditionTerms",
    "EndReason",
    "Evaluation",
    "EvaluationState",
    "Evidence",
    "EvidenceRule",
    "Expert",
    "ExpertField",
    "FieldRule",
    "FigureItem",
    "FigureValue",
    "FilteredList",
    "Finding",
    "FindingAnswer",
    "FindingStatus",
    "FrozenCopy",
    "Guidance",
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
    "LateEntry",
    "LookupCheck",
    "Message",
    "MessageCheckpoint",
    "MessageWording",
    "ModuleItem",
    "NoticeLine",
    "NoticeTerms",
    "NumberSeries",
    "Organisation",
    "OutcomeRow",
    "PanelResult",
    "PanelRule",
    "Part",
    "Plan",
    "Priority",
    "PriorityKind",
    "PriorityPaper",
    "ProposedFinding",
    "PublicNotice",
    "Recommended",
    "Reexamination",
    "RouteStep",
    "Rulebook",
    "SavedFilter",
    "Score",
    "ScoreSheet",
    "Seal",
    "SelfScore",
    "Severity",
    "SheetItem",
    "SiteVisit",
    "Span",
    "StageRule",
    "TitleDocument",
    "TitleLevel",
    "TitleTerms",
    "Total",
    "TotalsCheckpoint",
    "TriedSetting",
    "WaitRule",
    "YearFigures",
]
