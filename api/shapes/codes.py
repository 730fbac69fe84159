"""The closed sets of codes that shapes use; the API's description names them (SPECTACULAR_SETTINGS)."""

from django.conf import settings

from certification.certificate_life import EVENTS, Standing
from certification.certificates import Attention
from certification.document_life import ACTS
from certification.document_life import Standing as PaperStanding
from certification.gates import GATES
from certification.inputs.credit_life import CreditStanding
from certification.inputs.states import STATES
from certification.models import BatchState, EndReason, EvaluationState, TitleLevel
from certification.models.background import JobState
from certification.models.bench import Effect, ImportKind, ImportState
from certification.models.certificate import LookupResult, Route
from certification.models.document import DocumentState
from certification.models.evaluation import Grade
from certification.models.finding import FindingStatus, Severity
from certification.models.history import Part
from certification.models.inputs import CreditResult
from certification.models.plan import Comparator, ComputedFrom, IndicatorKind
from certification.models.rulebook import EvidenceGroup, FieldKind
from certification.models.saved_filter import FilteredList
from certification.models.sheet import ItemLevel
from certification.notices.kinds import KINDS
from certification.paperwork import Kind as PaperKind
from certification.programmes import TITLES
from certification.services.batch_acts import BATCH_ACTS
from certification.services.uploaded import Finding
from certification.stages import ACTIONS, Level, Programme, Status
from certification.title_life import Standing as TitleStanding
from enterprises.models import EventKind, InnovationTier
from enterprises.models.place import DivisionLevel
from enterprises.origin import Channel
from enterprises.roles import Role
from ledger.record import SYSTEM
from ledger.verbs import Verb

from ..labels import COVER_STATE_NAMES, FIGURE_STATUS_NAMES, TIMELINE_KIND_NAMES

ACTION_CODES = list(ACTIONS)
ATTENTIONS = [each.value for each in Attention]
BATCH_ACTIONS = list(BATCH_ACTS)
BATCH_STATES = list(BatchState.values)
BULK_ACTION_CODES = list(settings.BULK_ACTIONS)
BODY_EVENTS = [kind.value for kind in EVENTS]
CERTIFICATE_EVENTS = list(dict.fromkeys([*BODY_EVENTS, *ACTS]))
CERTIFICATE_ROUTES = list(Route.values)
CHANNELS = list(Channel.values)
COMPARATORS = list(Comparator.values)
COVER_STATES = list(COVER_STATE_NAMES)
CREDIT_RESULTS = list(CreditResult.values)
CREDIT_STANDINGS = [standing.value for standing in CreditStanding]
DIVISION_LEVELS = list(DivisionLevel.values)
EFFECTS = list(Effect.values)
EVALUATION_ACTIONS = ["recuse"]
EVALUATION_STATES = list(EvaluationState.values)
EVENT_KINDS = list(EventKind.values)
EVIDENCE_GROUPS = list(EvidenceGroup.values)
FINDING_STATUSES = list(FindingStatus.values)
FIELD_KINDS = list(FieldKind.values)
FILTERED_LISTS = list(FilteredList.values)
FIGURE_SOURCES = list(ComputedFrom.values)
FIGURE_STATUSES = list(FIGURE_STATUS_NAMES)
GATE_CODES = list(GATES)
GRADES = list(Grade.values)
IMPORT_KINDS = list(ImportKind.values)
IMPORT_STATES = list(ImportState.values)
INPUT_STATES = list(STATES)
INDICATOR_KINDS = list(IndicatorKind.values)
ITEM_LEVELS = list(ItemLevel.values)
JOB_STATES = list(JobState.values)
LEVELS = [level.value for level in Level]
LOOKUP_RESULTS = list(LookupResult.values)
MESSAGE_KINDS = list(KINDS)
PAPER_EVENTS = list(ACTS)
PAPER_FINDINGS = [finding.value for finding in Finding]
PAPER_KINDS = [kind.value for kind in PaperKind]
PAPER_STANDINGS = [standing.value for standing in PaperStanding]
PAPER_STATES = list(DocumentState.values)
PARTS = list(Part.values)
PROGRAMMES = [programme.value for programme in Programme]
ROLES = list(Role.values)
ACTING_ROLES = [*ROLES, SYSTEM.role]
STANDINGS = [standing.value for standing in Standing]
SEVERITIES = list(Severity.values)
STATUSES = [status.value for status in Status]
TIERS = list(InnovationTier.values)
TIMELINE_KINDS = list(TIMELINE_KIND_NAMES)
TITLE_ENDINGS = list(EndReason.values)
TITLE_LEVELS = list(TitleLevel.values)
TITLE_STAGES = list(TITLES)
TITLE_STANDINGS = [standing.value for standing in TitleStanding]
VERBS = list(Verb.values)
